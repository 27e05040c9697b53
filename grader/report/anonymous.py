"""Takes out of a verdict's texts what could tell who wrote the answer: source lines, names, paths, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from exercises.checking.verdict import Verdict, quoted
from grader.model.plain import as_seen, plain

MAX_TEXT_LENGTH = 400  # characters of one text
PATH_PATTERN = re.compile(r"(?<![\w.:/])~?/(?:[\w.@+-]+/)+([\w.@-]*)")
ADDRESS_PATTERN = re.compile(r"[\w.+-]+@[\w.-]+")
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
        """The text without anybody's name, paths and addresses."""
        text = PATH_PATTERN.sub(r"…/\1", ADDRESS_PATTERN.sub(LEFT_OUT, as_seen(text)))
        if self._names:
            text = self._names.sub(LEFT_OUT, text)
        return plain(text, MAX_TEXT_LENGTH)

    def verdict(self, verdict: Verdict) -> Verdict:
        """The verdict with clean texts, without source code and the note, which is for the TA alone.

        The place of the source code stays: "blocks.py, line 12".
        """
        return replace(
            verdict,
            expected=self._without_source(verdict, verdict.expected),
            got=self._without_source(verdict, verdict.got),
            hint=self._without_source(verdict, verdict.hint),
            hints=(),
            about=self.text(verdict.about),
            where=verdict.where and (self.text(verdict.where[0]), verdict.where[1]),
            source="",
            note="",
            fault="",
            proposed=verdict.proposed and LEFT_OUT,
        )

    def _without_source(self, verdict: Verdict, text: str) -> str:
        if verdict.where:
            text = text.replace(quoted(verdict.where, verdict.source), quoted(verdict.where))
        return self.text(text)
