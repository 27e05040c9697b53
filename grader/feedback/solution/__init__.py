"""After the deadline: the model solution with notes for everybody, and beside the files of one student."""
