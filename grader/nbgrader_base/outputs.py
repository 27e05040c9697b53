"""Outputs that we write into a notebook.  It is validated as a whole when it is written, so each by itself is not."""

from __future__ import annotations

from nbformat import NotebookNode


def printed(text: str) -> NotebookNode:
    """What a cell prints."""
    return NotebookNode(output_type="stream", name="stdout", text=text)


def result(text: str) -> NotebookNode:
    """The value of a cell's last line."""
    data = NotebookNode({"text/plain": text})
    return NotebookNode(output_type="execute_result", execution_count=None, metadata=NotebookNode(), data=data)


def error(name: str, message: str, traceback: list[str]) -> NotebookNode:
    """An exception that ended a cell."""
    return NotebookNode(output_type="error", ename=name, evalue=message, traceback=traceback)
