"""What the doctor says of the isolation in force, and of the reduced one."""

from __future__ import annotations

import pytest

from grader.doctor import isolation
from grader.doctor.attempt import FILTER, NAMESPACES, Attempt
from grader.sandbox.outside import warm

GRANTED = Attempt(landlock=5)
REFUSED = Attempt(failed=NAMESPACES, error="EPERM", landlock=5)
BARE = Attempt(failed=NAMESPACES, error="EPERM")
UNFILTERED = Attempt(failed=FILTER, landlock=5)


def test_full_isolation_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(warm.TIER, raising=False)
    found = isolation.finding(GRANTED)
    assert found.ok and found.what.startswith("full")


@pytest.mark.parametrize(("attempt", "proc_hidden"), [(REFUSED, False), (GRANTED, True)])
def test_where_full_isolation_fails_the_reduced_one_is_told_with_what_it_lacks(
    attempt: Attempt, proc_hidden: bool
) -> None:
    found = isolation.finding(attempt, proc_hidden, asked="full")
    assert not found.ok
    assert f"export {warm.TIER}=reduced" in found.mend
    assert "detached process" in found.mend and "docs/security.md" in found.mend


@pytest.mark.parametrize("attempt", [BARE, UNFILTERED])
def test_the_reduced_one_is_not_offered_where_it_would_not_start(attempt: Attempt) -> None:
    assert "export" not in isolation.finding(attempt, asked="full").mend
    found = isolation.finding(attempt, asked="reduced")
    assert not found.ok and "Landlock" in found.what


def test_the_reduced_one_is_told_when_it_is_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(warm.TIER, "reduced")
    found = isolation.finding(REFUSED)
    assert found.ok
    assert "REDUCED is in force" in found.what and "detached process" in found.what


def test_the_reduced_one_is_advised_against_where_the_full_one_works() -> None:
    found = isolation.finding(GRANTED, asked="reduced")
    assert not found.ok and "REDUCED" in found.what and f"unset {warm.TIER}" in found.mend


def test_a_tier_that_there_is_not_is_refused() -> None:
    found = isolation.finding(GRANTED, asked="none")
    assert not found.ok and found.mend == f"unset {warm.TIER}"
