"""Packs what has to be handed in: notebook and modules, the student's own ones too, with a receipt."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from exercises.assignment import MODULE_BYTES, NOTEBOOK_BYTES, Assignment, Question, load_assignment
from exercises.cells import can_be_shown, first_line, questions_of
from exercises.checking.latest import read_latest, since
from exercises.foresight import import_ahead, read_ahead
from exercises.own import given_names, rests_on, with_own

UNANSWERED = "YOUR ANSWER HERE"  # nbgrader's own words in the place of an answer
STEP = re.compile(r"^## (\d+)\. ", re.MULTILINE)  # the heading of a step of a notebook
SOON = timedelta(minutes=1)  # between two files that were saved, or unpacked, together
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the oldest date that a zip can hold: equal files give an equal zip


class PackError(ValueError):
    """The zip would not hold what it should; each line says what is wrong and what to do."""


@dataclass(frozen=True)
class Receipt:
    """What was packed.

    Attributes:
        archive: the zip.
        sha256:  its hash, which tells whether it is this very file.
        when:    when it was packed, in UTC.
        files:   names in the zip.
        remarks: what is unfinished, in words; it is packed all the same.
        doubts:  what grading will not take, in words; it is packed all the same.
        left_out: Python files and folders beside the modules that are not handed in.
        checked: what is known of the public checks on these modules, in words.
    """

    archive: Path
    sha256: str
    when: datetime
    files: tuple[str, ...]
    remarks: tuple[str, ...]
    doubts: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    checked: str = ""

    def __str__(self) -> str:
        lines = [
            f"packed: {self.archive.name}, {len(self.files)} files",
            f"time:   {self.when.isoformat(timespec='seconds')}",
            f"sha256: {self.sha256}",
            *(f"  {name}" for name in self.files),
        ]
        return "\n".join(lines) + "\n"


def pack(assignment: str, root: Path, out: Path | None = None, now: datetime | None = None) -> Receipt:
    """Write <assignment>-submission.zip and <assignment>-receipt.txt.  Packed again, both are replaced.

    With the tasks' modules go those of the student's own that these import.  Then what was packed is laid over the
    given files, in a temporary folder, and looked at as grading will see it.

    Args:
        root: the student's folder, with the notebook and exercises/.
        out:  the folder to write into; `root` without it.
        now:  for the receipt; the time of the clock without it.

    Raises:
        PackError: a file is missing, empty, too large or damaged; nothing is written then.
        ValueError: there is no such assignment.
    """
    facts = load_assignment(assignment)
    caps = {f"{assignment}.ipynb": NOTEBOOK_BYTES}
    caps |= {_path(facts, module): MODULE_BYTES for module in facts.modules}
    content: dict[str, bytes] = {}
    wrong: list[str] = []
    remarks: list[str] = []
    for name in caps:
        try:
            content[name] = (root / name).read_bytes()
        except FileNotFoundError:
            wrong.append(f"{name} is missing: it was looked for in {root}{_instead(root, name)}")
        except OSError as error:
            wrong.append(f"{name} cannot be read: {error.strerror}")
    modules = _with_own(facts, root, content, wrong)
    content |= {_path(facts, module): text for module, text in modules.items()}
    for name, text in content.items():
        problem, unfinished = _look_at(name, text, caps.get(name, MODULE_BYTES), facts.questions)
        wrong += [f"{name} {problem}"] if problem else []
        remarks += [f"{name}: {remark}" for remark in [*unfinished, *_saved_later(root, name)]]
    if wrong:
        raise PackError("\n".join(wrong))
    remarks += _outlived(facts, root, modules)
    out = out or root
    if not out.is_dir():
        raise PackError(f"there is no folder {out}: make it first")
    archive = out / f"{assignment}-submission.zip"
    _write_zip(archive, content)
    sha256 = hashlib.sha256(archive.read_bytes()).hexdigest()
    receipt = Receipt(archive, sha256, now or datetime.now(UTC), tuple(content), tuple(remarks))
    (out / f"{assignment}-receipt.txt").write_text(str(receipt), encoding="utf-8")
    # Now that it is written: who has no patience for the rest has the zip.
    left_out = tuple(_left_out(facts, root, modules))
    latest = read_latest(root / "exercises" / assignment)
    used = {  # a task that trains trains what the other tasks have built
        task.name: rests_on(facts.modules if task.name in facts.training else [task.module], modules, assignment)
        for task in facts.tasks
    }
    checked = since(latest, used, modules, f"python -m exercises check {assignment}")
    return replace(receipt, doubts=tuple(_doubts(facts, root, modules)), left_out=left_out, checked=checked)


def due(facts: Assignment, now: datetime | None = None) -> str:
    """When it is due, in the time zone of this computer, and how far away that is.

    Args:
        now: the time of the clock without it.
    """
    if facts.deadline.tzinfo is None:
        return f"deadline: {facts.deadline:%a %Y-%m-%d %H:%M}, in the course's time zone"
    left = facts.deadline - (now or datetime.now(UTC))
    distance = f"{_span(left)} left" if left >= timedelta() else f"it was {_span(-left)} ago"
    here = facts.deadline.astimezone()
    return f"deadline: {here:%a %Y-%m-%d %H:%M} in the time zone of this computer (UTC{here:%z}): {distance}"


def _span(span: timedelta) -> str:
    """A time in whole days, hours or minutes: the largest of them of which there are at least two."""
    for unit, length in (("days", timedelta(days=1)), ("hours", timedelta(hours=1))):
        if (count := span // length) > 1:
            return f"{count} {unit}"
    minutes = span // timedelta(minutes=1)
    return f"{minutes} minute{'' if minutes == 1 else 's'}"


def _path(facts: Assignment, module: str) -> str:
    return f"exercises/{facts.name}/{module}.py"


def _with_own(facts: Assignment, root: Path, content: dict[str, bytes], wrong: list[str]) -> dict[str, bytes]:
    """The content of each module by name, those of the student's own included; what cannot be read joins `wrong`."""

    def read(name: str, certain: bool) -> bytes | None:
        try:
            return (root / _path(facts, name)).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None  # what is imported and not there is told with all other imports
        except OSError as error:
            wrong.append(f"{_path(facts, name)} cannot be read: {error.strerror}")
            return None

    given = {name: content[_path(facts, name)] for name in facts.modules if _path(facts, name) in content}
    return with_own(given, facts.name, read)


