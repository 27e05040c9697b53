"""Somebody's existing nbgrader course under this sandbox and engine, as it is: its assert cells run isolated.

An adopted assignment is defined by nbgrader's gradebook and the course's source/ and release/ alone.  The scores of its
test cells are attested: the student's own process reports them (docs/adopt.md).
"""
