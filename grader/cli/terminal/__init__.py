"""What a run of grading says in a terminal: how far it is, what needs a person, whose points changed."""
