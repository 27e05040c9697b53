"""What is noted in a course folder when it is adopted: adopted.json."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

NOTE_FILE = "adopted.json"


@dataclass(frozen=True)
class Layout:
    """nbgrader's names for a course's folders, relative to it.

    Attributes:
        structure: `CourseDirectory.directory_structure`, with the keys nbgrader_step, student_id and assignment_id.
    """

    structure: str = "{nbgrader_step}/{student_id}/{assignment_id}"
    source: str = "source"
    release: str = "release"
    submitted: str = "submitted"
    autograded: str = "autograded"
    feedback: str = "feedback"

    def path(self, step: str, student: str, assignment: str) -> Path:
        """One folder, relative to the course."""
        return Path(self.structure.format(nbgrader_step=step, student_id=student, assignment_id=assignment))

    def around_student(self, step: str, assignment: str) -> tuple[str, str]:
        """What stands before and after the student's name in the path of a folder."""
        before, _, after = self.structure.partition("{student_id}")
        names = {"nbgrader_step": step, "assignment_id": assignment}
        return before.format(**names), after.format(**names)


@dataclass(frozen=True)
class Adoption:
    """That a course is adopted, and what undoing it needs to know.

    Attributes:
        config:  sha256 of nbgrader_config.py as it was before.
        before:  names of files and of tables in the gradebook, out of those that grading adds, that were there before.
    """

    layout: Layout
    config: str
    before: tuple[str, ...] = ()

    def write(self, root: Path) -> None:
        (root / NOTE_FILE).write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")


def read_adoption(root: Path) -> Adoption | None:
    """The note in a course folder; None where the course is not adopted.

    Raises:
        ValueError: the note is damaged.
    """
    path = root / NOTE_FILE
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    try:
        data = json.loads(text)
        return Adoption(Layout(**data["layout"]), str(data["config"]), tuple(data["before"]))
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"{path} is damaged ({type(error).__name__}: {error}): put it back from a copy, or adopt the course anew "
            f"after `python -m grader adopt {root} --undo`"
        ) from None
