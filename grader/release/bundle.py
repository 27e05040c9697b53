"""The student's folder, as an allow-list: {path in the folder: content}."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from string import Template

from exercises.assignment import load_assignment
from exercises.given import HiddenPart, digest, manifest, read_given
from exercises.own import GIVEN
from grader import repository
from grader.settings.deadlines import in_words

from .consistency import all_checks
from .errors import ReleaseError
from .packages import CACHE_FOLDERS, sandbox_bundle

GUIDE = "docs/students.md"
LINK_PATTERN = re.compile(r"\]\((?!https?:)([^)#\s]+)")  # to a file
TEMPLATE_FOLDER = Path(__file__).resolve().parent / "templates"


def student_bundle(assignment: str, deadline: datetime | None = None, contact: str = "") -> dict[str, bytes]:
    """Everything that a student gets, by path with forward slashes, sorted.

    Of each assignment that it builds on, however deep, come the given files and the model solution.

    The stubs and the notebook are read from exercises/ as they are; `check_release` tells whether they are up to date.

    Args:
        deadline: the course's, which README and assignment.toml have then; that of assignment.toml without it.
        contact:  whom students of the course ask, which README and given.json say then.

    Raises:
        ReleaseError: a file is missing, or there is one of a kind that is not released; or the checks cannot be read.
    """
    name = f"{assignment}.ipynb"
    if not repository.notebook(assignment).is_file():
        raise ReleaseError(f"{repository.relative(repository.notebook(assignment))} is missing: run `make release`")
    bundle = sandbox_bundle(assignment)
    if deadline is not None:
        toml = f"exercises/{assignment}/assignment.toml"
        line = f"deadline = {deadline.isoformat(timespec='seconds')}".encode()
        bundle[toml] = re.sub(rb"^deadline\s*=[^\r\n]*", line, bundle[toml], count=1, flags=re.MULTILINE)
    requirements = (TEMPLATE_FOLDER / "requirements.txt").read_bytes()
    packages = re.findall(r"^[\w.-]+", requirements.decode(), re.MULTILINE)
    given = _not_edited(bundle, assignment)
    bundle[f"exercises/{assignment}/{GIVEN}"] = manifest(given, packages, _hidden(assignment), contact)
    bundle[name] = repository.notebook(assignment).read_bytes()
    bundle["README.md"] = _readme(assignment, deadline, contact)
    bundle |= _guide()
    bundle["requirements.txt"] = requirements
    licence = repository.REPOSITORY / "LICENSE"
    if licence.is_file():
        bundle["LICENSE"] = licence.read_bytes()
    return dict(sorted(bundle.items()))


def _hidden(assignment: str) -> list[HiddenPart]:
    """What students know of the hidden checks that have points: neither their ids nor their ideas."""
    checks = [check for check in all_checks(assignment) if not check.public and check.points]
    return [HiddenPart(check.task, check.topic, check.points, check.extra) for check in checks]


def _not_edited(bundle: Mapping[str, bytes], assignment: str) -> dict[str, bytes]:
    """The packages without the stubs: what students have and are not to change."""
    stubs = {f"exercises/{assignment}/{module}.py" for module in load_assignment(assignment).modules}
    return {path: content for path, content in bundle.items() if path not in stubs}


def _guide() -> dict[str, bytes]:
    """What students see and do, docs/students.md, with its pictures; nothing where the repository has none.

    Raises:
        ReleaseError: a picture is missing, or it links to what students do not get.
    """
    guide = repository.REPOSITORY / GUIDE
    if not guide.is_file():
        return {}
    text = guide.read_text(encoding="utf-8")
    found = {GUIDE: text.encode()}
    for link in sorted(set(LINK_PATTERN.findall(text))):
        picture = guide.parent / link
        if not link.startswith("pictures/") or not picture.is_file():
            raise ReleaseError(f"{GUIDE} links to {link}: there is no such picture, and nothing else of docs/ is given")
        found[f"docs/{link}"] = picture.read_bytes()
    return found


def _readme(assignment: str, deadline: datetime | None, contact: str) -> bytes:
    facts = load_assignment(assignment)
    template = Template((TEMPLATE_FOLDER / "README.md.in").read_text(encoding="utf-8"))
    text = template.substitute(
        name=facts.name,
        title=facts.title,
        python=facts.python,
        deadline=in_words(deadline or facts.deadline),
        tasks="\n".join(
            f"| {task.title} | `{task.module}.py` | {task.points:g} | {task.effort} |" for task in facts.tasks
        ),
        modules=", ".join(f"`{module}.py`" for module in facts.modules),
    )
    return (text + (f"\n**Whom to ask:** {contact}\n" if contact else "")).encode()


def write_folder(bundle: Mapping[str, bytes], path: Path, assignment: str = "") -> None:
    """Write the bundle into a folder; files that are there already and differ are replaced.

    Given files that an earlier release of the assignment wrote there, and that nobody has changed, are removed where
    the bundle has them no longer.

    Raises:
        ReleaseError: the folder holds other files.  They are not removed, since they may be somebody's work, and not
            left there silently, since a file beside the release could reach students.
    """
    left_over = foreign_files(bundle, path)
    ours = _unchanged(left_over, path, assignment)
    foreign = [name for name in left_over if name not in ours]
    if foreign:
        raise ReleaseError(
            f"{path} holds files that are not part of the release: {', '.join(foreign)}. "
            "Move them away, or delete the folder, and run this again"
        )
    for name in ours:
        (path / name).unlink()
    for name, content in bundle.items():
        write_if_changed(path / name, content)


def _unchanged(names: Iterable[str], path: Path, assignment: str) -> list[str]:
    """Those of the files in a folder that are as an earlier release wrote them, by given.json there."""
    earlier = read_given(path, assignment)
    known = earlier.files if earlier else {}
    return [
        name
        for name in names
        if name in known and not (path / name).is_symlink() and digest((path / name).read_bytes()) == known[name]
    ]


def foreign_files(bundle: Mapping[str, bytes], path: Path) -> list[str]:
    """The files in a folder that the bundle does not have, caches left out."""
    names = {p.relative_to(path).as_posix(): p for p in sorted(path.rglob("*")) if not p.is_dir() or p.is_symlink()}
    return [
        name for name, p in names.items() if name not in bundle and not CACHE_FOLDERS & set(p.relative_to(path).parts)
    ]


def write_if_changed(path: Path, content: bytes) -> bool:
    """Write a file where its content differs, and say whether it did."""
    if path.is_file() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return True


def write_zip(bundle: Mapping[str, bytes], path: Path, *, into_folder: bool = True) -> None:
    """Write the bundle as a zip with one folder in it, named like the zip.

    The same bundle gives the same bytes on every machine: sorted, with a fixed time and fixed permissions, and stored
    without compression, since compressors differ between versions.

    Args:
        into_folder: without it the files lie in the zip as the bundle names them.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(bundle.items()):
            entry = zipfile.ZipInfo(f"{path.stem}/{name}" if into_folder else name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # Unix, so that the permissions count
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, content)
