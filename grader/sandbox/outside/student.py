"""The student as a check sees one, living in the sandbox: tensors in, tensors out, everything else behind a handle."""

from __future__ import annotations

import io
import time
import tokenize
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from exercises.checking import Cause, StudentError
from exercises.checking.student import AT_THE_TOP
from exercises.own import reachable
from grader.sandbox import wire
from grader.sandbox.errors import ContainerBrokenError, SessionEndedError

from .budget import Account, Allowance, Budget
from .container import Container
from .handles import Handle, Module
from .misread import misread
from .session import Session

ENDED = "the code has ended the container that it runs in"
UNASKED_S = 5.0  # a notebook that has taken no longer has used no more than it may
STUCK_AFTER = 2  # so often a class may fail to finish before its objects are not asked any more
MAX_WAITING = wire.MAX_TENSORS // 2  # tensors that wait for the next request
# Of a source; Python knows stranger ones.
ENCODINGS = ("utf-8", "utf-8-sig", "iso-8859-1", "cp1252", "ascii")
TRAINING, PROBE = "training", "probe"  # given modules; the second belongs to the check framework


@dataclass
class Waiting:
    """What travels with the next request and is done before it: steps, their tensors, handles to what they give."""

    encoder: wire.Encoder = field(default_factory=wire.Encoder)
    steps: list[dict[str, Any]] = field(default_factory=list)
    handles: list[Handle] = field(default_factory=list)


