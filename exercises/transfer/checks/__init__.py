"""Public checks: what `python -m exercises check transfer` runs, one module for each task."""
