"""Model solutions, for staff only: the one place where a person writes an answer."""
