"""The student as a check sees one, living in the sandbox: tensors in, tensors out, everything else behind a handle."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from exercises.assignment import FRAMEWORK_MODULES, limits_of
from exercises.checking import Cause, StudentError
from exercises.checking.plain import CALL_BYTES, CALL_WORDS, MAX_TENSORS, Room, cannot_travel
from exercises.checking.recorded import Probe
from grader.sandbox import wire
from grader.sandbox.errors import SessionEndedError
from grader.sandbox.message import Message, ProtocolError
from grader.sandbox.protocol import Call, Cell, Get, Nothing, Step

from .budget import Account, Budget
from .container import Container
from .handles import Handle, Method, Module
from .misread import misread
from .processes import Processes, student_error
from .sources import Sources

UNASKED_S = 5.0  # a notebook that has taken no longer has used no more than it may
STUCK_AFTER = 2  # so often a class may fail to finish before its objects are not asked any more
MAX_WORDS = wire.MAX_JSON // 2  # of a frame's values
MAX_WAITING = 500  # tensors that wait for the next request
NO_KWARGS = wire.Encoder().encode({})
LEARNING = "learning"  # the framework's training loop
PROBE = "probe"  # the framework's measurements
RECORDING = "recording"  # what makes data of a network
MEASURING = (f"{PROBE}.", f"{RECORDING}.")  # what is measured is to blame, not what measures
OPERATION = "an operation of the network"  # does, in the clean room, what the code does elsewhere


@dataclass
class Waiting:
    """What travels with the next request and is done before it: steps, their tensors, handles to what they give."""

    encoder: wire.Encoder = field(default_factory=lambda: wire.Encoder(sends=True))
    steps: list[Step] = field(default_factory=list)
    handles: list[Handle] = field(default_factory=list)
    words: int = 0  # characters of JSON that they take

    @property
    def is_full(self) -> bool:
        """Whether it is more than a frame may hold."""
        encoder = self.encoder
        return encoder.size > wire.MAX_BLOB or len(encoder.shapes) > MAX_TENSORS or self.words > MAX_WORDS


class RemoteStudent:
    """What the checks of one submission ask, and get as if the code lived here.

    A session that has died is replaced when the next check asks for something, and a class whose objects did not finish
    twice is not asked again but says so at once.

    Args:
        sources: the student's modules as bytes, for checks that read them.
        given:   the assignment's modules that checks call, see `Assignment.given`.
        account: what the submission has used so far; without it, nothing.

    Attributes:
        acts: against the grader, for the TA.
    """

    _measuring: tuple[str, ...] = MEASURING

    def __init__(
        self,
        container: Container,
        assignment: str,
        sources: Mapping[str, bytes],
        budget: Budget,
        given: Sequence[str] = (),
        account: Account | None = None,
    ) -> None:
        self._container, self._assignment, self._budget = container, assignment, budget
        self._given = frozenset((LEARNING, *given))
        self._sources = Sources(assignment, sources)
        self._account = account or Account(budget)
        self._processes = Processes(container, assignment, budget, self.source, self._account)
        self._clean: CleanRoom | None = None
        self._first = False  # whether the next request is a check's first one
        self._stuck: Counter[str] = Counter()
        self._named: dict[str, Handle] = {}
        self._waiting, self._count = Waiting(), 0
        self.acts = self._processes.acts

    def __getattr__(self, name: str) -> Module:
        if name.startswith("_"):
            raise AttributeError(name)
        return Module(self, name, f"exercises.{self._assignment}.{name}")

    @property
    def probe(self) -> Probe:
        """The given measurements of `exercises.checking.probe`, and `network`, which is measured on this side."""
        return Probe(self, Module(self, PROBE, FRAMEWORK_MODULES[PROBE]))

    @property
    def learning(self) -> Module:
        """The training loop of `exercises.learning`."""
        return Module(self, LEARNING, FRAMEWORK_MODULES[LEARNING])

    @property
    def recording(self) -> Module:
        """What makes data of a network, of `exercises.recording`."""
        return Module(self, RECORDING, FRAMEWORK_MODULES[RECORDING])

    @property
    def clean(self) -> CleanRoom:
        """The given modules where no code of the student's has ever run.

        Raises:
            SandboxError: there is none yet, and it could not be opened.
        """
        if self._clean is None:
            self._clean = CleanRoom(self)
        return self._clean

    @property
    def cpu_s(self) -> float:
        """Processor time of the processes that have ended so far, the clean room's included."""
        return self._account.spent_cpu_s

    def source(self, module: str) -> str:
        """The text of one of the student's files.  Raises StudentError where it is missing or not readable."""
        return self._sources.one(module)

    def sources(self, module: str) -> dict[str, str]:
        """The texts of one of the student's files and of all modules of the student's own that it imports, by name.

        Raises:
            StudentError: one is missing or not readable.
        """
        return self._sources.with_imported(module)

    def fresh_process(self) -> None:
        """From here on in a fresh process: modules are imported anew.  What waits for the next request is left out."""
        self._waiting = Waiting()
        self._processes.end()

    def end(self) -> None:
        """End all processes, the clean room's too, so that their processor time is counted."""
        self.fresh_process()
        if self._clean is not None:
            self._clean.end()

    def begin(self, seed: int) -> None:
        """Begin a check, with this seed.

        What the code has written without being asked does not count against it: it meets that in its first request,
        and then begins again in a fresh process.
        """
        self._first = True
        self._named.clear()  # so that a check's first request is one that can be made again
        self._waiting = Waiting()
        self.seed(seed)
        if self._clean is not None:
            self._clean.begin(seed)

    def seed(self, seed: int) -> None:
        """Random numbers of the next request start from this seed."""
        self._processes.seed = seed

    def run_cells(self, cells: list[list[str]]) -> Iterator[tuple[str, Any]]:
        """Run a notebook's cells, [cell id, source] each, one after the other in one process of their own.

        Yields:
            a cell's id, and what the sandbox claims that it showed: a list from honest code.

        Raises:
            SessionEndedError: the process died, was stopped, or the cells have used more than they may together.
            StudentError: what runs the cells has failed, not a cell.
        """
        self.fresh_process()
        self._processes.live(data=True)
        before, begin, allowance = self._processes.ended_cpu_s, time.monotonic(), self._budget.notebook
        for cell, source in cells:
            asked_s = time.monotonic() - begin
            if asked_s > UNASKED_S and self._processes.spent_until_now_s() - before > allowance.cpu_s:
                fact = f"its cells used more than {allowance.cpu_s:.0f} s of processor time together"
                raise SessionEndedError(fact, cause=Cause.STOPPED)
            answer, _, _ = self._processes.send(Cell(source), "the notebook", allowance)
            try:
                if answer.raised:
                    raise student_error(answer)
                yield cell, wire.decode(answer.value, [], lambda number, type_name: None)
            except ProtocolError as error:
                self.acts.append(f"the notebook answered in a form that no honest program writes: {error}")
                return

    def named(self, module: Module, name: str, origin: str) -> Any:
        """Something that a module defines.  A class or function is asked for once in each process."""
        known = self._named.get(origin)
        if known is None or known._session is not self._processes.living:
            known_to_be_there = module.dotted in self._processes.imported and not name.isupper()
            known = (self.defer if known_to_be_there else self.request)(Get(module, (name,)), origin)
            if isinstance(known, Handle):
                self._named[origin] = known
        return known

    def defer(self, step: Step, origin: str) -> Handle:
        """Have something done with the next request, before it; that one raises what this one would.

        Returns:
            a handle to what it gives, whatever that is.

        Raises:
            CannotTravelError: as `request`.
        """
        if len(self._waiting.encoder.shapes) > MAX_WAITING:
            self.settle()
        encoded = self._encoded(step, origin, keep=-self._count - 1)
        self._count += 1
        type_name = step.root.type_name if isinstance(step.root, Handle) else step.path[-1]
        handle = Handle(self, self._processes.live(), -self._count, type_name, origin)
        self._waiting.steps.append(encoded)
        self._waiting.handles.append(handle)
        return handle

    def settle(self) -> None:
        """Have done what waits for the next request.  Raises StudentError as `request` does."""
        if self._waiting.steps:
            self._answer(Nothing(), self._waiting.handles[-1]._origin)

    def request(self, step: Step, origin: str) -> Any:
        """Ask for something and hand back its value: plain values and tensors as they are, all else as a Handle.

        Raises:
            StudentError: the student's code raised, died, did not finish or broke the protocol.
            CannotTravelError: the check sends what does not travel, or more than does so at once.
        """
        if origin.startswith(self._measuring) and isinstance(step, Call):
            origin = next((thing._origin for thing in step.args if isinstance(thing, Handle)), origin)
        if isinstance(step.root, Module) and step.root.dotted not in self._processes.imported:
            self.settle()  # an import that fails costs nothing that was asked for before
        return self._answer(self._encoded(step, origin), origin)

    def _encoded(self, step: Step, origin: str, keep: int | None = None) -> Step:
        """A step as it travels; its tensors join those that wait."""
        self._refuse_stuck(origin)
        root = step.root
        if isinstance(root, Handle) and root._session is not self._processes.living:
            raise StudentError("the process that held this object has ended", cause=Cause.LOST)
        named = root._number if isinstance(root, Handle) else root.dotted
        if isinstance(step, Get):
            return Get(named, step.path, keep)
        # What failed to finish even once is not trained: that would use up a far larger allowance.
        tolerated = 0 if self._is_given(origin) else STUCK_AFTER - 1
        encoder = self._waiting.encoder
        encoder.refer = lambda thing: self._reference(thing, tolerated)
        before, encoder.room = len(encoder.shapes), Room(CALL_WORDS, CALL_BYTES)
        try:
            args = encoder.encode(step.args)
            kwargs = encoder.encode(step.kwargs) if step.kwargs else NO_KWARGS
        except Exception:
            encoder.back_to(before)
            raise
        self._waiting.words += CALL_WORDS - encoder.room.words
        if self._waiting.steps and self._waiting.is_full:
            encoder.back_to(before)
            self.settle()
            return self._encoded(step, origin, keep)
        return Call(named, step.path, args, kwargs, keep)

    def _answer(self, ask: Message, origin: str) -> Any:
        """Send a step, and before it those that wait; hand back its value."""
        waiting, self._waiting = self._waiting, Waiting()
        frame = (ask, waiting.steps, waiting.encoder, origin)
        allowance = self._budget.training if self._is_given(origin) else self._budget.request
        seed, first, self._first = self._processes.seed, self._first, False
        try:
            try:
                answer, blob, session = self._processes.exchange(*frame, allowance)
            except SessionEndedError as ended:
                if not (ended.hostile and first):
                    raise
                # all that this frame speaks of is made by itself
                self._processes.living, self._processes.seed = None, seed
                answer, blob, session = self._processes.exchange(*frame, allowance)
        except SessionEndedError as ended:
            self._processes.living = None
            if not ended.hostile:  # what meets a forged answer need not have written it, and has cost no time
                self._stuck[origin] += 1
            raise StudentError(self._told(ended, origin), cause=ended.cause) from None
        for handle in waiting.handles:
            handle._session = session
        try:
            if answer.raised:
                raise misread(student_error(answer), self.source)
            return wire.decode(
                answer.value,
                wire.tensors(answer.tensors, blob),
                lambda number, type_name: Handle(self, session, number, type_name, origin),
            )
        except ProtocolError as error:
            raise self._processes.unreadable(origin, error) from None

    def _told(self, ended: SessionEndedError, origin: str) -> str:
        """How a process ended that was asked for something of this origin, in words for the student."""
        return f"{origin}: {ended.reason}"

    def _is_given(self, origin: str) -> bool:
        """Whether this is asked of a given module, whose work is a training's."""
        return origin.partition(".")[0] in self._given

    def _refuse_stuck(self, origin: str, tolerated: int = STUCK_AFTER - 1) -> None:
        if self._stuck[origin] > tolerated:
            words = f"{origin} did not finish when it was asked before and is not asked again"
            raise StudentError(words, cause=Cause.GIVEN_UP)

    def _reference(self, thing: Any, tolerated: int) -> wire.Reference:
        if isinstance(thing, Method):
            return replace(self._reference(thing.thing, tolerated), method=thing.name)
        if not isinstance(thing, Handle) or thing._student is not self:
            raise cannot_travel(thing)
        if thing._session is not self._processes.living:
            raise StudentError("the process that held this object has ended", cause=Cause.LOST)
        self._refuse_stuck(thing._origin, tolerated)
        return wire.Reference(thing._number, thing.type_name)


