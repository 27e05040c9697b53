"""Hidden checks of the assignment `convolution`, one module for each task."""
