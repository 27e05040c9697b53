"""The text of a student's files, for checks that read them and for what is said of a file that Python cannot read."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Mapping

from exercises.checking import StudentError
from exercises.own import reachable

# Of a source; Python knows stranger ones.
ENCODINGS = ("utf-8", "utf-8-sig", "iso-8859-1", "cp1252", "ascii")


class Sources:
    """The student's modules as text.

    Args:
        files: name without ".py" -> content.
    """

    def __init__(self, assignment: str, files: Mapping[str, bytes]) -> None:
        self._assignment, self._files = assignment, files

    def one(self, module: str) -> str:
        """The text of one file.  Raises StudentError where it is missing or not readable."""
        if module not in self._files:
            raise StudentError(f"{module}.py is missing")
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(self._files[module]).readline)
            if encoding not in ENCODINGS:
                raise StudentError(f"{module}.py says that it is written in {encoding}: save it as UTF-8")
            return self._files[module].decode(encoding)
        except (UnicodeDecodeError, SyntaxError) as error:
            raise StudentError(f"{module}.py is not a text in UTF-8: {error}") from None

    def with_imported(self, module: str) -> dict[str, str]:
        """The texts of a file and of all modules of the student's own that it imports, by name.

        Raises:
            StudentError: one is missing or not readable.
        """
        names = reachable([module], self._files, self._assignment)
        return {name: self.one(name) for name in dict.fromkeys((module, *names))}
