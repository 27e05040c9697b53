"""The model solution of the assignment `spoken_digits`, with its galleries of right and wrong answers."""
