"""What surrounds the gauntlet: secrets that nobody may read, listeners that nobody may reach, what was there before.

Everything lies in one folder of the run's own. Attacks are told where things are, so that no attack fails for want of a
path; what they leave behind is found by looking at everything again after the run.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import secrets
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import psutil

from exercises.assignment import load_assignment
from grader import repository
from grader.course.folder import Course
from grader.repository import REPOSITORY

NOT_OURS = {".git", ".venv", "build", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"}
SMALL = 1 << 20  # files up to this size are compared by content
PR_SET_CHILD_SUBREAPER = 36
RELEASED = {"assignment", "notebook", "base_cell", "grade_cells", "solution_cells", "source_cells", "task_cells"}
OTHER = "bystander"  # a student whose submission nobody may read

Fingerprint = dict[str, str]


class Listener:
    """A socket that writes down who connects.  Nobody should."""

    def __init__(self, sock: socket.socket, name: str) -> None:
        self._socket, self.name = sock, name
        self.connections: list[str] = []
        sock.listen(16)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with suppress(OSError):  # closed
            while True:
                connection, _ = self._socket.accept()
                connection.settimeout(1.0)
                with connection, suppress(OSError):
                    self.connections.append(repr(connection.recv(200)))

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread
        self._socket.close()


@dataclass(frozen=True)
class Harm:
    """What a run has done outside of its own folders.  All empty where every wall held."""

    connections: tuple[str, ...]
    touched: tuple[str, ...]
    running: tuple[str, ...]


class Surroundings:
    """As a context manager around a whole run, with a course in `stage`/course.

    Attributes:
        mark:     part of the name of every file that an attack writes, of this run alone.
        canaries: where a secret lies -> texts that give it away.
        known:    what stands for @NAME@ in an attack on any assignment; `known_in` has what depends on it, too.

    Args:
        stage:       a folder of the run's own.
        assignments: those that are graded.
    """

    def __init__(self, stage: Path, assignments: Sequence[str]) -> None:
        self._assignments = tuple(assignments)
        self.stage, self.course = stage.resolve(), Course(stage.resolve() / "course")
        self.mark = f"gauntlet-{secrets.token_hex(6)}"
        self.bait = self.stage / "bait"
        self._random = {name: f"canary-{secrets.token_hex(12)}" for name in ("environment", "home", OTHER)}
        self.canaries: dict[str, tuple[str, ...]] = {
            **{name: (value,) for name, value in self._random.items()},
            "solutions": _staff_lines(assignments, repository.solutions, "**/*.toml", "right_answers/*/about.txt"),
            "hidden checks": _staff_lines(assignments, repository.hidden_checks, "*.py"),
        }
        self._packed = {name: ["".join(one.split()) for one in secret] for name, secret in self.canaries.items()}

    def __enter__(self) -> Surroundings:
        self._before: Fingerprint = {}
        self._earlier = set(psutil.Process().children(recursive=True))  # what other tests keep running
        os.environ["GAUNTLET_CANARY"] = self._random["environment"]
        self.bait.mkdir(parents=True)
        (self.bait / "netrc").write_text(self._random["home"])
        mine = self.stage / "tmp"  # whatever the grader makes for itself has to be gone from here afterwards
        mine.mkdir()
        self._temporary = os.environ.get("TMPDIR")
        os.environ["TMPDIR"] = str(mine)
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # whoever loses its parent below us is found
        path, abstract = str(self.stage / "socket"), f"\0{self.mark}"
        tcp, unix, hidden = socket.socket(), socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
        tcp.bind(("127.0.0.1", 0))
        unix.bind(path)
        hidden.bind(abstract)
        port = tcp.getsockname()[1]
        self.listeners = [Listener(tcp, "TCP"), Listener(unix, "Unix"), Listener(hidden, "abstract Unix")]
        self.known = {
            "COURSE": str(self.course.root),
            "REPOSITORY": str(REPOSITORY),
            "BAIT": str(self.bait),
            "HOME": str(Path.home()),
            "MARK": self.mark,
            "PORT": str(port),
            "SOCKET": path,
            "PID": str(os.getpid()),
        }
        return self

    def known_in(self, assignment: str) -> dict[str, str]:
        """What stands for @NAME@ in an attack on this assignment: @OTHER@ is another student's submission of it."""
        return {**self.known, "OTHER": str(self.course.submitted(assignment, OTHER))}

    def hand_in_bystander(self) -> None:
        """Another student's submissions, with a secret in them; they are not graded."""
        for assignment in self._assignments:
            folder = self.course.submitted(assignment, OTHER) / "exercises" / assignment
            folder.mkdir(parents=True)
            for name in load_assignment(assignment).modules:
                text = (repository.solutions(assignment) / f"{name}.py").read_text(encoding="utf-8")
                (folder / f"{name}.py").write_text(f'"""{self._random[OTHER]}"""\n{text}', encoding="utf-8")

    def remember(self) -> None:
        """Take down how everything looks; to be called when the course is complete and before anything is graded."""
        self._secret_files = {path: path.read_bytes() for path in [self.course.root / "course.secret"]}
        self._before = self._look()

    def leaks(self, *texts: str) -> list[str]:
        """Where the secrets come from that these texts give away."""
        told = "\n".join(
            "".join(text.split()) for text in texts
        )  # without blanks: no secret goes over the end of a line
        return [name for name, secret in self._packed.items() if any(one in told for one in secret)]

    def harm(self) -> Harm:
        """What has changed since `remember`; to be called when the run's pools have ended."""
        after = self._look()
        touched = sorted(name for name in {*self._before, *after} if self._before.get(name) != after.get(name))
        touched += [str(path) for path, content in self._secret_files.items() if path.read_bytes() != content]
        reached = [f"{one.name}: {said}" for one in self.listeners for said in one.connections]
        return Harm(tuple(reached), tuple(touched), tuple(_descendants(self._earlier)))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for listener in self.listeners:
            listener.close()
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
        os.environ.pop("GAUNTLET_CANARY", None)
        if self._temporary is None:
            os.environ.pop("TMPDIR", None)
        else:
            os.environ["TMPDIR"] = self._temporary

    def _look(self) -> Fingerprint:
        """Everything that a run must leave as it is, beside what the grader itself writes into its course."""
        found = dict(_tree(REPOSITORY))
        found |= dict(_tree(self.bait)) | dict(_tree(self.stage / "tmp"))
        for entry in self.course.root.iterdir():
            if not entry.name.startswith(("gradebook.db", "verdicts.db", "autograded", "autograding.lock", "feedback")):
                found |= dict(_tree(entry))
        for folder in ("/", "/tmp", "/var/tmp", "/dev/shm", Path.home(), REPOSITORY.parent, Path.cwd()):
            found |= {str(path): "there" for path in Path(folder).glob(f"*{self.mark}*")}  # others work here too
        return found | dict(_gradebook(self.course))


