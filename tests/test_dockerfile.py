"""The image for grading inside a container: what goes into it, and that docs/docker.md's command grades with it."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
PAGE = REPOSITORY / "docs" / "docker.md"
COPIED = {"constraints.txt", "pyproject.toml", "datasets", "docs", "exercises", "grader", "solutions"}


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions as (name, the rest as one line), without comments."""
    lines = (REPOSITORY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.startswith("#"))
    whole = [line.strip() for line in text.replace("\\\n", " ").splitlines() if line.strip()]
    return [(name, " ".join(rest.split())) for name, _, rest in (line.partition(" ") for line in whole)]


def values(name: str) -> list[str]:
    return [rest for instruction, rest in instructions() if instruction == name]


def run_command(*program: str) -> list[str]:
    """The page's `docker run`, with another program at its end and without its volume."""
    text = PAGE.read_text(encoding="utf-8").replace("\\\n", " ")
    (line,) = re.findall(r"^ +(docker run .* digits-grader) python -m grader doctor$", text, re.MULTILINE)
    return [*shlex.split(line.replace('-v "$PWD/course:/course"', "")), *program]


def test_dockerfile_takes_every_version_from_the_constraints() -> None:
    installs = re.findall(r"pip install ([^&]+)", " ".join(values("RUN")))
    assert len(installs) == 2
    assert all("-c constraints.txt" in install for install in installs)
    assert not re.search(r"==|https?:|index-url|find-links", " ".join(rest for _, rest in instructions()))


def test_dockerfile_keeps_the_environment_apart_from_the_repository() -> None:
    """The sandbox shows student code the whole environment, and the repository holds the solutions."""
    (repository,) = map(Path, values("WORKDIR"))
    (environment,) = map(Path, re.findall(r"-m venv (\S+)", " ".join(values("RUN"))))
    assert not environment.is_relative_to(repository)
    assert not repository.is_relative_to(environment)
    assert not repository.is_relative_to("/usr")


def test_dockerfile_ends_as_an_unprivileged_user() -> None:
    assert values("USER")[-1] not in ("root", "0")


def test_dockerignore_lets_only_the_code_in() -> None:
    """No course folder, .git, environment or build output: what is not named stays out."""
    lines = (REPOSITORY / ".dockerignore").read_text(encoding="utf-8").splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    assert patterns[0] == "*"
    assert {pattern[1:] for pattern in patterns if pattern.startswith("!")} == COPIED
    assert not values("ADD")
    assert all((REPOSITORY / name).exists() for name in COPIED)


def test_run_command_adds_no_rights_of_the_machine() -> None:
    command = run_command()
    assert "--cap-drop" in command
    assert not {"--privileged", "--cap-add", "--pid", "--ipc"} & set(command)
    assert command[command.index("--network") + 1] == "none"


def output(*command: str, timeout_s: float = 120) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout_s, cwd=REPOSITORY)


@pytest.fixture(scope="module")
def image() -> Iterator[str]:
    """An image built from this checkout, by docker; skipped where there is no docker or no base image."""
    if shutil.which("docker") is None or output("docker", "info").returncode != 0:
        pytest.skip("no docker with a running daemon here")
    (base,) = (value.partition("=")[2] for value in values("ARG"))
    if output("docker", "image", "inspect", base).returncode != 0:
        pulled = output("docker", "pull", "--quiet", base, timeout_s=600)
        if pulled.returncode != 0:
            pytest.skip(f"the base image {base} is neither here nor to be had: {pulled.stderr.strip()[-200:]}")
    name = f"digits-grader-test-{uuid.uuid4().hex[:8]}"
    built = output("docker", "build", "--tag", name, ".", timeout_s=3600)
    assert built.returncode == 0, built.stdout[-2000:] + built.stderr[-2000:]
    yield name
    output("docker", "image", "rm", name)


def in_container(image: str, *program: str) -> subprocess.CompletedProcess[str]:
    """Run a program with the page's command, as a user that the image does not know."""
    words = {"digits-grader": image, "$(id -u):$(id -g)": "4321:4321"}
    return output(*(words.get(word, word) for word in run_command(*program)), timeout_s=1200)


@pytest.mark.slow
def test_doctor_finds_nothing_in_the_container(image: str) -> None:
    ended = in_container(image, "python", "-m", "grader", "doctor")
    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.slow
def test_demo_grades_in_the_container(image: str) -> None:
    ended = in_container(image, "python", "-m", "grader", "demo", "--size", "3", "--out", "/tmp/demo")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "3 of 3 as due" in ended.stdout


@pytest.mark.slow
def test_student_code_finds_no_repository_in_the_container(image: str) -> None:
    """What student code sees is asked from inside the sandbox, inside the container."""
    module = "import os\ndef there(path):\n    return os.path.exists(path)\n"
    program = f"""
from pathlib import Path
from grader.repository import REPOSITORY
from grader.sandbox.outside.container import Container
from grader.sandbox.outside.budget import Allowance, Budget
from grader.sandbox.outside.student import RemoteStudent
files = {{"exercises/__init__.py": b"", "exercises/look/__init__.py": b""}}
files["exercises/look/blocks.py"] = {module!r}.encode()
with Container(files) as container:
    student = RemoteStudent(container, "look", {{}}, Budget(request=Allowance(cpu_s=10, wall_s=60)))
    paths = ["/opt/venv/bin/python", "/course", str(REPOSITORY), str(REPOSITORY / "solutions")]
    print([bool(student.blocks.there(path)) for path in paths])
    student.fresh_process()
"""
    ended = in_container(image, "python", "-c", program)
    assert ended.stdout.strip() == "[True, False, False, False]", ended.stdout + ended.stderr
