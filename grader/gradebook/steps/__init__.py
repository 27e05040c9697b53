"""The steps that nbgrader's autograding takes here, one after the other."""
