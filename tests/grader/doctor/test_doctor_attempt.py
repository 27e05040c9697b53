"""The probe: what it makes of refusals, and what the doctor makes of a probe that dies."""

from __future__ import annotations

import errno
import subprocess
from typing import Any

import pytest

import grader.doctor
from grader.doctor import attempt, probe


def refuse() -> None:
    raise OSError(errno.EPERM, "unshare: Operation not permitted")


def test_probe_stops_at_the_first_refusal() -> None:
    reached = []
    steps = [("a", lambda: reached.append("a")), ("b", refuse), ("c", lambda: reached.append("c"))]
    found = probe.probe(steps)
    assert (found.done, found.failed, found.error) == (("a",), "b", "EPERM")
    assert "Operation not permitted" in found.message
    assert reached == ["a"]


@pytest.mark.parametrize(
    ("stdout", "stderr", "code", "words"),
    [
        ("", "Bad system call", -31, "Bad system call"),
        ("", "", -9, "exit code -9"),
        ("words", "", 0, "exit code 0"),
    ],
)
def test_attempt_counts_a_dead_probe_as_a_refusal(
    monkeypatch: pytest.MonkeyPatch, stdout: str, stderr: str, code: int, words: str
) -> None:
    ended = subprocess.CompletedProcess([], code, stdout, stderr)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: ended)
    found = attempt.try_kernel()
    assert found.failed == attempt.NAMESPACES
    assert words in found.message


def test_attempt_counts_a_hung_probe_as_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(command: list[str], **_: Any) -> None:
        raise subprocess.TimeoutExpired(command, 60)

    monkeypatch.setattr(subprocess, "run", hang)
    assert "did not end" in attempt.try_kernel().message


def test_examine_says_that_only_linux_has_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.system", lambda: "Darwin")
    findings = grader.doctor.examine()
    assert [finding.ok for finding in findings] == [False]
    assert "Darwin" in findings[0].what


@pytest.mark.slow
def test_examine_finds_nothing_amiss_on_a_machine_that_grades() -> None:
    found = attempt.try_kernel()
    if found.failed:
        pytest.skip(f"this machine offers no isolation ({found.failed}: {found.message})")
    assert [finding for finding in grader.doctor.examine() if not finding.ok] == []
