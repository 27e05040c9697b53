"""A course's grades in the form of another system, a file each."""
