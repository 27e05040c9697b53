"""Containers enter folders that the warm process made, as somebody else: the grader's umask is none of their business.

A driver holds its own low while it writes a course's private files, and a worker that starts then inherits that.
"""

from __future__ import annotations

import os

from grader.sandbox.outside.warm import close_warm_process

from .helpers import start


def test_a_grader_whose_files_nobody_else_may_read_starts_containers_too() -> None:
    close_warm_process()
    before = os.umask(0o077)
    try:
        container, student = start("def look():\n    return open('/dev/null').read()\n")
        with container:
            assert student.answer.look() == ""
    finally:
        os.umask(before)
        close_warm_process()
