"""Sorts the files of a source by student: by the platform's number; what a group handed in is each member's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from .canvas import readings, resolve
from .owners import MOODLE_PATTERN, Owner, label, owner, safe
from .sources import Entry, Found
from .stated import Person, Stated

NOBODYS_REASON = "its name tells no student, or another assignment"
# How groups are called where a course has not named them itself; a participant of such a name needs the worksheet.
GROUP_NAME = re.compile(
    r"(?<!\w)(?:group|team|gruppe|groupe|équipe|grupo|equipo|gruppo|squadra|groep|ryhmä|tiimi)(?![^\W\d_])",
    re.IGNORECASE,
)
WORKSHEET_ADVICE = "give Moodle's grading worksheet (--times WORKSHEET.csv), which says who is in which group"


@dataclass
class Upload:
    """Everything by one student, while it is being gathered."""

    owner: Owner
    parts: list[tuple[Owner, Entry]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


@dataclass
class Gathered:
    """A source, sorted: what is whose, and what is nobody's, with the reason."""

    uploads: dict[tuple[str, str], Upload] = field(default_factory=dict)
    nobodys: list[tuple[str, str]] = field(default_factory=list)


def gather(assignment: str, found: Iterable[Found], stated: Stated) -> Gathered:
    """Sort the files of a source by student; nothing is read yet.

    Args:
        stated: who takes part, and who is in which group, where a table says so.
    """
    sorted_out = Gathered()
    listed = list(found)
    entries = [one for one in listed if isinstance(one, Entry)]
    top = _top([one.path for one in entries], assignment)
    whose = dict(_owners([one.path.removeprefix(top) for one in entries], assignment, stated))
    for one in listed:
        if isinstance(one, tuple):
            sorted_out.nobodys.append(one)
            continue
        owners = whose[one.path.removeprefix(top)]
        if isinstance(owners, str):
            folder = one.path.rpartition("/")[0] if MOODLE_PATTERN.fullmatch(one.path.removeprefix(top)) else ""
            line = (folder or one.path, owners)
            if line not in sorted_out.nobodys:
                sorted_out.nobodys.append(line)
            continue
        for each in owners:
            upload = sorted_out.uploads.setdefault(each.key, Upload(each))
            upload.parts.append((each, one))
            upload.names.add(safe(each.name).lower())
    return sorted_out


def _owners(paths: list[str], assignment: str, stated: Stated) -> Iterator[tuple[str, list[Owner] | str]]:
    """For each path whose it is, of a group's all members; or in words why it is nobody's."""
    of_canvas = {}
    of_groups = any(found and not found["id"] for path in paths if (found := MOODLE_PATTERN.fullmatch(path)))
    for path in paths:
        if (one := owner(path, assignment)) is None:
            of_canvas[path] = readings(path)
        elif one.platform == "moodle":
            yield path, _participants(one, stated, of_groups=of_groups)
        else:
            yield path, [one]
    listed = {person.number for person in stated.times if person.number}
    for path, ways in of_canvas.items():
        if not ways:
            yield path, NOBODYS_REASON
    for path, answer in resolve({path: ways for path, ways in of_canvas.items() if ways}, listed):
        yield path, answer if isinstance(answer, str) else [answer]


def _participants(one: Owner, stated: Stated, *, of_groups: bool) -> list[Owner] | str:
    """Whose a folder of Moodle's is.  Its name has the same form for a participant and for a group.

    Args:
        of_groups: a folder without a number is in the download, as those have who are in no group: then all are groups.
    """
    if members := stated.members(one.name):
        return [_member(one, person) for person in members]
    of_groups = of_groups or (stated.participants and bool(stated.groups))
    listed = stated.participants and stated.person(one.number, "") is not None
    if listed and not of_groups:
        return [one]
    if stated.participants:
        return f"a group, or a participant whom {stated.source} does not list: collect with the worksheet of today"
    if of_groups or GROUP_NAME.search(one.name):
        return f"handed in by a group: {WORKSHEET_ADVICE}"
    return [one]


def _member(group: Owner, person: Person) -> Owner:
    student = person.student or label(person.name, person.number)
    return replace(group, student=safe(student), number=person.number, name=person.name)


def _top(paths: list[str], assignment: str) -> str:
    """The folder that everything lies in, with its slash, where only what lies below it tells the students.

    A download that a browser unpacked and a person packed again has such a folder.
    """
    folders = {path.partition("/")[0] for path in paths}
    if len(folders) != 1 or any(owner(path, assignment) for path in paths):
        return ""
    return f"{folders.pop()}/"
