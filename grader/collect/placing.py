"""Puts what was collected into submitted/, over nothing: an earlier submission is moved aside, never replaced."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from exercises.own import MOST_OWN
from grader.course.folder import Course
from grader.course.handed_in import TIMESTAMP_FILE, Note, noted_students, read_note, stamped, write_note
from grader.model.private import make_folder, owner_only
from grader.release.bundle import write_folder
from grader.settings.deadlines import zone_of

from .choosing import Attempt, Candidate, Wanted, best, candidate, own, plain, wanted
from .gathering import Gathered, Upload, gather
from .owners import Owner
from .sources import Entry, InnerZips, RefusedError, entries, inside
from .stated import Stated, read_stated

NOT_ASKED_REASON = "not asked for"
MODULE_PATTERN = re.compile(r"\.py\b[^/]*$", re.IGNORECASE)  # also with what a browser adds to its name
OTHER_ARCHIVES = (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")
UNKNOWN_NOTE = Note()


@dataclass(frozen=True)
class Collected:
    """What came of one student's files.

    Attributes:
        state:   "new", "replaced" (the earlier one was moved aside), "unchanged" or "refused".
        note:    what counts from now on: when it was handed in, and who says so.
        refused: files that were not taken, and why.
        remarks: what a TA may want to know.
    """

    student: str
    state: str
    note: Note = UNKNOWN_NOTE
    files: int = 0
    refused: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def when(self) -> datetime | None:
        """The time that counts from now on; None where nobody stated one."""
        return self.note.when


def collect(course: Course, assignment: str, source: Path, times: Path | None = None) -> Iterator[Collected]:
    """Take everybody's files out of a folder or a zip, student by student.

    A time counts where a system states it: nbgrader's inbound and timestamp.txt, Canvas' LATE, or a table of times.
    What belongs to nobody comes last, under the empty name.

    Args:
        times: Moodle's grading worksheet or another table of times (stated.py), in the course's zone.

    Raises:
        RefusedError: the source is neither a folder nor a zip, or `times` no such table.
        WrongSettingError: course.toml is wrong.
    """
    zone = zone_of(course.root, assignment)
    stated = read_stated(times, zone) if times else Stated()
    gathered = gather(assignment, entries(source), stated)
    known = noted_students(course, assignment)
    for upload in sorted(gathered.uploads.values(), key=lambda one: one.owner.student):
        one = _place(course, assignment, upload, stated, known)
        yield replace(one, note=replace(one.note, when=one.note.when.astimezone(zone))) if one.note.when else one
    missing = _without_files(stated, gathered)
    if gathered.nobodys or missing:
        yield Collected("", "refused" if gathered.nobodys else "told", refused=tuple(gathered.nobodys), remarks=missing)


def _without_files(stated: Stated, gathered: Gathered) -> tuple[str, ...]:
    """A remark on those of whom the table states a time, and nothing was found."""
    found = {key for upload in gathered.uploads.values() for key in (upload.owner.number, upload.owner.student) if key}
    absent = [
        " ".join(word for word in (person.name, person.number or person.student) if word)
        for person, when in stated.times.items()
        if when is not None and not {person.number, person.student} & found
    ]
    return (f"{stated.source} states a time, but nothing was found of: {', '.join(absent)}",) if absent else ()


def _place(
    course: Course, assignment: str, upload: Upload, stated: Stated, known: dict[tuple[str, str], str]
) -> Collected:
    owner = upload.owner
    student = known.get(owner.key, owner.student)
    if len(upload.names) > 1:
        names = ", ".join(sorted({part.name for part, _ in upload.parts}))
        reason = (
            f"the number {owner.number} is under {len(upload.names)} names: {names}; collect one download at a time"
        )
        return Collected(student, "refused", refused=tuple((part.rest, reason) for part, _ in upload.parts[:1]))
    if (other := _somebody_else(course, assignment, student, owner)) is not None:
        return Collected(student, "refused", refused=((owner.rest, other),))
    offered = _Offered(assignment)
    for part, entry in upload.parts:
        offered.take(part, entry)
    remarks = _elsewhere(course, assignment, student, owner)
    files: dict[str, bytes] = {}
    times = []
    for file in offered.asked(files):
        ordered = best(offered.candidates.get(file.path, []))
        for place, one in enumerate(ordered):
            if file.path in files:
                offered.refused.append((one.rest, f"{ordered[0].rest} was taken instead"))
                continue
            try:
                files[file.path] = one.entry.read(file.cap)
            except (RefusedError, OSError) as error:
                offered.refused.append((one.rest, str(error)))
                continue
            if one.attempt.when:
                times.append(one.attempt.when)
            if one.renamed or place:
                remarks.append(f"{one.rest} was taken as {file.name}")
        if file.path not in files:
            remarks.append(f"{file.name} is missing")
    refused = tuple(offered.refused)
    if not files:
        return Collected(student, "refused", UNKNOWN_NOTE, 0, refused, ("nothing that was asked for",))
    before = read_note(course, assignment, student, damaged_too=True) or Note()
    note = _note(upload, student, stated, max(times, default=None), offered.stamp)
    if owner.platform == "nbgrader" and before.number:  # a folder of this very name: whose it is was noted before
        note = replace(note, platform=before.platform, number=before.number, name=before.name)
    make_folder(course.root)
    with owner_only(course.root):
        state, more, note = _write(course, assignment, student, files, note)
    if note.late and not note.when:
        more.append("marked as late, and nothing says by how much: counts as one day begun after the deadline")
    return Collected(student, state, note, len(files), refused, (*remarks, *more))


@dataclass(frozen=True)
class _Other:
    """A module that no task asks for, perhaps one of the student's own: see `_Offered.asked`."""

    entry: Entry
    rest: str
    shown: str
    attempt: Attempt


