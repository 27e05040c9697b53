"""What grading costs beside the tensor work: our batch and stock nbgrader on the same submissions (`make bench`)."""
