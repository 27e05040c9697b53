"""Runs student code where it can do no harm, and talks to it with tensors.

outside (trusted)                                inside (says what it likes)
warm.WarmProcess    ── exec ──▶ inside.warm      imports torch once, forks
container.Container ── socket ▶ inside.container one per submission: namespaces, limits, its files
session.Session     ── socket ▶ inside.session   one per group of checks: runs the student's code
student.RemoteStudent: what a check sees; its CleanRoom asks a second container, without files of the submission
protocol: what the two sides say to each other; wire: how it travels
"""
