"""Puts what was collected into submitted/, over nothing: an earlier submission is moved aside, never replaced."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from exercises.assignment import load_assignment
from exercises.own import MOST_OWN
from grader.course import Course
from grader.gradebook.collected import collected_at, note_collected
from grader.release.bundle import write_folder

from .choosing import Candidate, Wanted, best, fits, own, wanted
from .reading import Entry, RefusedError, entries, inside
from .uploads import owner

NOT_ASKED = "not asked for"
MODULE = re.compile(r"\.py\b[^/]*$", re.IGNORECASE)  # also with what a browser adds to its name
OTHER_ARCHIVES = (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")
NOTED_LATE = timedelta(minutes=1)  # after the deadline, where a system says "late" and not when


@dataclass
class Upload:
    """Everything by one student, while it is being gathered."""

    student: str
    late: bool = False
    candidates: dict[str, list[Candidate]] = field(default_factory=dict)
    others: list[tuple[Entry, str, str]] = field(default_factory=list)  # modules, perhaps of the student's own
    refused: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Collected:
    """What came of one student's files.

    Attributes:
        state:   "new", "replaced" (the earlier one was moved aside), "unchanged" or "refused".
        when:    the time that was noted; None where nobody knows it.
        refused: files that were not taken, and why.
        remarks: what a TA may want to know.
    """

    student: str
    state: str
    when: datetime | None = None
    files: int = 0
    refused: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()


def collect(course: Course, assignment: str, source: Path) -> Iterator[Collected]:
    """Take everybody's files out of a folder or a zip, student by student.

    Times are those that the source has, in the time zone of the assignment's deadline.  What belongs to nobody comes
    last, under the empty name.

    Raises:
        RefusedError: the source is neither a folder nor a zip.
    """
    deadline = load_assignment(assignment).deadline
    uploads, nobodys = gather(assignment, source, deadline.tzinfo)
    for student in sorted(uploads):
        yield _place(course, assignment, uploads[student], deadline)
    if nobodys:
        yield Collected("", "refused", refused=tuple(nobodys))


def gather(assignment: str, source: Path, zone: tzinfo | None) -> tuple[dict[str, Upload], list[tuple[str, str]]]:
    """Sort the files of a source by student; a zip of a student's is looked into."""
    uploads: dict[str, Upload] = {}
    nobodys: list[tuple[str, str]] = []
    all_found = list(entries(source, zone))
    top = _top([one.path for one in all_found if isinstance(one, Entry)], assignment)
    for found in all_found:
        if isinstance(found, tuple):
            nobodys.append(found)
            continue
        whose = owner(found.path.removeprefix(top), assignment)
        if whose is None:
            nobodys.append((found.path, "its name tells no student, or another assignment"))
            continue
        upload = uploads.setdefault(whose.student, Upload(whose.student))
        upload.late |= whose.late
        entry = replace(found, when=whose.when) if whose.when else found
        if not whose.rest.lower().endswith(".zip"):
            _offer(upload, assignment, entry, whose.rest)
            continue
        try:
            inners = list(inside(entry, zone))
            if not inners:
                upload.refused.append((whose.rest, "an empty zip"))
            for inner in inners:
                if isinstance(inner, tuple):
                    upload.refused.append((f"{whose.rest}: {inner[0]}", inner[1]))
                else:  # when it was uploaded, whatever the dates inside say
                    _offer(upload, assignment, replace(inner, when=entry.when), inner.path, f"{whose.rest}: ")
        except RefusedError as error:
            upload.refused.append((whose.rest, str(error)))
    return uploads, nobodys


def _top(paths: list[str], assignment: str) -> str:
    """The folder that everything lies in, with its slash, where only what lies below it tells the students.

    A download that a browser unpacked and a person packed again has such a folder.
    """
    folders = {path.partition("/")[0] for path in paths}
    if len(folders) != 1 or any(owner(path, assignment) for path in paths):
        return ""
    return f"{folders.pop()}/"


def _offer(upload: Upload, assignment: str, entry: Entry, rest: str, where: str = "") -> None:
    """Note a file where it fits, or why it does not."""
    for file in wanted(assignment):
        rank = fits(rest, file, assignment)
        if rank is not None:
            upload.candidates.setdefault(file.path, []).append(Candidate(entry, where + rest, rank))
            return
    if MODULE.search(rest):
        upload.others.append((entry, rest, where))
        return
    other = rest.lower().endswith(OTHER_ARCHIVES)
    upload.refused.append((where + rest, "no zip: unpack it, pack a zip, and collect again" if other else NOT_ASKED))