class RemoteStudent:
    """Talks to the sessions of one submission.

    A session that has died is replaced when the next check asks for something.  A module is imported by a request of
    its own, in each process once.  One whose import died or hung is not imported again, one whose import raised not in
    the same process, and a class whose objects did not finish twice is not asked again: each says so at once.

    Args:
        sources: the student's modules as bytes, for checks that read them.
    """

    def __init__(self, container: Container, assignment: str, sources: Mapping[str, bytes], budget: Budget) -> None:
        self._container, self._assignment, self._sources, self._budget = container, assignment, sources, budget
        self._session: Session | None = None
        self._seed: int | None = None
        self._first = False  # whether the next request is a check's first one
        self._account = Account(budget)
        self._broken = False
        self._stuck: Counter[str] = Counter()
        self._failed_imports: dict[str, str] = {}
        self._imported: set[str] = set()  # in this or an earlier process
        self._here: dict[str, StudentError | None] = {}  # modules that this process has imported, or what that raised
        self._named: dict[str, Handle] = {}
        self._waiting, self._count = Waiting(), 0
        self.acts: list[str] = []  # against the grader, for the TA

    def __getattr__(self, name: str) -> Module:
        if name.startswith("_"):
            raise AttributeError(name)
        package = "exercises.checking" if name == PROBE else f"exercises.{self._assignment}"
        return Module(self, name, f"{package}.{name}")

    @property
    def cpu_s(self) -> float:
        """Processor time of the processes that have ended so far."""
        return self._container.spent_cpu_s

    def source(self, module: str) -> str:
        """The text of one of the student's files.  Raises StudentError where it is missing or not readable."""
        if module not in self._sources:
            raise StudentError(f"{module}.py is missing")
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(self._sources[module]).readline)
            if encoding not in ENCODINGS:
                raise StudentError(f"{module}.py says that it is written in {encoding}: save it as UTF-8")
            return self._sources[module].decode(encoding)
        except (UnicodeDecodeError, SyntaxError) as error:
            raise StudentError(f"{module}.py is not a text in UTF-8: {error}") from None

    def sources(self, module: str) -> dict[str, str]:
        """The texts of one of the student's files and of all modules of the student's own that it imports, by name.

        Raises:
            StudentError: one is missing or not readable.
        """
        names = reachable([module], self._sources, self._assignment)
        return {name: self.source(name) for name in dict.fromkeys((module, *names))}

    def fresh_process(self) -> None:
        """From here on in a fresh process: modules are imported anew.  What waits for the next request is left out."""
        session, self._session, self._waiting = self._session, None, Waiting()
        if session is not None:
            try:
                session.close()
            except ContainerBrokenError as broken:
                self._note(broken)

    def _note(self, broken: ContainerBrokenError) -> None:
        """The submission has brought its container down: every check is told from then on, the TA once."""
        if not self._broken:
            self._broken = True
            self.acts.append(f"the submission has ended its own container: {broken}")

    def begin(self, seed: int) -> None:
        """Begin a check, with this seed.

        What the code has written without being asked does not count against it: it meets that in its first request,
        and then begins again in a fresh process.
        """
        self._first = True
        self._named.clear()  # so that a check's first request is one that can be made again
        self._waiting = Waiting()
        self.seed(seed)

    def seed(self, seed: int) -> None:
        """Random numbers of the next request start from this seed."""
        self._seed = seed

    def run_cells(self, cells: list[list[str]]) -> Iterator[tuple[str, Any]]:
        """Run a notebook's cells, [cell id, source] each, one after the other in one process of their own.

        Yields:
            a cell's id, and what the sandbox claims that it showed: a list from honest code.

        Raises:
            SessionEndedError: the process died, was stopped, or the cells have used more than they may together.
            StudentError: what runs the cells has failed, not a cell.
        """
        self.fresh_process()
        self._live_session(data=True)
        before, begin, allowance = self._container.spent_cpu_s, time.monotonic(), self._budget.notebook
        for cell, source in cells:
            if time.monotonic() - begin > UNASKED_S and self._container.spent_until_now_s() - before > allowance.cpu_s:
                fact = f"its cells used more than {allowance.cpu_s:.0f} s of processor time together"
                raise SessionEndedError(fact, cause=Cause.STOPPED)
            answer, _, _ = self._send({"op": "cell", "source": source}, b"", "the notebook", allowance)
            try:
                if "error" in answer:
                    raise _student_error(answer["error"])
                yield cell, wire.decode(answer.get("value"), [], lambda number, type_name: None)
            except wire.WireError as error:
                self.acts.append(f"the notebook answered in a form that no honest program writes: {error}")
                return

    def named(self, module: Module, name: str, origin: str) -> Any:
        """Something that a module defines.  A class or function is asked for once in each process."""
        known = self._named.get(origin)
        if known is None or known._session is not self._session:
            known_to_be_there = module.dotted in self._imported and not name.isupper()
            known = (self.defer if known_to_be_there else self.request)(module, "get", origin, path=(name,))
            if isinstance(known, Handle):
                self._named[origin] = known
        return known

    def defer(
        self,
        root: Handle | Module,
        operation: str,
        origin: str,
        *,
        path: tuple[str, ...] = (),
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Handle:
        """Have something done with the next request, before it; that one raises what this one would.

        Returns:
            a handle to what it gives, whatever that is.
        """
        if len(self._waiting.encoder.shapes) > MAX_WAITING:
            self.settle()
        step = self._step(root, operation, origin, path, args, kwargs)
        self._count += 1
        type_name = root.type_name if isinstance(root, Handle) else path[-1]
        handle = Handle(self, self._live_session(), -self._count, type_name, origin)
        self._waiting.steps.append({**step, "keep": handle._number})
        self._waiting.handles.append(handle)
        return handle

    def settle(self) -> None:
        """Have done what waits for the next request.  Raises StudentError as `request` does."""
        if self._waiting.steps:
            self._answer({"op": "nothing"}, self._waiting.handles[-1].origin)

    def request(
        self,
        root: Handle | Module,
        operation: str,
        origin: str,
        *,
        path: tuple[str, ...] = (),
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Ask for something and hand back its value: plain values and tensors as they are, all else as a Handle.

        Raises:
            StudentError: the student's code raised, died, did not finish or broke the protocol.
        """
        if origin.startswith(f"{PROBE}."):  # what is measured is to blame, not what measures
            origin = next((thing.origin for thing in args if isinstance(thing, Handle)), origin)
        if isinstance(root, Module) and root.dotted not in self._imported:
            self.settle()  # an import that fails costs nothing that was asked for before
        return self._answer(self._step(root, operation, origin, path, args, kwargs), origin)

    def _step(
        self,
        root: Handle | Module,
        operation: str,
        origin: str,
        path: tuple[str, ...],
        args: tuple[Any, ...],
        kwargs: dict[str, Any] | None,
    ) -> dict[str, Any]:
        """Something to be done, as it travels; its tensors join those that wait."""
        self._refuse_stuck(origin)
        if isinstance(root, Handle) and root._session is not self._session:
            raise StudentError("the process that held this object has ended", cause=Cause.LOST)
        encoder = self._waiting.encoder
        # What failed to finish even once is not trained: that would use up a far larger allowance.
        tolerated = 0 if origin.startswith(f"{TRAINING}.") else STUCK_AFTER - 1
        encoder.refer = lambda thing: self._reference(thing, tolerated)
        return {
            "op": operation,
            "root": root._number if isinstance(root, Handle) else root.dotted,
            "path": list(path),
            "args": encoder.encode(args),
            "kwargs": encoder.encode(kwargs or {}),
        }

    def _answer(self, step: dict[str, Any], origin: str) -> Any:
        """Send a step, and before it those that wait; hand back its value."""
        waiting, self._waiting = self._waiting, Waiting()
        head = {**step, "before": waiting.steps, "tensors": waiting.encoder.shapes}
        allowance = self._budget.training if origin.startswith(f"{TRAINING}.") else self._budget.request
        seed, first, self._first = self._seed, self._first, False
        try:
            try:
                answer, blob, session = self._exchange(head, waiting.encoder.blob, origin, allowance)
            except SessionEndedError as ended:
                if not (ended.hostile and first):
                    raise
                self._session, self._seed = None, seed  # all that this frame speaks of is made by itself
                answer, blob, session = self._exchange(head, waiting.encoder.blob, origin, allowance)
        except SessionEndedError as ended:
            self._session = None
            self._stuck[origin] += 1
            raise StudentError(f"{origin}: {ended.reason}", cause=ended.cause) from None
        for handle in waiting.handles:
            handle._session = session
        try:
            if "error" in answer:
                raise misread(_student_error(answer["error"]), self.source)
            return wire.decode(
                answer.get("value"),
                wire.tensors(answer, blob),
                lambda number, type_name: Handle(self, session, number, type_name, origin),
            )
        except wire.WireError as error:
            raise self._unreadable(origin, error) from None

    def _unreadable(self, origin: str, error: wire.WireError) -> StudentError:
        self.acts.append(f"{origin} answered in a form that no honest program writes: {error}")
        self.fresh_process()
        return StudentError(f"{origin}: the answer cannot be read ({error})", cause=Cause.LOST)

    def _exchange(
        self, head: dict[str, Any], blob: bytes, origin: str, allowance: Allowance
    ) -> tuple[dict[str, Any], bytearray, Session]:
        """Import what a frame's steps need that this process has not imported yet, and send the frame."""
        for step in (*head.get("before", ()), head):
            if isinstance(step.get("root"), str):
                self._import(step["root"])
        seed, self._seed = self._seed, None
        return self._send({**head, "seed": seed}, blob, origin, allowance)

    def _import(self, dotted: str) -> None:
        """Import a module in the living process, unless it has done so.  Raises StudentError where that fails.

        It finds the random numbers that the next step begins with, and leaves them as they were.
        """
        self._live_session()
        if dotted not in self._here:
            name = f"{dotted.rpartition('.')[2]}.py"
            head = {"op": "import", "root": dotted, "seed": self._seed}
            try:
                answer, _, _ = self._send(head, b"", f"importing {name}", self._budget.importing)
            except SessionEndedError as ended:
                if ended.hostile:
                    raise
                self._session = None
                advice = f": {AT_THE_TOP}" if ended.advice else ""
                self._failed_imports[dotted] = f"{name}: on import {ended.fact}{advice}"
                cause = Cause.LOST if ended.cause is Cause.LOST else Cause.ON_IMPORT
                raise StudentError(self._failed_imports[dotted], cause=cause, about=name) from None
            try:
                failed = "error" in answer
                self._here[dotted] = misread(_student_error(answer["error"]), self.source) if failed else None
            except wire.WireError as error:
                raise self._unreadable(name, error) from None
        raised = self._here[dotted]
        if raised is not None:
            raise raised.anew()
        self._imported.add(dotted)

    def _send(
        self, head: dict[str, Any], blob: bytes, origin: str, allowance: Allowance
    ) -> tuple[dict[str, Any], bytearray, Session]:
        importing = head["op"] == "import"
        left_s = self._account.left_s(importing=importing)
        if left_s <= 0:
            words = f"the submission has used up its {self._account.total_wall_s:.0f} s"
            raise StudentError(words, cause=Cause.GIVEN_UP)
        if self._broken:
            raise StudentError(ENDED, cause=Cause.LOST)
        session = self._live_session()
        head["assignment"] = self._assignment
        begin = time.monotonic()
        try:
            answer, data = session.request(head, blob, cpu_s=allowance.cpu_s, wall_s=min(allowance.wall_s, left_s + 1))
        except SessionEndedError as ended:
            if ended.hostile:
                self.acts.append(f"{origin}: {ended.reason}")
            raise
        except ContainerBrokenError as broken:
            self._note(broken)
            raise SessionEndedError(ENDED) from broken
        finally:
            self._account.book(time.monotonic() - begin, importing=importing)
        return answer, data, session

    def _live_session(self, *, data: bool = False) -> Session:
        if self._session is None:
            total_s = self._account.total_cpu_s
            if self._container.spent_cpu_s > total_s:
                words = f"the submission has used up its {total_s:.0f} s of processor time"
                raise StudentError(words, cause=Cause.GIVEN_UP)
            self._here = {}
            try:
                self._session = self._container.session(data=data)
            except ContainerBrokenError as broken:
                self._note(broken)
                raise StudentError(ENDED, cause=Cause.LOST) from broken
            if self._failed_imports:
                block = {"op": "block", "reasons": self._failed_imports}
                self._send(block, b"", "import", self._budget.request)
        return self._session

    def _refuse_stuck(self, origin: str, tolerated: int = STUCK_AFTER - 1) -> None:
        if self._stuck[origin] > tolerated:
            words = f"{origin} did not finish when it was asked before and is not asked again"
            raise StudentError(words, cause=Cause.GIVEN_UP)

    def _reference(self, thing: Any, tolerated: int) -> wire.Reference:
        if not isinstance(thing, Handle):
            raise TypeError(f"a check can send tensors, plain values and student objects, not a {type(thing).__name__}")
        if thing._session is not self._session:
            raise StudentError("the process that held this object has ended", cause=Cause.LOST)
        self._refuse_stuck(thing.origin, tolerated)
        return wire.Reference(thing._number, thing.type_name)


def _student_error(data: Any) -> StudentError:
    """What the sandbox says of an exception, taken as text of bounded length."""
    match data:
        case {"summary": str() as summary, "kinds": list() as kinds, "where": list() as where}:
            lines = [
                (line[0][:80], line[1], line[2][:200])
                for line in where[-8:]
                if isinstance(line, list) and [type(item) for item in line] == [str, int, str]
            ]
            names = tuple(str(kind)[:80] for kind in kinds[:16])
            return StudentError(summary[:500], names, tuple(lines), about=str(data.get("about", ""))[:80])
    raise wire.WireError("an error report is not of the protocol's form")
