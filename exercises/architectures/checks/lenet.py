"""Public checks of task 1."""