def _asked(
    assignment: str, upload: Upload, files: Mapping[str, bytes], refused: list[tuple[str, str]]
) -> Iterator[Wanted]:
    """The files that the assignment asks for, then the modules of the student's own that those which are read import.

    Args:
        files:   content by path, which grows while this goes on.
        refused: gets the modules that nobody asks for, at the end.
    """
    asked = wanted(assignment)
    most = len(asked) + MOST_OWN
    for file in asked:  # which grows
        yield file
        imported = own(files[file.path], assignment) if file.path in files and file.name.endswith(".py") else {}
        for module, certain in imported.items():
            ranked = [(one, fits(one[1], module, assignment)) for one in upload.others]
            found = [Candidate(entry, where + rest, rank) for (entry, rest, where), rank in ranked if rank is not None]
            if module not in asked and (found or certain) and len(asked) < most:
                upload.candidates[module.path] = found
                upload.others = [one for one, rank in ranked if rank is None]
                asked.append(module)
    refused += [(where + rest, NOT_ASKED) for _, rest, where in upload.others]


def _place(course: Course, assignment: str, upload: Upload, deadline: datetime) -> Collected:
    files: dict[str, bytes] = {}
    times: list[datetime] = []
    refused, remarks = list(upload.refused), []
    for file in _asked(assignment, upload, files, refused):
        ordered = best(upload.candidates.get(file.path, []))
        for place, candidate in enumerate(ordered):
            if file.path in files:
                refused.append((candidate.rest, f"{ordered[0].rest} was taken instead"))
                continue
            try:
                files[file.path] = candidate.entry.read(file.cap)
            except (RefusedError, OSError) as error:
                refused.append((candidate.rest, str(error)))
                continue
            if candidate.entry.when:
                times.append(candidate.entry.when)
            if candidate.rank == 2 or place:
                remarks.append(f"{candidate.rest} was taken as {file.name}")
        if file.path not in files:
            remarks.append(f"{file.name} is missing")
    when = max(times, default=None)
    if upload.late and (when is None or when <= deadline):
        when = deadline + NOTED_LATE
        remarks.append(f"marked as late, and no time says how late: {when.isoformat()} is noted")
    if not files:
        return Collected(upload.student, "refused", None, 0, tuple(refused), ("nothing that was asked for",))
    if when is None:
        remarks.append("nothing says when it was handed in")
    state, more = _write(course, assignment, upload.student, files, when)
    return Collected(upload.student, state, when, len(files), tuple(refused), (*remarks, *more))


def _write(
    course: Course, assignment: str, student: str, files: dict[str, bytes], when: datetime | None
) -> tuple[str, list[str]]:
    """Write a submission as a whole or not at all.  Returns its state and remarks."""
    folder = course.submitted(assignment, student)
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{assignment}-", dir=folder.parent))
    try:
        write_folder(files, draft / assignment)
        state, remarks = "new", []
        if folder.exists():
            if _content(folder) == files:
                return "unchanged", []
            noted = collected_at(course, assignment, student)
            if noted and when and when.astimezone(UTC).replace(tzinfo=None) < noted:
                return "refused", [f"an other one, handed in later ({noted} UTC), is there already"]
            aside = _aside(course, assignment, student)
            aside.parent.mkdir(parents=True, exist_ok=True)
            folder.rename(aside)
            state, remarks = "replaced", [f"the earlier one lies in {aside.relative_to(course.root)}"]
        (draft / assignment).rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    if when:
        note_collected(course, assignment, student, when)
    return state, remarks


def _content(folder: Path) -> dict[str, bytes]:
    """What a submission holds, without nbgrader's timestamp."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink() and path.name != "timestamp.txt":
            found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


def _aside(course: Course, assignment: str, student: str) -> Path:
    """A place that is free, outside of submitted/, where nbgrader would take it for a submission."""
    for number in range(1, 10_000):
        place = course.root / "earlier" / student / f"{assignment}-{number}"
        if not place.exists():
            return place
    raise FileExistsError(f"{course.root / 'earlier' / student} is full: move what is there to another place")
