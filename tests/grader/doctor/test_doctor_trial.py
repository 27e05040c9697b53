"""The doctor's trial of the sandbox: what it says of faults, and one real container."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.doctor import reading, trial
from grader.doctor.attempt import try_kernel


def fail_with(error: Exception) -> trial.Unreadable:
    raise error


def test_trial_tells_why_the_sandbox_did_not_start() -> None:
    (finding,) = trial.findings(lambda _: fail_with(OSError("unshare: Operation not permitted")))
    assert not finding.ok
    assert "unshare: Operation not permitted" in finding.what


def test_trial_recognises_a_container_that_hides_parts_of_proc() -> None:
    (finding,) = trial.findings(lambda _: fail_with(OSError("mount /proc: Operation not permitted")))
    assert "systempaths=unconfined" in finding.mend


def test_trial_names_files_that_the_sandbox_cannot_read() -> None:
    started, files = trial.findings(lambda _: (17, ["/opt/packages/torch/private.py"]))
    assert started.ok
    assert not files.ok
    assert "17" in files.what
    assert "/opt/packages/torch/private.py" in files.what
    assert files.mend.startswith("sudo chmod -R a+rX /")


def test_trial_is_content_where_every_file_can_be_read() -> None:
    assert all(finding.ok for finding in trial.findings(lambda _: (0, [])))


def test_reading_counts_files_and_folders_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "package").mkdir()
    for name in ("open.py", "shut.py", "package/shut.so"):
        (tmp_path / name).touch()
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    monkeypatch.setattr(os, "access", lambda path, mode: "shut" not in path)
    count, examples = reading.unreadable([str(tmp_path), str(tmp_path / "missing")])
    assert count == 3
    assert examples == sorted(str(tmp_path / name) for name in ("missing", "package/shut.so", "shut.py"))


@pytest.mark.slow
def test_trial_looks_from_inside_a_real_container(tmp_path: Path) -> None:
    """A folder that is not mounted in the sandbox is one that it cannot read, whoever owns it."""
    found = try_kernel()
    if found.failed:
        pytest.skip(f"this machine offers no isolation ({found.failed}: {found.message})")
    assert trial.look_from_inside([str(tmp_path)]) == (1, [str(tmp_path)])
