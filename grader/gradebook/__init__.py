"""nbgrader as the system of record: our verdicts become stock rows of its gradebook, and it fails closed.

writer.py     books one submission; up_to_date.py says whether that is needed, duedates.py brings deadlines along
converter.py  nbgrader's Autograde, with its dealings with a student's folder replaced; feedback_converter.py beside it
steps/        what it does to a notebook, one after the other: fail_closed, show_verdicts, book, late
config.py     what course folders import: nbgrader's configuration, which puts all of this in place
"""
