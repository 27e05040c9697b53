"""Models to count (given)."""
