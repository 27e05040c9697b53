"""Whose outputs a cell of a marking notebook shows: those of the student's file, or of a run by the grader.

Between the steps of autograding, one of which clears all outputs, the student's lie in the cell's metadata.
"""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode

from grader.model.results import Output

from .working import NOTES_KEY

AS_HANDED_IN = "As handed in: from the student's file, not run by the grader."
NO_OUTPUT = "No output was handed in for this cell."
RUN_AGAIN = "Run again by the grader, with the cell as it was given:"


def keep_outputs(cell: NotebookNode, outputs: list[Output], *, missing: bool) -> None:
    """Note what the student's file shows below a cell.

    Args:
        missing: whether there is nothing, and a written question is about the cell.
    """
    facts: dict[str, Any] = {"outputs": outputs, **({"missing": True} if missing else {})}
    cell.metadata[NOTES_KEY] = {**cell.metadata.get(NOTES_KEY, {}), **facts}


def take_outputs(cell: NotebookNode) -> list[Output]:
    """What a page shows of the student's file below a cell, its label first: moved out of the cell's metadata."""
    facts = cell.metadata.get(NOTES_KEY, {})
    outputs: list[Output] = facts.pop("outputs", [])
    if facts.get("missing"):
        return [label(NO_OUTPUT)]
    facts["handed_in"] = len(outputs)
    return [label(AS_HANDED_IN), *outputs] if outputs else []


def handed_in_outputs(cell: NotebookNode) -> list[Output]:
    """The same without the label, before or after they were moved."""
    facts = cell.metadata.get(NOTES_KEY, {})
    behind = cell.get("outputs", [])[1 : 1 + facts.get("handed_in", 0)]
    outputs: list[Output] = facts.get("outputs") or behind
    return outputs


def lacks_output(cell: NotebookNode) -> bool:
    """Whether a written question is about the cell, and the student's file shows nothing below it."""
    return bool(cell.metadata.get(NOTES_KEY, {}).get("missing", False))


def label(words: str) -> Output:
    """Words of ours above outputs: bold, as no output of a student's is shown."""
    return {
        "output_type": "display_data",
        "metadata": {},
        "data": {"text/markdown": f"**{words}**", "text/plain": words},
    }
