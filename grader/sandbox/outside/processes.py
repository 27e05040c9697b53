"""The processes of one submission, one after the other: started when needed, replaced when they have ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from exercises.assignment import FRAMEWORK_MODULES
from exercises.checking import Cause, StudentError
from exercises.checking.student import AT_THE_TOP
from grader.sandbox import wire
from grader.sandbox.errors import ContainerBrokenError, SessionEndedError
from grader.sandbox.message import Message, ProtocolError
from grader.sandbox.protocol import STEPS, Answer, Block, Import, Raised, Request, Step

from .budget import Account, Allowance, Budget
from .container import Container
from .misread import misread
from .session import Session

THERE = frozenset(FRAMEWORK_MODULES.values())  # in each process, before it begins
ENDED = "the code has ended the container that it runs in"
Answered = tuple[Answer, wire.Blob, Session]


class Processes:
    """Sends requests to the living process, and has modules imported in it first, each by a request of its own.

    A module whose import died or hung is not imported again, one whose import raised not in the same process: each says
    so at once.

    Args:
        source:  the text of one of the student's files.
        account: what the submission has used, which this container's use is booked to.

    Attributes:
        living:   the process that the next request goes to, None where it has to be started.
        imported: modules that this or an earlier process has imported, by their dotted names; the framework's are there
            from the beginning.
        seed:     random numbers of the next request start from it; None leaves them as they are.
        acts:     against the grader, for the TA.
    """

    def __init__(
        self, container: Container, assignment: str, budget: Budget, source: Callable[[str], str], account: Account
    ) -> None:
        self._container, self._assignment, self._budget, self._source = container, assignment, budget, source
        self._account = account
        account.count(container)
        self._broken = False
        self._failed_imports: dict[str, str] = {}
        self._here: dict[str, StudentError | None] = {}  # modules that this process has imported, or what that raised
        self.living: Session | None = None
        self.imported = set(THERE)
        self.seed: int | None = None
        self.acts: list[str] = []

    @property
    def ended_cpu_s(self) -> float:
        """Processor time of those that have ended so far."""
        return self._container.spent_cpu_s

    def spent_until_now_s(self) -> float:
        """Processor time of all of them, the living one included."""
        return self._container.spent_until_now_s()

    def end(self) -> None:
        """End the living process; the next request begins another one."""
        session, self.living = self.living, None
        if session is not None:
            try:
                session.close()
            except ContainerBrokenError as broken:
                self._note(broken)

    def live(self, *, data: bool = False) -> Session:
        """The living process, started where there is none.

        Args:
            data: whether a new one finds the data sets too.

        Raises:
            StudentError: the submission has used up what it may, or ended its container.
        """
        if self.living is None:
            total_s = self._account.total_cpu_s
            if self._account.spent_cpu_s > total_s:
                words = f"the submission has used up its {total_s:.0f} s of processor time"
                raise StudentError(words, cause=Cause.GIVEN_UP)
            self._here = {}
            try:
                self.living = self._container.session(data=data)
            except ContainerBrokenError as broken:
                self._note(broken)
                raise StudentError(ENDED, cause=Cause.LOST) from broken
            if self._failed_imports:
                self.send(Block(self._failed_imports), "import", self._budget.request)
        return self.living

    def exchange(
        self, ask: Message, before: Sequence[Step], encoder: wire.Encoder, origin: str, allowance: Allowance
    ) -> Answered:
        """Import what these steps need that this process has not imported yet, and have them done.

        Args:
            encoder: holds the tensors of all steps.
            origin:  the student's function or class that is asked, for what is told of it.

        Raises:
            SessionEndedError: the process died, was stopped, or broke the protocol.
            StudentError: an import failed, or the submission has used up what it may.
        """
        for step in (*before, ask):
            if isinstance(step, STEPS.kinds) and isinstance(step.root, str):
                self._import(step.root)
        seed, self.seed = self.seed, None
        return self.send(ask, origin, allowance, seed=seed, before=before, encoder=encoder)

    def send(
        self,
        ask: Message,
        origin: str,
        allowance: Allowance,
        *,
        seed: int | None = None,
        before: Sequence[Step] = (),
        encoder: wire.Encoder | None = None,
    ) -> Answered:
        """Send one request to the living process.  Raises as `exchange` does."""
        importing = isinstance(ask, Import)
        left_s = self._account.left_s(importing=importing)
        if left_s <= 0:
            words = f"the submission has used up its {self._account.total_wall_s:.0f} s"
            raise StudentError(words, cause=Cause.GIVEN_UP)
        if self._broken:
            raise StudentError(ENDED, cause=Cause.LOST)
        session = self.live()
        encoder = encoder or wire.Encoder()
        request = Request(ask, self._assignment, seed, tuple(before), encoder.shapes)
        wall_s = min(allowance.wall_s, left_s + 1)
        begin = time.monotonic()
        try:
            answer, data = session.request(request, encoder.blob, cpu_s=allowance.cpu_s, wall_s=wall_s)
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

    def unreadable(self, origin: str, error: ProtocolError) -> StudentError:
        """Note an answer that cannot be read, end the process that gave it, and hand back what to say of it."""
        self.acts.append(f"{origin} answered in a form that no honest program writes: {error}")
        self.end()
        return StudentError(f"{origin}: the answer cannot be read ({error})", cause=Cause.LOST)

    def _import(self, dotted: str) -> None:
        """Import a module in the living process, unless it has done so.  Raises StudentError where that fails.

        It finds the random numbers that the next step begins with, and leaves them as they were.
        """
        self.live()
        if dotted not in self._here and dotted not in THERE:
            name = f"{dotted.rpartition('.')[2]}.py"
            try:
                answer, _, _ = self.send(Import(dotted), f"importing {name}", self._budget.importing, seed=self.seed)
            except SessionEndedError as ended:
                if ended.hostile:
                    raise
                self.living = None
                advice = f": {AT_THE_TOP}" if ended.advice else ""
                self._failed_imports[dotted] = f"{name}: on import {ended.fact}{advice}"
                cause = Cause.LOST if ended.cause is Cause.LOST else Cause.ON_IMPORT
                raise StudentError(self._failed_imports[dotted], cause=cause, about=name) from None
            try:
                self._here[dotted] = misread(student_error(answer), self._source) if answer.raised else None
            except ProtocolError as error:
                raise self.unreadable(name, error) from None
        raised = self._here.get(dotted)
        if raised is not None:
            raise raised.anew()
        self.imported.add(dotted)

    def _note(self, broken: ContainerBrokenError) -> None:
        """The submission has brought its container down: every check is told from then on, the TA once."""
        if not self._broken:
            self._broken = True
            self.acts.append(f"the submission has ended its own container: {broken}")


def student_error(answer: Answer) -> StudentError:
    """What an answer says that the student's code raised.  Raises ProtocolError where it is not of that form."""
    raised = Raised.from_claim(answer.error)
    return StudentError(raised.summary, raised.kinds, raised.where, about=raised.about)
