"""Hidden checks of task 4."""
