"""Public checks of task 5."""