def words_of(value: Any) -> Iterator[str]:
    """Every text in a nested JSON value, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from words_of(key)
            yield from words_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from words_of(item)


def words_in(text: str) -> list[str]:
    """Every text in a JSON document."""
    return list(words_of(json.loads(text)))


def _tree(folder: Path) -> Iterator[tuple[str, str]]:
    """(path, what it looks like) of everything below a folder, or of a single file.  Links are not followed."""
    if folder.is_symlink() or not folder.is_dir():
        yield str(folder), _looks(folder)
        return
    for directory, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in NOT_OURS and not name.startswith("torchinductor_")]
        yield directory, "folder"
        for name in files + [name for name in folders if os.path.islink(os.path.join(directory, name))]:
            path = Path(directory, name)
            if path.suffix != ".pyc":
                yield str(path), _looks(path)


def _looks(path: Path) -> str:
    try:
        facts = path.lstat()
        if path.is_symlink():
            return f"link to {os.readlink(path)}"
        content = ""
        if path.is_file() and facts.st_size <= SMALL:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
        return f"{facts.st_mode} {facts.st_size} {facts.st_mtime_ns} {content}"
    except OSError as error:
        return f"{type(error).__name__}"


def _gradebook(course: Course) -> Iterator[tuple[str, str]]:
    """The rows of the gradebook that no grading may change: points and texts of the released cells."""
    if not course.gradebook.exists():
        return
    with closing(sqlite3.connect(f"file:{course.gradebook}?mode=ro", uri=True)) as database:
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in (name for name in names if name in RELEASED):
            rows = database.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()
            yield f"gradebook, {table}", hashlib.sha256(repr(rows).encode()).hexdigest()


def _staff_lines(assignments: Iterable[str], place: Callable[[str], Path], *patterns: str) -> tuple[str, ...]:
    """Telling lines of files that only staff have: neither words that verdicts show, nor lines that students have.

    Args:
        place:    from an assignment to the folder of such files.
        patterns: of their paths in it.
    """
    lines: set[str] = set()
    public: set[str] = set()
    for name in assignments:
        theirs = [*repository.exercises(name).rglob("*.py"), *repository.solutions(name).glob("*.py")]
        public |= {"".join(line.split()) for line in _lines(theirs)}  # a submission is right
        lines |= {line.strip() for pattern in patterns for line in _lines(place(name).glob(pattern))}
    telling = {line for line in lines if len("".join(line.split())) >= 36 and "hint=" not in line}
    return tuple(sorted(line for line in telling if "".join(line.split()) not in public and _is_code(line)))


def _lines(files: Iterable[Path]) -> list[str]:
    return [line for path in files for line in path.read_text(encoding="utf-8").splitlines()]


def _is_code(line: str) -> bool:
    """Hints and ideas are told to students, and what is imported is theirs; what a check computes is not."""
    return "idea=" not in line and "expected=" not in line and not line.startswith(('"', 'f"', "from "))


def _descendants(earlier: set[psutil.Process]) -> list[str]:
    """Processes below this one, but for the earlier ones and for what multiprocessing keeps for itself."""
    found = []
    for process in set(psutil.Process().children(recursive=True)) - earlier:
        with suppress(psutil.Error):
            command = " ".join(process.cmdline()) or process.name()
            if process.status() != psutil.STATUS_ZOMBIE and "resource_tracker" not in command:
                found.append(f"{process.pid} {command[:120]}")
    return found
