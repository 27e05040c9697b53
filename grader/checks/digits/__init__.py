"""Hidden checks of the assignment `digits`, one module for each task."""