class CleanRoom(RemoteStudent):
    """The given modules in a container that holds no file of the submission, for networks that have become data.

    They are as the course has them, and what they are asked to work on is data; what they answer is read as a claim all
    the same.  What is used here counts as the submission's.  All checks of a task share a process; nothing of one is
    there in the next: ask for a fresh one where that matters.

    Args:
        student: whose container it lies beside.
    """

    _measuring = (f"{PROBE}.",)

    def __init__(self, student: RemoteStudent) -> None:
        given = (RECORDING, *student._given)
        container = student._container.empty
        super().__init__(container, student._assignment, {}, student._budget, given, student._account)
        self.acts = self._processes.acts = student.acts

    def __getattr__(self, name: str) -> Module:
        if name not in self._given:
            raise AttributeError(f"the clean room has given modules alone, and {name} is none")
        return super().__getattr__(name)

    @property
    def clean(self) -> CleanRoom:
        """This one."""
        return self

    @property
    def record_kb(self) -> int:
        """KB that a network's record may have here, its literals included."""
        return limits_of(self._assignment).record_kb

    def begin(self, seed: int) -> None:
        """Begin a check, in the same process as those before it; what did not finish in one of them is asked again."""
        self._stuck.clear()
        super().begin(seed)
        self._first = False  # nobody here has written anything unasked

    def _told(self, ended: SessionEndedError, origin: str) -> str:
        return ended.as_deed_of(OPERATION)
