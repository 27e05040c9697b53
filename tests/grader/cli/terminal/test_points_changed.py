"""Who gained, who lost and by which check, in words that stay short for any course."""

from __future__ import annotations

from pathlib import Path

from grader.cli.terminal.points_changed import changes_in_words
from grader.gradebook.point_changes import Change, CheckChange

TABLE = Path("course/digits-regraded.csv")


def change(student: str, before: float, after: float, *checks: CheckChange, new: bool = False) -> Change:
    return Change(student, before, after, checks or (CheckChange("blocks.skip", before, after),), new)


def test_nothing_changed_says_nothing() -> None:
    assert not list(changes_in_words([], TABLE))


def test_gains_losses_and_checks_are_told_apart() -> None:
    moved = (CheckChange("blocks", 2.0, None), CheckChange("paths", None, 2.0))
    lines = list(
        changes_in_words(
            [change("s1", 12.0, 14.5), change("s2", 9.0, 8.0, new=True), change("s3", 5.0, 5.0, *moved)], TABLE
        )
    )
    assert str(TABLE) in lines[0]
    assert [line.strip() for line in lines[1:]] == [
        "blocks.skip: 1 gained, 1 lost",
        "blocks: 1 lost",
        "paths: 1 gained",
        "gained: 1",
        "s1: 12 → 14.5: blocks.skip +2.5",
        "lost: 1",
        "s2: 9 → 8 (other files handed in): blocks.skip -1",
        "same sum by other checks: 1",
        "s3: 5 → 5: blocks -2 (gone), paths +2 (new)",
    ]


def test_a_task_whose_checks_are_others_now_names_those_that_gave_nothing() -> None:
    names = tuple(f"blocks.c{number}" for number in range(6))
    found = [
        change("s1", 2.0, 4.5, CheckChange("blocks", 0.0, 2.5, by=names)),
        change("s2", 2.0, 1.0, CheckChange("blocks", 2.0, 1.0, by=("blocks.skip_1d",))),
    ]
    lines = [line.strip() for line in changes_in_words(found, TABLE)]
    assert "s1: 2 → 4.5: blocks +2.5 (by blocks.c0, blocks.c1, blocks.c2, blocks.c3 and 2 more)" in lines
    assert "s2: 2 → 1: blocks -1 (by blocks.skip_1d)" in lines


def test_long_list_is_cut_after_the_largest_changes() -> None:
    lines = [line.strip() for line in changes_in_words([change(f"s{n}", 0.0, n) for n in range(1, 6)], TABLE, most=2)]
    assert lines[2:] == ["gained: 5", "s5: 0 → 5: blocks.skip +5", "s4: 0 → 4: blocks.skip +4", "and 3 more"]
