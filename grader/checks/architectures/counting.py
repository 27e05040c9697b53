"""Hidden checks of task 2."""
