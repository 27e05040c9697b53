"""Everything that only staff have: release, sandbox, hidden checks, batch grading, feedback, reports."""
