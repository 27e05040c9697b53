"""Public checks of task 2."""
