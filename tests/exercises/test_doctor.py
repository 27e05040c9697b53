"""Faults of an installation are named, each with what mends it."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from exercises import doctor
from exercises.doctor import findings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every import works: each would take seconds."""
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=0, stderr=""))


def faults(root: Path = ROOT) -> dict[str, tuple[str, str]]:
    return {one.what: (one.fault, one.mended) for one in findings(root) if one.fault}


def test_this_installation_has_no_fault() -> None:
    assert faults() == {}
    assert len(list(findings(ROOT))) == 11


def test_missing_packages_are_named_and_not_looked_at_further(monkeypatch: pytest.MonkeyPatch) -> None:
    find = doctor.importlib.util.find_spec
    monkeypatch.setattr(
        doctor.importlib.util, "find_spec", lambda name: None if name in ("torchaudio", "soundfile") else find(name)
    )
    [(fault, mended)] = faults().values()
    assert "torchaudio, soundfile" in fault and mended.startswith(
        "python -m pip install -r requirements.txt, or activate"
    )


def test_a_foreign_datasets_package_is_named(tmp_path: Path) -> None:
    found = faults(tmp_path)
    assert "Hugging Face" in found["package datasets"][0] and str(ROOT / "datasets") in found["package datasets"][0]
    assert f"sys.path.insert(0, {str(tmp_path)!r})" in found["package datasets"][1]


@pytest.mark.parametrize(
    ("versions", "requires", "words"),
    [
        ({"torch": "2.9.1+cpu", "torchvision": "0.26.0+cpu"}, ["torch==2.11.0"], "was built for torch 2.11.0"),
        ({"torch": "2.11.0+cpu", "torchvision": "0.26.0+cu126"}, ["torch (==2.11.0)"], "cpu and cu126"),
        ({"torch": "2.11.0", "torchvision": "0.26.0+cpu"}, ["numpy", "torch==2.11.0"], ""),
    ],
)
def test_builds_that_do_not_match_are_named(
    monkeypatch: pytest.MonkeyPatch, versions: dict[str, str], requires: list[str], words: str
) -> None:
    monkeypatch.setattr(doctor.importlib.metadata, "version", lambda name: versions[name])
    monkeypatch.setattr(doctor.importlib.metadata, "requires", lambda name: requires)
    found = doctor._match("torchvision")
    assert words in found.fault and bool(found.fault) == bool(words)
    assert not words or "torch torchvision torchaudio" in found.mended


@pytest.mark.parametrize(
    ("name", "error", "mended"),
    [
        ("soundfile", "OSError: sndfile library not found", "apt-get install libsndfile1"),
        (
            "torchvision",
            "RuntimeError: operator torchvision::nms does not exist",
            "--force-reinstall torch torchvision",
        ),
    ],
)
def test_an_import_that_fails_is_named_with_its_last_words(
    monkeypatch: pytest.MonkeyPatch, name: str, error: str, mended: str
) -> None:
    failed = SimpleNamespace(returncode=1, stderr=f"Traceback\n  somewhere\n{error}\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: failed)
    found = doctor._imported(name)
    assert found.fault == error and mended in found.mended


def test_an_import_that_hangs_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(*_: Any, **__: Any) -> None:
        raise subprocess.TimeoutExpired("python", 120)

    monkeypatch.setattr(subprocess, "run", hang)
    assert "does not end" in doctor._imported("torch").fault


def test_an_old_python_is_named() -> None:
    assert doctor._python((3, 10)).fault == "this is 3.10, and 3.11 or newer is needed"
    assert doctor._python((3, 12)).fault == ""


def test_a_python_without_typer_is_told_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "typer", None)
    monkeypatch.setattr(doctor.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(ROOT / "exercises" / "__main__.py"))
    assert ended.value.code == 2
    assert "do this: python -m pip install -r requirements.txt" in capsys.readouterr().out
