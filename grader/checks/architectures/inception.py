"""Hidden checks of task 5."""
