"""A session: imports the student's modules and does what the trusted side asks, one request after the other.

The student's code shares this process.  It may forge every answer; what it says is looked at from outside as a claim.
"""

from __future__ import annotations

import importlib
import importlib.abc
import os
import resource
import socket
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

from exercises.checking.student import StudentError, student_error

from .. import wire
from . import confine, settings, syscalls
from .cells import Notebook
from .confine import Limits
from .settings import Settings


class Blocked(importlib.abc.MetaPathFinder):
    """Refuses modules whose import has hung or died once already."""

    def __init__(self) -> None:
        self.reasons: dict[str, str] = {}

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name in self.reasons:
            raise ImportError(self.reasons[name])
        return None


# Given modules that measure and train, by name: as they were before any student code ran, and out of its reach.
GIVEN: dict[str, ModuleType] = {}


def remember_given() -> None:
    """In the warm process, as long as the repository is there: import the given modules that checks rely on."""
    import exercises

    GIVEN["exercises.checking.probe"] = importlib.import_module("exercises.checking.probe")
    for path in Path(exercises.__path__[0]).glob("*/training.py"):
        name = f"exercises.{path.parent.name}.training"
        GIVEN[name] = importlib.import_module(name)


def main(sock: socket.socket, limits: Limits) -> None:
    syscalls.prctl(syscalls.PR_SET_DUMPABLE, 1)
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s + 1))
    os.setsid()
    settings.one_thread()
    sys.modules["__main__"] = ModuleType("__main__")  # processes that are spawned would look for ours
    sys.path.insert(0, os.getcwd())  # the working folder
    session = Session(Path.cwd())
    sys.meta_path.insert(0, session.blocked)
    while True:
        try:
            head, blob = wire.receive(sock)
        except EOFError:
            return
        if head.get("seed") is not None:  # it comes with the first request of a check
            settings.seed_all(head["seed"])
        confine.allow_cpu(float(head["cpu_s"]))
        answer, encoder = session.answer(head, blob)
        wire.send(sock, {**answer, "n": head["n"], "tensors": encoder.shapes}, encoder.blob)


class Session:
    """The student's modules and objects, by name and number.

    A frame may bring steps to be done before what it asks for; what they give is kept under numbers chosen there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.things: dict[int, Any] = {}
        self.blocked = Blocked()
        self.settings = Settings()
        self.notebook: Notebook | None = None

    def answer(self, head: dict[str, Any], blob: bytearray) -> tuple[dict[str, Any], wire.Encoder]:
        encoder = wire.Encoder(self._keep)
        try:
            given = wire.tensors(head, blob)
            for step in head.get("before", ()):
                self.things[step["keep"]] = self._do(step, given)
            return {"value": encoder.encode(self._do(head, given))}, encoder
        except BaseException as error:  # SystemExit and KeyboardInterrupt are a student's errors too
            found = student_error(error, self.folder / "exercises" / str(head.get("assignment", "")))
            if isinstance(error, StudentError):
                found = error
            where = [list(line) for line in found.where]
            told = {"summary": found.summary, "kinds": list(found.kinds), "where": where, "about": found.about}
            return {"error": told}, wire.Encoder()

    def _do(self, head: dict[str, Any], given: wire.Tensors) -> Any:
        match head["op"]:
            case "nothing":
                return None
            case "import":
                with self.settings.put_back():
                    self._root(head["root"])
                return None
            case "block":
                self.blocked.reasons.update(head["reasons"])
                return None
            case "cell":
                kernel = head.get("kernel")
                self.notebook = self.notebook or Notebook(as_kernel=kernel is not None)
                if kernel is None:
                    return self.notebook.run(head["source"])
                return self.notebook.run_like_kernel(head["source"], **kernel)
        with self.settings.put_back():  # but for cells, which find what the one before has set
            return self._reach(head, given)

    def _reach(self, head: dict[str, Any], given: wire.Tensors) -> Any:
        """Import, read or call what a step names."""
        thing, name = self._root(head["root"])
        for attribute in head["path"]:
            if not hasattr(thing, attribute):
                raise StudentError(f"{name} has no {attribute}", ("AttributeError",))
            thing, name = getattr(thing, attribute), attribute
        if head["op"] == "call":
            arguments = wire.decode(head["args"], given, self._resolve)
            named = wire.decode(head["kwargs"], given, self._resolve)
            thing = thing(*arguments, **named)
        return thing

    def _root(self, root: Any) -> tuple[Any, str]:
        if isinstance(root, int):
            thing = self._resolve(root)
            return thing, f"a {type(thing).__name__}"
        return GIVEN.get(root) or importlib.import_module(root), f"{root.rpartition('.')[2]}.py"

    def _resolve(self, number: int, _type_name: str = "") -> Any:
        if number not in self.things:
            raise StudentError("this would have come from a step that failed")
        return self.things[number]

    def _keep(self, thing: Any) -> wire.Reference:
        number = len(self.things)  # those that the other side has chosen are negative
        self.things[number] = thing
        return wire.Reference(number, type(thing).__qualname__)
