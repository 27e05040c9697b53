"""What students get runs on Windows and macOS too: read for what only POSIX has, and run as a Windows console would.

No Windows machine is here: files are read for what is missing there, consoles and locales are set as they are there,
and functions that meet paths are given those of a Windows machine.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath
from types import SimpleNamespace

import pytest

from exercises.assignment import assignment_names, load_assignment
from exercises.checking import errors, fresh
from exercises.checking.catalogue import public_checks
from exercises.checking.errors import student_error
from exercises.recording import notes, recording
from grader.authoring.galleries import solution_files
from grader.release.bundle import student_bundle, write_folder

POSIX_MODULES = {
    *("crypt", "curses", "fcntl", "grp", "nis", "posix", "pty", "pwd", "readline", "resource", "spwd", "syslog"),
    *("termios", "tty"),
}
POSIX_NAMES = {  # of os, signal, time, socket
    *("SIGALRM", "SIGCHLD", "SIGHUP", "SIGKILL", "SIGSTOP", "SIGUSR1", "SIGUSR2", "SIGXCPU", "WNOHANG", "AF_UNIX"),
    *("alarm", "chown", "chroot", "fchmod", "fork", "forkpty", "getegid", "geteuid", "getgid", "getloadavg", "getpgid"),
    *("getuid", "killpg", "mkfifo", "nice", "pidfd_open", "pthread_kill", "sched_getaffinity", "sched_setaffinity"),
    *("setitimer", "setpgid", "setsid", "setuid", "statvfs", "sysconf", "tzset", "uname", "waitpid", "waitid"),
}
GUARDS = ("os.name", "sys.platform", "hasattr(")
TEXT_METHODS = {"read_text", "write_text"}
LONG_S = 300
WINDOWS = PureWindowsPath(r"C:\Users\Zoë Müller\Übung 2: digits\exercises\digits")
CONSOLES = {
    "windows": {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"},
    "locale C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},  # files are ASCII unless they say more
}
COUNT = sum(check.task == "receptive_field" for check in public_checks(load_assignment("digits")))
ALL_PASS = f"{COUNT} of {COUNT} public checks passed"
SPEAKING = "print('Größe → 3² ≥ 2 🙂')\n"


def released_modules() -> dict[str, bytes]:
    """Every Python file that any student gets, by its path in the folder."""
    bundles = [student_bundle(name) for name in assignment_names()]
    return {path: text for bundle in bundles for path, text in bundle.items() if path.endswith(".py")}


def unguarded(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those below an `if` that asks which system this is."""
    for node in ast.iter_child_nodes(tree):
        yield node
        guarded = isinstance(node, ast.If) and any(word in ast.unparse(node.test) for word in GUARDS)
        if not guarded:
            yield from unguarded(node)


def only_on_posix(text: bytes) -> Iterator[str]:
    for node in unguarded(ast.parse(text)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names if alias.name.split(".")[0] in POSIX_MODULES]
        elif isinstance(node, ast.ImportFrom):
            taken = {alias.name for alias in node.names} & POSIX_NAMES if node.module in ("os", "signal") else set()
            names = [*taken, *({str(node.module).split(".")[0]} & POSIX_MODULES if not node.level else ())]
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("os", "signal", "time", "socket"):
            names = [node.attr] if node.attr in POSIX_NAMES else []
        elif isinstance(node, ast.keyword):
            names = [str(node.arg)] if node.arg in ("preexec_fn", "start_new_session", "pass_fds") else []
        yield from (f"line {getattr(node, 'lineno', '?')}: {name}" for name in names)


