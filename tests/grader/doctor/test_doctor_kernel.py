"""The doctor's word on kernels that are made up."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.doctor import kernel
from grader.doctor.attempt import FILTER, MAP, MOUNT, NAMESPACES, READ_ONLY, USER, Attempt
from grader.doctor.finding import Finding

ALL = (NAMESPACES, MOUNT, READ_ONLY, USER, MAP, FILTER)
HEALTHY = Attempt(done=ALL, landlock=7)
REFUSED = Attempt(failed=NAMESPACES, error="EPERM", message="unshare: Operation not permitted")


def machine(root: Path, settings: dict[str, str] | None = None, *, seccomp: int = 0, mark: str = "") -> Path:
    """A root folder with settings below /proc/sys, this process's status, and perhaps a container's mark."""
    for path, value in (settings or {}).items():
        place = root / "proc/sys" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"{value}\n")
    status = root / "proc/self/status"
    status.parent.mkdir(parents=True, exist_ok=True)
    status.write_text(f"Name:\tpython\nSeccomp:\t{seccomp}\n")
    if mark:
        (root / mark).parent.mkdir(parents=True, exist_ok=True)
        (root / mark).touch()
    return root


def not_ok(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.name: finding for finding in findings if not finding.ok}


def test_doctor_finds_nothing_on_a_healthy_kernel(tmp_path: Path) -> None:
    findings = kernel.findings(HEALTHY, machine(tmp_path, {"user/max_user_namespaces": "1000"}))
    assert not_ok(findings) == {}
    assert [finding.mend for finding in findings] == [""] * len(findings)


@pytest.mark.parametrize(
    ("path", "value", "mend"),
    [
        ("user/max_user_namespaces", "0", "sudo sysctl -w user.max_user_namespaces=15000"),
        ("kernel/unprivileged_userns_clone", "0", "sudo sysctl -w kernel.unprivileged_userns_clone=1"),
        (
            "kernel/apparmor_restrict_unprivileged_userns",
            "1",
            "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
        ),
    ],
)
def test_doctor_names_the_setting_that_forbids_namespaces(tmp_path: Path, path: str, value: str, mend: str) -> None:
    found = not_ok(kernel.findings(REFUSED, machine(tmp_path, {path: value})))
    assert found[path.replace("/", ".")].mend.endswith(mend)
    assert found["namespaces"].mend == "mend what is named above, then run this again"
    assert "Operation not permitted" in found["namespaces"].what


def test_doctor_leaves_a_setting_alone_where_namespaces_work_all_the_same(tmp_path: Path) -> None:
    root = machine(tmp_path, {"kernel/apparmor_restrict_unprivileged_userns": "1"})
    assert not_ok(kernel.findings(HEALTHY, root)) == {}


def test_doctor_recognises_apparmor_by_the_refused_map_of_ids(tmp_path: Path) -> None:
    """Ubuntu lets the namespace be made and refuses the first use of its rights."""
    attempt = Attempt((NAMESPACES,), MAP, "EPERM", "Operation not permitted")
    root = machine(tmp_path, {"kernel/apparmor_restrict_unprivileged_userns": "1"})
    assert "kernel.apparmor_restrict_unprivileged_userns" in not_ok(kernel.findings(attempt, root))


@pytest.mark.parametrize(("seccomp", "mark"), [(2, ""), (0, ".dockerenv"), (0, "run/.containerenv")])
def test_doctor_names_the_flags_of_a_container_that_refuses_namespaces(tmp_path: Path, seccomp: int, mark: str) -> None:
    found = not_ok(kernel.findings(REFUSED, machine(tmp_path, seccomp=seccomp, mark=mark)))
    assert "--security-opt seccomp=unconfined" in found["container"].mend


def test_doctor_does_not_blame_a_container_for_a_used_up_number(tmp_path: Path) -> None:
    """The kernel says ENOSPC where max_user_namespaces is reached; a filter or missing rights end in EPERM."""
    attempt = Attempt(failed=NAMESPACES, error="ENOSPC", message="unshare: No space left on device")
    root = machine(tmp_path, {"user/max_user_namespaces": "0"}, mark=".dockerenv")
    assert set(not_ok(kernel.findings(attempt, root))) == {
        "user.max_user_namespaces",
        "namespaces",
        "mount_setattr",
        "seccomp",
    }


def test_doctor_admits_that_it_knows_no_cause(tmp_path: Path) -> None:
    found = not_ok(kernel.findings(REFUSED, machine(tmp_path)))
    assert "container" not in found
    assert "unshare -Ur true" in found["namespaces"].mend


def test_doctor_names_a_kernel_without_mount_setattr(tmp_path: Path) -> None:
    attempt = Attempt((NAMESPACES, MOUNT), READ_ONLY, "ENOSYS", "Function not implemented", landlock=0)
    found = not_ok(kernel.findings(attempt, machine(tmp_path)))
    assert "5.12" in found["mount_setattr"].mend
    assert found["seccomp"].what.startswith("could not be tried")
    assert "namespaces" not in found


def test_doctor_names_a_kernel_without_system_call_filters(tmp_path: Path) -> None:
    attempt = Attempt((NAMESPACES, MOUNT, READ_ONLY, USER, MAP), FILTER, "EINVAL", "seccomp: Invalid argument", 1)
    found = not_ok(kernel.findings(attempt, machine(tmp_path)))
    assert list(found) == ["seccomp"]
    assert "CONFIG_SECCOMP_FILTER" in found["seccomp"].mend


def test_doctor_does_not_insist_on_landlock() -> None:
    finding = kernel.landlock(Attempt(done=ALL, landlock=0))
    assert finding.ok
    assert "lsm=" in finding.mend


@pytest.mark.parametrize("failed", [NAMESPACES, USER, MAP, MOUNT, READ_ONLY])
def test_the_reduced_isolation_does_without_what_the_full_one_is_refused(failed: str, tmp_path: Path) -> None:
    refused = Attempt(failed=failed, error="EPERM", message="Operation not permitted", landlock=5)
    root = machine(tmp_path, {"user/max_user_namespaces": "0"}, mark=".dockerenv")
    assert not_ok(kernel.findings(refused, root))
    assert not_ok(kernel.findings(refused, root, reduced=True)) == {}


def test_the_reduced_isolation_needs_its_filter(tmp_path: Path) -> None:
    unfiltered = Attempt(failed=FILTER, error="EINVAL", message="seccomp: Invalid argument", landlock=5)
    assert not_ok(kernel.findings(unfiltered, machine(tmp_path), reduced=True)).keys() == {"seccomp"}
