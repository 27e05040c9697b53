"""Public checks of `spoken_digits`: they run on the student's own machine, and while grading."""