class _Offered:
    """A student's files, each where it fits; a zip of the student's is looked into.

    Attributes:
        stamp: the time in nbgrader's timestamp.txt, where the source is nbgrader's own folder.
    """

    def __init__(self, assignment: str) -> None:
        self._assignment = assignment
        self.refused: list[tuple[str, str]] = []
        self.candidates: dict[str, list[Candidate]] = {}
        self._others: list[_Other] = []
        self._opener = InnerZips()
        self.stamp: datetime | None = None

    def take(self, owner: Owner, entry: Entry) -> None:
        name = plain(owner.rest.rpartition("/")[2])
        attempt = Attempt(name.name, name.number, owner.file, owner.when)
        if owner.platform == "nbgrader" and owner.rest == TIMESTAMP_FILE:
            self._stamp(entry)
        elif not owner.rest.lower().endswith(".zip"):
            self._offer(entry, owner.rest, owner.rest, attempt)
        else:
            self._look_into(owner, entry, attempt)

    def _stamp(self, entry: Entry) -> None:
        try:
            when = stamped(entry.read(200))
        except (RefusedError, OSError) as error:
            self.refused.append((TIMESTAMP_FILE, str(error)))
            return
        self.stamp = when.replace(tzinfo=UTC) if when else None

    def _look_into(self, owner: Owner, entry: Entry, attempt: Attempt) -> None:
        try:
            inners = list(inside(entry, self._opener))
        except RefusedError as error:
            self.refused.append((owner.rest, str(error)))
            return
        if not inners:
            self.refused.append((owner.rest, "an empty zip"))
        for inner in inners:
            if isinstance(inner, tuple):
                self.refused.append((f"{owner.rest}: {inner[0]}", inner[1]))
            else:
                self._offer(inner, inner.path, f"{owner.rest}: {inner.path}", attempt)

    def _offer(self, entry: Entry, rest: str, shown: str, attempt: Attempt) -> None:
        """Note a file where it fits, or why it does not."""
        for file in wanted(self._assignment):
            found = candidate(entry, rest, shown, file, self._assignment, attempt)
            if found is not None:
                self.candidates.setdefault(file.path, []).append(found)
                return
        if MODULE_PATTERN.search(rest):
            self._others.append(_Other(entry, rest, shown, attempt))
            return
        other = rest.lower().endswith(OTHER_ARCHIVES)
        self.refused.append((shown, "no zip: unpack it, pack a zip, and collect again" if other else NOT_ASKED_REASON))

    def asked(self, files: Mapping[str, bytes]) -> Iterator[Wanted]:
        """The files that the assignment asks for, then the modules of the student's own that those import.

        At the end, the modules that nothing imports are refused.

        Args:
            files: content by path, which grows while this goes on.
        """
        asked = wanted(self._assignment)
        most = len(asked) + MOST_OWN
        for file in asked:  # which grows
            yield file
            imported = (
                own(files[file.path], self._assignment) if file.path in files and file.name.endswith(".py") else {}
            )
            for module, certain in imported.items():
                found = {one: self._as(one, module) for one in self._others}
                fitting = [one for one in found.values() if one is not None]
                if module not in asked and (fitting or certain) and len(asked) < most:
                    self.candidates[module.path] = fitting
                    self._others = [one for one, fits in found.items() if fits is None]
                    asked.append(module)
        self.refused += [(one.shown, NOT_ASKED_REASON) for one in self._others]

    def _as(self, one: _Other, file: Wanted) -> Candidate | None:
        return candidate(one.entry, one.rest, one.shown, file, self._assignment, one.attempt)