def without_encoding(text: bytes) -> Iterator[str]:
    """Where a file, or what a process says, is read or written in whatever encoding the machine has."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func).rpartition(".")[2]
        given = {keyword.arg: keyword.value for keyword in node.keywords}
        words = [one.value for one in [*node.args, *given.values()] if isinstance(one, ast.Constant)]
        opened = name == "open" and not any(isinstance(word, str) and "b" in word for word in words)
        opened = opened and ast.unparse(node.func) not in ("Image.open", "tarfile.open", "wave.open")
        as_text = name in ("run", "Popen", "check_output") and ({"text", "universal_newlines"} & set(given))
        if (name in TEXT_METHODS or opened or as_text) and "encoding" not in given:
            yield f"line {node.lineno}: {ast.unparse(node)[:60]}"


def test_nothing_that_students_get_is_there_on_posix_alone() -> None:
    found = {path: list(only_on_posix(text)) for path, text in released_modules().items()}
    assert len(found) > 150
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_nothing_that_students_get_leaves_an_encoding_to_the_machine() -> None:
    found = {path: list(without_encoding(text)) for path, text in released_modules().items()}
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "line",
    [
        *("import fcntl", "from resource import getrusage", "import os\nos.fork()", "from signal import SIGKILL"),
        *("import signal\ndef f():\n    signal.alarm(3)", "run(x, preexec_fn=f)"),
    ],
)
def test_what_only_posix_has_is_seen(line: str) -> None:
    assert list(only_on_posix(line.encode()))
    guarded = "import os\nif os.name == 'posix':\n" + "\n".join(f"    {one}" for one in line.splitlines())
    assert not list(only_on_posix(guarded.encode()))


@pytest.mark.parametrize("line", ["open(x)", "open(x, 'w')", "path.read_text()", "subprocess.run(x, text=True)"])
def test_an_encoding_that_is_left_to_the_machine_is_seen(line: str) -> None:
    assert list(without_encoding(line.encode()))
    mended = f"{line[:-1]}, encoding='utf-8')".replace("(, ", "(")
    assert not list(without_encoding(mended.encode()))


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("Übung 2") / "digits"
    bundle = student_bundle("digits")
    bundle["exercises/digits/receptive_field.py"] = solution_files("digits")["receptive_field"].encode()
    write_folder(bundle, folder)
    return folder


@pytest.fixture
def folder(released: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(released, tmp_path / "Übung 2" / "digits"))


def run(folder: Path, console: str, *words: str) -> tuple[int, str]:
    """The exit code of a command, and all that it wrote, as that console reads it."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "LANG")}
    done = subprocess.run(
        [sys.executable, "-m", "exercises", *words],
        cwd=folder,
        env={**environment, **CONSOLES[console]},
        capture_output=True,
        timeout=LONG_S,
    )
    said = done.stdout + done.stderr
    assert b"Traceback" not in said
    return done.returncode, said.decode("cp1252" if console == "windows" else "utf-8")


@pytest.mark.parametrize("console", CONSOLES)
def test_every_command_speaks_to_a_console_that_lacks_characters(folder: Path, console: str) -> None:
    module = folder / "exercises" / "digits" / "receptive_field.py"
    module.write_text(module.read_text(encoding="utf-8") + SPEAKING, encoding="utf-8")
    status, said = run(folder, console, "check", "digits", "receptive_field")
    assert status == 0 and ALL_PASS in said
    assert ("printed   Größe ? 3²" if console == "windows" else "printed   Gr") in said
    assert run(folder, console, "check", "digits", "pooling")[0] == 1
    status, said = run(folder, console, "pack", "digits")
    assert status == 0 and "not written yet" in said and "digits-submission.zip" in said
    assert "public checks" in said


@pytest.mark.slow
@pytest.mark.parametrize("console", CONSOLES)
def test_doctor_speaks_to_a_console_that_lacks_characters(folder: Path, console: str) -> None:
    status, said = run(folder, console, "doctor")
    assert status == 0 and "ok     import torch" in said
    (folder / "random.py").write_text("", encoding="utf-8")
    status, said = run(folder, console, "doctor")
    assert status == 1 and "random.py" in said and "FAULT" in said


