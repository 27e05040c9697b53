"""Hidden checks of task 1."""
