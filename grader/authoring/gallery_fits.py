"""Whether the gallery of mistakes and the checks fit each other, by what both say; nothing is run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase

from exercises.assignment import load_assignment
from exercises.checking import Check
from grader.release.consistency import all_checks

from .galleries import GalleryError, WrongAnswer, gallery_file, right_answers, wrong_answers


def refuse_galleries_that_do_not_fit(assignment: str) -> None:
    """Read both galleries, lay each mistake over the solution, and compare what catches it with the checks.

    Raises:
        GalleryError: an entry does not fit the solution or the checks, or no mistake fails a check that gives points;
            the message has a sentence for each.
        ReleaseError: the checks cannot be read.
    """
    checks = all_checks(assignment)
    right_answers(assignment)
    mistakes = wrong_answers(assignment)
    found = [problem for one in mistakes for problem in _misfits(one, checks)]
    found += _never_failed(assignment, checks, mistakes)
    if found:
        raise GalleryError("\n".join(found))


def _misfits(mistake: WrongAnswer, checks: Sequence[Check]) -> Iterator[str]:
    """What of one mistake does not fit."""
    try:
        mistake.files()
    except GalleryError as error:
        yield str(error)
    full = {check.id: check.points for check in checks}
    for pattern in mistake.caught_by:
        if not any(fnmatchcase(id, pattern) for id in full):
            yield f"{mistake.place}: caught_by names {pattern!r}, and there is no such check{_meant(pattern, full)}"
    for id, (_, high) in mistake.partly.items():
        if id not in full:
            yield f"{mistake.place}: partly names {id!r}, and there is no such check{_meant(id, full)}"
        elif high > full[id]:
            yield f"{mistake.place}: partly gives {id} up to {high:g} points, but the check has {full[id]:g}"
        elif mistake.catches(id):
            yield f"{mistake.place}: {id} stands in caught_by and in partly; take it out of one of them"


def _meant(name: str, known: dict[str, float]) -> str:
    near = get_close_matches(name, known, n=1)
    return f" (did you mean {near[0]}?)" if near else f"; the checks are {', '.join(known)}"


def _never_failed(assignment: str, checks: Sequence[Check], mistakes: Sequence[WrongAnswer]) -> Iterator[str]:
    """Checks that give points and that no mistake fails: nobody has seen that they can fail.

    What was not written at all fails every check, and shows nothing of a single one.
    """
    facts = load_assignment(assignment)
    made = [mistake for mistake in mistakes if not mistake.unwritten]
    for check in checks:
        fails = any(
            one.catches(check.id) or one.partly.get(check.id, (0, check.points))[1] < check.points for one in made
        )
        if check.points and not fails:
            yield (
                f"no mistake of the gallery fails {check.id} ({check.idea}): add one that does to "
                f'{gallery_file(assignment, facts.task(check.task).module)}, with caught_by = ["{check.id}"]'
            )
