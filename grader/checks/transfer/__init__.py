"""Hidden checks of the assignment `transfer`, one module for each task."""