def test_a_notebook_reads_a_report_whatever_the_console_is(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = folder / "exercises" / "digits" / "receptive_field.py"
    module.write_text(module.read_text(encoding="utf-8") + SPEAKING, encoding="utf-8")
    monkeypatch.setattr(fresh, "ROOT", folder)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    for name, value in CONSOLES["windows"].items():
        monkeypatch.setenv(name, value)
    report = fresh._run("digits", "receptive_field")
    assert report.passed and "Größe → 3² ≥ 2 🙂" in report.verdicts[0].printed


def test_line_ends_of_windows_change_nothing(folder: Path) -> None:
    module = folder / "exercises" / "digits" / "receptive_field.py"
    for path in [*folder.rglob("*.py"), *folder.glob("*.ipynb"), *folder.rglob("*.toml"), *folder.rglob("*.json")]:
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    status, said = run(folder, "windows", "check", "digits", "receptive_field")
    assert status == 0 and ALL_PASS in said and "grading will not take" not in said
    status, said = run(folder, "windows", "pack", "digits")
    assert status == 0 and "never run for pooling" in said and "grading will not take" not in said
    lines = module.read_bytes().splitlines()
    place = next(k for k, line in enumerate(lines) if line.lstrip().startswith(b"return"))
    lines[place] = lines[place][: len(lines[place]) - len(lines[place].lstrip())] + b"return 1 / 0"
    module.write_bytes(b"\r\n".join(lines))
    _, said = run(folder, "windows", "check", "digits", "receptive_field")
    assert f"(receptive_field.py, line {place + 1}: return 1 / 0)" in said


def raised(text: str, file: str) -> BaseException:
    """What code raises that lies in this file."""
    try:
        exec(compile(text, file, "exec"), {})
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def test_an_error_in_a_file_of_windows_names_file_and_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errors, "Path", PureWindowsPath)
    text = "def f(x):\n    return x / 0\n\nf(1)\n"
    found = student_error(raised(text, rf"{WINDOWS}\blocks.py"), WINDOWS)  # type: ignore[arg-type]
    assert [place[:2] for place in found.where] == [("blocks.py", 4), ("blocks.py", 2)]
    other = PureWindowsPath(str(WINDOWS).lower())  # Windows makes no difference between these
    assert student_error(raised(text, rf"{other}\blocks.py"), WINDOWS).place == ("blocks.py", 2)  # type: ignore[arg-type]
    found = student_error(raised("x = (", rf"{WINDOWS}\blocks.py"), WINDOWS)  # type: ignore[arg-type]
    assert found.place == ("blocks.py", 1) and "C:" not in found.got


def test_a_message_is_without_the_students_folder_on_windows_too() -> None:
    file = rf"{WINDOWS}\words.txt"
    for error in (FileNotFoundError(2, "No such file", file), ValueError(f"cannot read {file}: no words")):
        summary = student_error(error, WINDOWS).summary  # type: ignore[arg-type]
        assert "words.txt" in summary and "Users" not in summary and "C:" not in summary


def test_a_crash_in_a_file_of_windows_names_file_and_line(monkeypatch: pytest.MonkeyPatch) -> None:
    root = WINDOWS.parent.parent
    monkeypatch.setattr(fresh, "Path", PureWindowsPath)
    monkeypatch.setattr(fresh, "ROOT", root)
    words = (
        "Windows fatal exception: access violation\n\nCurrent thread 0x00001a2c (most recent call first):\n"
        '  File "C:\\Program Files\\Python311\\Lib\\ctypes\\__init__.py", line 519 in string_at\n'
        f'  File "{root}\\exercises\\digits\\recipe.py", line 5 in crash\n'
    )
    assert fresh._early_end("digits", 3221225477, words) == "Python crashed in recipe.py, line 5: access violation"


def test_a_place_in_a_record_is_a_file_and_not_torchs(monkeypatch: pytest.MonkeyPatch) -> None:
    def frame(file: str, back: object = None) -> SimpleNamespace:
        code = SimpleNamespace(co_filename=file)
        return SimpleNamespace(f_globals={"__name__": "some.module"}, f_code=code, f_lineno=7, f_back=back)

    inner = frame(r"C:\Python311\Lib\site-packages\torch\nn\functional.py", frame(rf"{WINDOWS}\blocks.py"))
    monkeypatch.setattr("exercises.recording.notes.sys", SimpleNamespace(_getframe=lambda _: inner))
    place = notes.place_of("x.item()")
    assert recording._told(place) == ["x.item()", "blocks.py", 7]
    assert recording._told(notes.Place("/tmp/box/exercises/digits/blocks.py", 7, "f"))[1] == "blocks.py"
