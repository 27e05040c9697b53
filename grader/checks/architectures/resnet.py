"""Hidden checks of task 6."""
