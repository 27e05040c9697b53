"""Who handed in a file, as the systems' own file names tell it.

- Moodle ("Download all submissions"): `Ada Lovelace_12345_assignsubmission_file_/digits.ipynb`, or without folders
  `Ada Lovelace_12345_assignsubmission_file_digits.ipynb`.  The number is the participant's.
- Canvas ("Download Submissions"): `lovelaceada_12345_67890_digits.ipynb`, with `LATE_` before the numbers of a late
  one, and `-1`, `-2` … before the extension of files that were handed in again.  The first number is the user's.
- nbgrader: `STUDENT/ASSIGNMENT/…` (a submitted folder), or `STUDENT+ASSIGNMENT+TIME+…/…` (an exchange's inbound).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime

MOODLE = re.compile(
    r"(?P<name>[^/_]+(?:_[^/_]+)*?)_(?P<id>\d+)_assignsubmission_(?P<kind>file|onlinetext)_?/?(?P<rest>.*)"
)
CANVAS = re.compile(r"(?P<name>[^/_]+)(?P<late>_LATE)?_(?P<id>\d+)_(?P<file>\d+)_(?P<rest>[^/]+)")
INBOUND = re.compile(r"(?P<id>[^/+]+)\+(?P<assignment>[^/+]+)\+(?P<when>[^/+]+?)(?: UTC)?(?:\+[^/]*)?/(?P<rest>.+)")
PACKAGE = "exercises"  # what lies at the top of one student's zip: exercises/digits/blocks.py is by nobody
LONGEST = 100  # characters of a name before its number; file systems take 255 bytes
SUBMITTED = re.compile(r"(?P<id>[^/]+)/(?P<assignment>[^/]+)/(?P<rest>.+)")


@dataclass(frozen=True)
class Owner:
    """Whose file an entry is.

    Attributes:
        student: name of the folder below submitted/; letters, digits and -_. alone.
        rest:    the path below the student's own top.
        late:    whether the system marked it as late.
        when:    when it was handed in, where its name tells it.
    """

    student: str
    rest: str
    late: bool = False
    when: datetime | None = None


def owner(path: str, assignment: str) -> Owner | None:
    """Whose this is; None for what belongs to nobody, or to another assignment."""
    if found := MOODLE.fullmatch(path):
        if found["kind"] == "onlinetext":
            return None
        return Owner(safe(f"{found['name'][:LONGEST]}-{found['id']}"), found["rest"])
    if found := INBOUND.fullmatch(path):
        when = _utc(found["when"])
        return Owner(safe(found["id"]), found["rest"], when=when) if found["assignment"] == assignment else None
    if found := CANVAS.fullmatch(path):
        return Owner(safe(f"{found['name'][:LONGEST]}-{found['id']}"), found["rest"], late=bool(found["late"]))
    found = SUBMITTED.fullmatch(path)
    if found and found["assignment"] == assignment and found["id"] != PACKAGE:
        return Owner(safe(found["id"]), found["rest"])
    return None


def safe(name: str) -> str:
    """A name that every file system, nbgrader and a spreadsheet take: "Ada Lovelace-12345" -> "Ada-Lovelace-12345"."""
    composed = unicodedata.normalize("NFC", name)
    return "".join(c if c.isalnum() or c in "-_." else "-" for c in composed).strip("-.") or "unnamed"


def _utc(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=UTC)
    except ValueError:
        return None
