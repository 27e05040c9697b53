"""Hidden checks of the assignment `architectures`, one module for each task."""