def _doubts(facts: Assignment, root: Path, modules: dict[str, bytes]) -> list[str]:
    """What grading will not take of these modules."""
    found = read_ahead(facts, root, modules)
    try:
        return found + import_ahead(facts, root, modules, told=bool(found))
    except OSError as error:
        return [*found, f"perhaps more, for nothing could be tried ({error.strerror}): is the disk full?"]


def _left_out(facts: Assignment, root: Path, modules: dict[str, bytes]) -> Iterator[str]:
    """Python files and folders in the assignment's own folder that are neither given nor handed in."""
    known = {*given_names(facts.name), *modules}
    for path in sorted((root / "exercises" / facts.name).iterdir()):
        python = path.suffix == ".py" or (path.is_dir() and any(path.glob("*.py")))
        if python and path.name.removesuffix(".py") not in known and not path.name.startswith((".", "__")):
            yield f"exercises/{facts.name}/{path.name}"


def _alike(root: Path, name: str) -> list[Path]:
    """Files beside this one whose names are what browsers, systems and people make of its name, sorted."""
    place = root / name
    renamed = re.compile(rf"{re.escape(place.stem)}[\s_-]*(copy)?[\s_-]*\(?\d*\)?(\.\w+)*", re.IGNORECASE)
    files = sorted(place.parent.glob("*")) if place.parent.is_dir() else []
    return [
        path
        for path in files
        if path.name != place.name and place.suffix in path.suffixes and renamed.fullmatch(path.name) and path.is_file()
    ]


def _instead(root: Path, name: str) -> str:
    """Where a file is missing: what lies there that may be it.  Of a notebook, any other one."""
    others = {path.name for path in _alike(root, name)}
    others |= {path.name for path in root.glob("*.ipynb")} if name.endswith(".ipynb") else set()
    return f"; there is {', '.join(sorted(others))}: rename the right one" if others else ""


def _saved_later(root: Path, name: str) -> list[str]:
    """Files with a name like this one's that were saved after it: perhaps one of them was to be handed in."""
    when = (root / name).stat().st_mtime
    return [
        f"{path.name}, which lies beside it, was saved later: is this the right one?"
        for path in _alike(root, name)
        if path.stat().st_mtime > when
    ]


def _outlived(facts: Assignment, root: Path, modules: dict[str, bytes]) -> Iterator[str]:
    """Whether the notebook was saved a while before a module was: then it may not be saved, or show old results."""
    saved = {name: (root / _path(facts, name)).stat().st_mtime for name in modules}
    newest = max(saved, key=lambda name: saved[name])
    span = timedelta(seconds=saved[newest] - (root / f"{facts.name}.ipynb").stat().st_mtime)
    if span > SOON:
        yield (
            f"{facts.name}.ipynb was saved {_span(span)} before {newest}.py: "
            "is it saved, and does it show what your code gives now?"
        )


