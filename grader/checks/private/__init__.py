"""Data of trainings that no student code can know: drawn from the course's private seed, disguised for each student.

Numbers and inputs of checks come from `exercises.checking.draw` and `awkward`, at home and while grading.
"""
