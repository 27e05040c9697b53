"""Public checks: what `python -m exercises check digits` runs, one module for each task."""
