"""Downloads as Moodle and Canvas make them: every file stamped with the moment of the download."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from exercises.assignment import load_assignment
from grader.collect.placing import Collected, collect
from grader.course.folder import Course

MODULES = load_assignment("digits").modules
DEADLINE = load_assignment("digits").deadline
DOWNLOADED = (2027, 2, 10, 12, 0, 0)  # eight days after the deadline
Files = dict[str, bytes | tuple[bytes, tuple[int, ...]]]


def made_zip(files: Files, when: tuple[int, ...] = DOWNLOADED) -> bytes:
    """A zip with these files; a pair holds a date of its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            data, date = content if isinstance(content, tuple) else (content, when)
            archive.writestr(zipfile.ZipInfo(name, date), data)  # type: ignore[arg-type]
    return out.getvalue()


def complete(prefix: str = "", mark: bytes = b"") -> Files:
    files: Files = {f"{prefix}digits.ipynb": b"{}" + mark}
    return files | {f"{prefix}exercises/digits/{name}.py": name.encode() + mark for name in MODULES}


def packed(mark: bytes = b"") -> bytes:
    """What a student's own `pack` makes: dates of 1980."""
    return made_zip(complete(mark=mark), when=(1980, 1, 1, 0, 0, 0))


def moodle(**people: bytes) -> Files:
    """Moodle's folders: Ada_Lovelace_11=… lies in "Ada Lovelace_11_assignsubmission_file/"."""
    names = {who: who.rpartition("_") for who in people}
    return {
        f"{names[who][0].replace('_', ' ')}_{names[who][2]}_assignsubmission_file/digits-submission.zip": data
        for who, data in people.items()
    }


def worksheet(path: Path, *rows: tuple[str, str, str], group: bool = False, bom: bool = True) -> Path:
    """Moodle's grading worksheet: number, full name, time (and the group after a slash in the name)."""
    head = ["Identifier", "Full name", "Email address", "Status", *(["Group"] if group else []), "Grade"]
    head += ["Maximum Grade", "Grade can be changed", "Last modified (submission)", "Last modified (grade)"]
    lines = [",".join(f'"{cell}"' if " " in cell else cell for cell in head)]
    for number, name, when in rows:
        who, _, team = name.partition("/")
        cells = [f"Participant {number}", who, "", "Submitted for grading - ", *([team] if group else []), ""]
        lines.append(",".join(f'"{cell}"' for cell in [*cells, "20.00", "Yes", when, "-"]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig" if bom else "utf-8")
    return path


def collected(course: Course, data: bytes | Files, times: Path | None = None) -> dict[str, Collected]:
    """Collect a download, and what came of each student; nobody's under the empty name."""
    source = course.root.parent / "download.zip"
    source.write_bytes(made_zip(data) if isinstance(data, dict) else data)
    return {one.student: one for one in collect(course, "digits", source, times)}


def submitted(course: Course, student: str) -> dict[str, bytes]:
    folder = course.submitted("digits", student)
    names = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in names.items() if name != "timestamp.txt"}


def table(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
