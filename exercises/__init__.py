"""The student-facing package: one sub-package per assignment, and the check framework they share."""
