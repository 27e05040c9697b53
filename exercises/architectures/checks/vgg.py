"""Public checks of task 4."""
