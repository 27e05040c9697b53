"""Who handed in a file, as the systems' own file names tell it.

- Moodle ("Download all submissions"): `Ada Lovelace_12345_assignsubmission_file_/digits.ipynb`, or without folders
  `Ada Lovelace_12345_assignsubmission_file_digits.ipynb`.  The last number before Moodle's mark is the participant's,
  or in an assignment for groups the group's: `Team 7_345_assignsubmission_file_/…`, and without a number for those who
  are in no group.
- Canvas ("Download Submissions"): see canvas.py.
- nbgrader: `STUDENT/ASSIGNMENT/…` (a submitted folder), or `STUDENT+ASSIGNMENT+TIME+…/…` (an exchange's inbound).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime

# The first mark is Moodle's own: it takes every "_" out of names.
MOODLE_PATTERN = re.compile(r"(?P<name>[^/]+?)(?:_(?P<id>\d+))?_assignsubmission_(?P<kind>[a-z]+)_?/?(?P<rest>.*)")
INBOUND_PATTERN = re.compile(
    r"(?P<id>[^/+]+)\+(?P<assignment>[^/+]+)\+(?P<when>[^/+]+?)(?: UTC)?(?:\+[^/]*)?/(?P<rest>.+)"
)
PACKAGE_FOLDER = "exercises"  # what lies at the top of one student's zip: exercises/digits/blocks.py is by nobody
MAX_NAME_CHARACTERS = 100  # characters of a name before its number; file systems take 255 bytes
SUBMITTED_PATTERN = re.compile(r"(?P<id>[^/]+)/(?P<assignment>[^/]+)/(?P<rest>.+)")


@dataclass(frozen=True)
class Owner:
    """Whose file an entry is.

    Attributes:
        student:  name of the folder below submitted/; letters, digits and -_. alone.
        rest:     the path below the student's own top.
        late:     whether the system marked it as late.
        when:     when it was handed in, where its name tells it.
        platform: "moodle", "canvas" or "nbgrader".
        number:   the platform's own number of the student, or of a group; empty where there is none.
        name:     of the student or the group, as the platform writes it.
        file:     the platform's own number of the file; later files have larger ones.  0 where there is none.
    """

    student: str
    rest: str
    late: bool = False
    when: datetime | None = None
    platform: str = "nbgrader"
    number: str = ""
    name: str = ""
    file: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """What makes two files the same student's: the platform's number, or else the name."""
        return (self.platform, self.number) if self.number else ("", self.student)


def owner(path: str, assignment: str) -> Owner | None:
    """Whose this is by the names of Moodle and nbgrader; None for what belongs to nobody, or to another assignment."""
    if found := MOODLE_PATTERN.fullmatch(path):
        if found["kind"] != "file":
            return None
        number = found["id"] or ""
        student = label(found["name"], number)
        return Owner(student, found["rest"], platform="moodle", number=number, name=found["name"])
    if found := INBOUND_PATTERN.fullmatch(path):
        when = _utc(found["when"])
        return Owner(safe(found["id"]), found["rest"], when=when) if found["assignment"] == assignment else None
    found = SUBMITTED_PATTERN.fullmatch(path)
    if found and found["assignment"] == assignment and found["id"] != PACKAGE_FOLDER:
        return Owner(safe(found["id"]), found["rest"])
    return None


def label(name: str, number: str) -> str:
    """The name of a student's folder: "Ada Lovelace", "12345" -> "Ada-Lovelace-12345"."""
    return safe(f"{name[:MAX_NAME_CHARACTERS]}-{number}" if number else name[:MAX_NAME_CHARACTERS])


def safe(name: str) -> str:
    """A name that every file system, nbgrader and a spreadsheet take: "Ada Lovelace-12345" -> "Ada-Lovelace-12345"."""
    composed = unicodedata.normalize("NFC", name)
    return "".join(c if c.isalnum() or c in "-_." else "-" for c in composed).strip("-.") or "unnamed"


def _utc(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=UTC)
    except ValueError:
        return None
