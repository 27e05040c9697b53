"""A session: imports the student's modules and does what the trusted side asks, one request after the other.

The student's code shares this process.  It may forge every answer; what it says is looked at from outside as a claim.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.abc
import os
import resource
import socket
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

from exercises.assignment import FRAMEWORK_MODULES, assignment_names, load_assignment
from exercises.checking.errors import StudentError, student_error
from exercises.checking.excess import refuse_excess, room_for_answer
from exercises.checking.named import function_of
from exercises.checking.plain import Room, TooLargeError, is_built, kind_of, unpacked
from exercises.checking.seeding import seed_all

from .. import protocol, wire
from ..message import Message
from . import confine, syscalls
from .cells import Notebook
from .confine import Limits
from .memory import OUT_OF_MEMORY, Reserve, is_out_of_memory, used_up
from .settings import Settings

CELLS = (protocol.Cell, protocol.KernelCell)  # whose outputs have a cap of their own


class Blocked(importlib.abc.MetaPathFinder):
    """Refuses modules whose import has hung or died once already."""

    def __init__(self) -> None:
        self.reasons: dict[str, str] = {}

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name in self.reasons:
            raise ImportError(self.reasons[name])
        return None


# Given modules that measure and train, by dotted name: as they were before any student code ran, and out of its reach.
GIVEN: dict[str, ModuleType] = {}
BROKEN: dict[str, str] = {}  # those that could not be imported, with what that raised: no copy of a student's counts
FRAMEWORK: dict[str, ModuleType] = {}  # all modules of the course's that came with them, for where nobody has own ones


def remember_given() -> None:
    """In the warm process, as long as the repository is there: import the given modules that checks rely on.

    Of every assignment, since the process serves all of them, and each of them names its own.  One whose file is wrong
    says so where it is graded itself, and stops no other; so does a given module that cannot be imported.
    """
    GIVEN.update({name: importlib.import_module(name) for name in FRAMEWORK_MODULES.values()})
    for name in assignment_names():
        with contextlib.suppress(ValueError):
            assignment = load_assignment(name)
            for module in assignment.given:
                _remember(f"{assignment.package}.{module}")


def _remember(dotted: str) -> None:
    try:
        GIVEN[dotted] = importlib.import_module(dotted)
    except (Exception, SystemExit) as error:  # what a module raises on its import is any author's
        BROKEN[dotted] = f"{type(error).__name__}: {error}"


def put_away() -> None:
    """In the warm process, after all imports: sessions import the student's own copies of the course's modules."""
    for name in [name for name in sys.modules if name.split(".")[0] in ("exercises", "datasets", "grader")]:
        FRAMEWORK[name] = sys.modules.pop(name)


def main(sock: socket.socket, limits: Limits, *, clean: bool = False) -> None:
    """Become a session, and serve until the trusted side closes its socket.

    Args:
        clean: whether there are no copies of the course's modules here, so that its own take their place.
    """
    if clean:
        sys.modules.update(FRAMEWORK)
    syscalls.prctl(syscalls.PR_SET_DUMPABLE, 1)
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s + 1))
    os.setsid()
    sys.modules["__main__"] = ModuleType("__main__")  # processes that are spawned would look for ours
    sys.path.insert(0, os.getcwd())  # the working folder
    session = Session(Path.cwd(), limits)
    sys.meta_path.insert(0, session.blocked)
    while True:
        try:
            head, blob = wire.receive(sock)
        except EOFError:
            return
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        request = protocol.Request.from_head(head)
        if request.seed is not None:  # it comes with the first request of a check
            seed_all(request.seed)
        confine.allow_cpu(request.cpu_s)
        answer, encoder = session.answer(request, blob)
        del blob
        try:
            wire.send(sock, answer.to_head(), encoder.blob)
        except MemoryError as error:  # before a byte of it was sent
            wire.send(sock, session.raised(request, error).to_head())


class Session:
    """The student's modules and objects, by name and number.

    A frame may bring steps to be done before what it asks for; what they give is kept under numbers chosen there.
    """

    def __init__(self, folder: Path, limits: Limits) -> None:
        self.folder, self.limits = folder, limits
        self.things: dict[int | None, Any] = {}
        self.called: Any = None  # what the last step called
        self.blocked = Blocked()
        self.settings, self.reserve = Settings(), Reserve()
        self.notebook: Notebook | None = None

    def answer(self, request: protocol.Request, blob: wire.Blob) -> tuple[protocol.Answer, wire.Encoder]:
        """Do what a frame asks for, and hand back the answer and its tensors."""
        cell = type(request.ask) in CELLS
        encoder = wire.Encoder(self._keep, Room(wire.MAX_JSON) if cell else room_for_answer(self.limits.answer_mb))
        self.reserve.take()
        try:
            given = wire.tensors(request.tensors, blob)
            for step in request.before:
                self.things[step.keep] = self._do(step, given)
            self.called = None
            result = self._do(request.ask, given)
            try:
                value = encoder.encode(self._keep(result) if is_built(self.called, result) else result)
            except TooLargeError:
                refuse_excess(result, self.limits.answer_mb)
                encoder.back_to(0)
                value = encoder.encode(self._keep(result))
            return protocol.Answer(value, encoder.shapes, n=request.n), encoder
        except BaseException as error:  # SystemExit and KeyboardInterrupt are a student's errors too
            return self.raised(request, error), wire.Encoder()

    def raised(self, request: protocol.Request, error: BaseException) -> protocol.Answer:
        """The answer to a request that has raised something."""
        self.reserve.release()
        found = student_error(error, self.folder / "exercises" / request.assignment)
        if isinstance(error, StudentError):
            found = error
        elif is_out_of_memory(error):
            found = StudentError(f"the code {used_up(self.limits.memory_mb)}", ("MemoryError",), found.where)
        where = found.where[-protocol.MAX_LINES :]  # a recursion may have passed a hundred thousand
        raised = protocol.Raised(found.summary, found.kinds[: protocol.MAX_KINDS], where, found.about)
        return protocol.Answer(error=vars(raised), n=request.n)

    def _do(self, asked: Message, given: wire.Tensors) -> Any:
        return HANDLERS[type(asked)](self, asked, given)

    def _nothing(self, _asked: protocol.Nothing, _given: wire.Tensors) -> None:
        pass

    def _import(self, asked: protocol.Import, _given: wire.Tensors) -> None:
        with self.settings.put_back():
            self._root(asked.module)

    def _block(self, asked: protocol.Block, _given: wire.Tensors) -> None:
        self.blocked.reasons.update(asked.reasons)

    def _run_cell(self, asked: protocol.Cell, _given: wire.Tensors) -> Any:
        """Cells find what the one before has set."""
        self.notebook = self.notebook or Notebook()
        return self.notebook.run(asked.source)

    def _run_kernel_cell(self, asked: protocol.KernelCell, _given: wire.Tensors) -> Any:
        self.notebook = self.notebook or Notebook(as_kernel=True)
        return self.notebook.run_like_kernel(
            asked.source, graded=asked.graded, cpu_s=asked.most_cpu_s, wall_s=asked.most_wall_s
        )

    def _get(self, asked: protocol.Get, _given: wire.Tensors) -> Any:
        with self.settings.put_back():
            return self._reach(asked)

    def _call(self, asked: protocol.Call, given: wire.Tensors) -> Any:
        with self.settings.put_back():
            thing = self.called = self._reach(asked)
            arguments = wire.decode(asked.args, given, self._resolve, _unpacked)
            named = wire.decode(asked.kwargs, given, self._resolve, _unpacked)
            return thing(*arguments, **named)

    def _reach(self, step: protocol.Step) -> Any:
        """Read what a step names, and import its module where that has not been done."""
        thing, name = self._root(step.root)
        for attribute in step.path:
            if not hasattr(thing, attribute):
                raise StudentError(f"{name} has no {attribute}", ("AttributeError",))
            thing, name = getattr(thing, attribute), attribute
        return thing

    def _root(self, root: Any) -> tuple[Any, str]:
        if isinstance(root, int):
            thing = self._resolve(root)
            return thing, f"a {type(thing).__name__}"
        return _module(root), f"{root.rpartition('.')[2]}.py"

    def _resolve(self, number: int, _type_name: str = "") -> Any:
        if number not in self.things:
            raise StudentError("this would have come from a step that failed")
        return self.things[number]

    def _keep(self, thing: Any) -> wire.Reference:
        number = len(self.things)  # those that the other side has chosen are negative
        self.things[number] = thing
        return wire.Reference(number, kind_of(thing))


def _module(dotted: str) -> ModuleType:
    if dotted in BROKEN:
        path = dotted.replace(".", "/")
        raise StudentError(f"the given module {path}.py cannot be imported: {BROKEN[dotted]}", ("ImportError",))
    return GIVEN.get(dotted) or importlib.import_module(dotted)


def _unpacked(word: str, content: Any) -> Any:
    """What a check sent that travels to the student alone; a function of a given module as it was before all else."""
    return function_of(content, _module) if word == "named" else unpacked(word, content)


# What handles each message that may come, by its class.
HANDLERS: dict[type[Message], Callable[[Session, Any, wire.Tensors], Any]] = {
    protocol.Nothing: Session._nothing,
    protocol.Import: Session._import,
    protocol.Block: Session._block,
    protocol.Cell: Session._run_cell,
    protocol.KernelCell: Session._run_kernel_cell,
    protocol.Get: Session._get,
    protocol.Call: Session._call,
}
