"""What a lecturer sets in course.toml: read, checked, and the deadlines and zones that follow from it."""
