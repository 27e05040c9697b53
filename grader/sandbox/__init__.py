"""Runs student code where it can do no harm, and talks to it with tensors.

outside (trusted)                              inside (says what it likes)
client.WarmProcess ── exec ──▶ inside.warm      imports torch once, forks
client.Container   ── socket ▶ inside.container one per submission: namespaces, limits, its files
client.Session     ── socket ▶ inside.session   one per group of checks: runs the student's code
remote.RemoteStudent: what a check sees
"""