def _look_at(name: str, content: bytes, cap: int, questions: tuple[Question, ...]) -> tuple[str, list[str]]:
    """What makes a file useless, empty if nothing does, and what is unfinished in it."""
    if not content.strip():
        return "is empty: save it again", []
    if len(content) > cap:
        notebook = name.endswith(".ipynb")
        advice = "clear its outputs, paste smaller pictures" if notebook else "move your experiments elsewhere"
        return f"has {len(content) / 2**20:.1f} MB, and grading reads {cap / 2**20:g} MB: {advice}", []
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return f"is not UTF-8 (byte {error.start}): save it as UTF-8", []
    return _look_at_notebook(text, questions) if name.endswith(".ipynb") else ("", _look_at_module(text))


def _look_at_module(text: str) -> list[str]:
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        return [f"Python cannot read it (line {error.lineno}: {error.msg}), so its tasks would get no points"]
    except ValueError as error:  # a null byte
        return [f"Python cannot read it ({error}), so its tasks would get no points"]
    missing = [
        str(node.exc.args[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and _name(node.exc) == "NotImplementedError"
        if node.exc.args and isinstance(node.exc.args[0], ast.Constant)
    ]
    # What is a value in a module is released as None: a recipe, for one.
    missing += [
        f"{target.id} is None"
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and node.value.value is None
        for target in node.targets
        if isinstance(target, ast.Name) and target.id.isupper()
    ]
    return [f"not written yet: {what}" for what in missing]


def is_extra(remark: str) -> bool:
    """Whether a remark is about an extra task, as the stub names it: nothing has to be done."""
    return ": not written yet: " in remark and " (extra): " in remark


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _look_at_notebook(text: str, questions: tuple[Question, ...]) -> tuple[str, list[str]]:
    try:
        cells = json.loads(text)["cells"]
        answers = {
            cell["metadata"]["nbgrader"]["grade_id"]: "".join(cell["source"])
            for cell in cells
            if cell["cell_type"] == "markdown" and cell["metadata"].get("nbgrader", {}).get("solution")
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return "is no notebook any more: restore it from an earlier version, or copy your answers into a new one", []
    unseen: list[str] = []
    with suppress(ValueError, KeyError, TypeError, AttributeError):  # outputs may have any form: the answers count
        unseen += _unseen(cells, questions)
    empty = [name.removeprefix("question-") for name, answer in answers.items() if _is_empty(answer)]
    steps = _steps(cells)
    return "", [*(f"{_called(name, questions)}{steps.get(name, '')} is not answered yet" for name in empty), *unseen]


def _is_empty(answer: str) -> bool:
    return not answer.replace(UNANSWERED, "").strip()


def _steps(cells: list[dict[str, Any]]) -> dict[str, str]:
    """Where each question is answered, by its name: " (step 24)"."""
    found, step = {}, ""
    for cell in cells:
        if cell["cell_type"] == "markdown":
            headings = STEP.findall("".join(cell["source"]))
            step = f" (step {headings[-1]})" if headings else step
            name = str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))
            found[name.removeprefix("question-")] = step
    return found


def _called(name: str, questions: tuple[Question, ...]) -> str:
    """A question in its own words."""
    return next((f"the question “{one.title}”" for one in questions if one.name == name), name)


def _unseen(cells: list[dict[str, Any]], questions: tuple[Question, ...]) -> Iterator[str]:
    """Cells that a written question is about and that show nothing, or not what they should, to whoever marks."""
    for cell in cells:
        names = questions_of(cell["metadata"].get("tags", [])) if cell["cell_type"] == "code" else ()
        if names and (fault := _fault_in(cell.get("outputs", []))):
            asked = " and ".join(_called(name, questions) for name in names)
            about = f"the cell “{first_line(''.join(cell['source']))}”, which {asked} is about,"
            yield f"{about} {fault}; whoever marks sees what is saved in the notebook, and runs nothing"


def _fault_in(outputs: list[dict[str, Any]]) -> str:
    """What is wrong with the saved outputs of a cell, and what to do; empty where somebody sees something."""
    for output in outputs:
        if output["output_type"] == "error":
            return f"stopped with {output['ename']}: run it again when it works, and save"
    if not outputs:
        return "has no output: run it, and save"
    shown = [{kind: "".join(value) for kind, value in output.get("data", {}).items() if value} for output in outputs]
    if not any(map(can_be_shown, shown)) and not any("text" in output for output in outputs):
        return "shows neither text nor a PNG picture: print its numbers, or draw with Matplotlib"
    return ""


def _write_zip(archive: Path, content: dict[str, bytes]) -> None:
    """Write it under another name first, so that nobody ever uploads half a file."""
    draft = archive.with_name(f".{archive.name}.draft")
    try:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as file:
            for name, data in content.items():
                file.writestr(zipfile.ZipInfo(name, LONG_AGO), data, zipfile.ZIP_DEFLATED)
        draft.replace(archive)
    finally:
        draft.unlink(missing_ok=True)
