"""Public checks of the assignment `toolkit`."""
