"""What the answer to a written question gets points for, in words, for those who mark."""

from __future__ import annotations

from pathlib import Path

from exercises.assignment import assignment_names, load_assignment

from .course_toml import COURSE_TOML, read_settings


def rubric_of(root: Path, assignment: str) -> dict[str, str]:
    """The rubric of each question that has one, by its name: course.toml's, else that of assignment.toml.

        [rubric.digits]
        shift_curves = "half a point for what pooling does, half for where it ends"

    Raises:
        WrongSettingError: course.toml is wrong.
    """
    if assignment not in assignment_names():
        return {}
    stated = read_settings(root / COURSE_TOML).get("rubric", {}).get(assignment, {})
    found = {question.name: question.rubric for question in load_assignment(assignment).questions} | stated
    return {name: text.strip() for name, text in found.items() if text.strip()}
