"""Hidden checks of the assignment `toolkit`."""
