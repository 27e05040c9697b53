"""nbgrader as the system of record: our verdicts become stock rows of its gradebook, and it fails closed.

Only `config`, `writer`, `export` and `collected` are meant to be used from outside this package.
"""
