"""Public checks: what `python -m exercises check convolution` runs, one module for each task."""