def _note(upload: Upload, student: str, stated: Stated, inbound: datetime | None, stamp: datetime | None) -> Note:
    """What the source states about one student: the table first, then nbgrader's own, then a system's "late"."""
    owner = upload.owner
    whose = Note(platform=owner.platform, number=owner.number, name=owner.name)
    person = stated.person(owner.number, student)
    if person is not None and (when := stated.times[person]) is not None:
        return replace(whose, when=when, source=stated.source)
    if inbound is not None:
        return replace(whose, when=inbound, source="nbgrader's exchange")
    if stamp is not None:
        return replace(whose, when=stamp, source="nbgrader's timestamp.txt")
    return replace(whose, late=any(part.late for part, _ in upload.parts))


def _somebody_else(course: Course, assignment: str, student: str, owner: Owner) -> str | None:
    """Why a folder is not this student's, though it has the name: another platform's number was noted for it."""
    note = read_note(course, assignment, student, damaged_too=True)
    if note is None or not note.platform or owner.platform == "nbgrader":
        return None
    if (note.platform, note.number) == (owner.platform, owner.number):
        return None
    there = f"{note.platform}'s {note.number}" if note.number else f"one from {note.platform}"
    return f"submitted/{student} is another student's ({there}): move that folder, and collect again"


def _elsewhere(course: Course, assignment: str, student: str, owner: Owner) -> list[str]:
    """A remark where an earlier version may have put the same student into a folder of another name."""
    if not owner.number or course.has_submitted(assignment, student):
        return []
    others = [
        other
        for other in course.students(assignment)
        if other.endswith(f"-{owner.number}")
        and not (note := read_note(course, assignment, other, damaged_too=True) or Note()).platform
        and not note.number
    ]
    return [f"submitted/{other} may be the same student's, from an earlier version" for other in others]


def _write(
    course: Course, assignment: str, student: str, files: dict[str, bytes], note: Note
) -> tuple[str, list[str], Note]:
    """Write a submission as a whole or not at all.  Returns its state, remarks, and the note that counts."""
    folder = course.submitted(assignment, student)
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{assignment}-", dir=folder.parent))
    state, remarks = "new", []
    try:
        write_folder(files, draft / assignment)
        before = read_note(course, assignment, student, damaged_too=True) or Note()
        if folder.exists():
            if _content(folder) == files:
                note = before.and_again(note)
                write_note(course, assignment, student, note)
                if before.without_source and note.when is None:
                    remarks.append(f"an earlier version had noted {before.when}, from no known source: it is cleared")
                return "unchanged", remarks, note
            if before.is_later_than(note):
                return "refused", [f"another one, handed in later ({before.when}), is there already"], before
            aside = _aside(course, assignment, student)
            aside.parent.mkdir(parents=True, exist_ok=True)
            folder.rename(aside)
            state, remarks = "replaced", [f"the earlier one lies in {aside.relative_to(course.root)}"]
            if not (before.stated and note.stated):
                remarks.append("nothing says which of the two is later: the one collected last counts")
        (draft / assignment).rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    write_note(course, assignment, student, note)
    return state, remarks, note


def _content(folder: Path) -> dict[str, bytes]:
    """What a submission holds, without nbgrader's timestamp."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink() and path.name != TIMESTAMP_FILE:
            found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


def _aside(course: Course, assignment: str, student: str) -> Path:
    """A place that is free, outside of submitted/, where nbgrader would take it for a submission."""
    for number in range(1, 10_000):
        place = course.root / "earlier" / student / f"{assignment}-{number}"
        if not place.exists():
            return place
    raise FileExistsError(f"{course.root / 'earlier' / student} is full: move what is there to another place")
