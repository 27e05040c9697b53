"""The student's notebook: the answers in it, the working copy that is graded, and what of it runs in the sandbox."""
