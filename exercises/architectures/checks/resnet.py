"""Public checks of task 6."""
