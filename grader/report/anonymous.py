"""Takes out of a verdict's texts what could tell who wrote the answer: source lines, names, paths, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from exercises.checking.verdict import Verdict
from grader.model.plain import plain

LONGEST = 400  # characters of one text
SOURCE = re.compile(r"\((\w[\w.-]*\.py, line \d+): .*\)\s*$", re.DOTALL)  # as `StudentError.got` words it
PATH = re.compile(r"(?<![\w.:/])~?/(?:[\w.@+-]+/)+([\w.@-]*)")
ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+")
LEFT_OUT = "[left out]"


class Anonymous:
    """Cleans texts of one course.

    Args:
        names: ids and names of everybody in it.  Those of one or two letters are in too many words to be looked for.
    """

    def __init__(self, names: Iterable[str]) -> None:
        words = sorted({name for name in names if len(name) >= 3}, key=len, reverse=True)
        self._names = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)") if words else None

    def text(self, text: str) -> str:
        """The text without source code (the place stays: "blocks.py, line 12") and without anybody's name."""
        text = SOURCE.sub(r"(\1)", text)
        text = PATH.sub(r"…/\1", ADDRESS.sub(LEFT_OUT, text))
        if self._names:
            text = self._names.sub(LEFT_OUT, text)
        return plain(text, LONGEST)

    def verdict(self, verdict: Verdict) -> Verdict:
        """The verdict with clean texts, and without the note, which is for the TA alone."""
        expected, got, hint = (self.text(text) for text in (verdict.expected, verdict.got, verdict.hint))
        return replace(verdict, expected=expected, got=got, hint=hint, note="")
