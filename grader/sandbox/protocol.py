"""What the trusted side and the sandbox say to each other: every message, by name, and the caps that both keep.

Three pairs talk, each over a socket of its own.  The left one is trusted, and every message to the right gets exactly
one answer.  Unasked come `Ready` or `Failed`, when the right one has begun, and `Ended`.

    outside.warm.WarmProcess     TO_WARM       ->  inside.warm       starts once, imports torch, forks containers
                                 FROM_WARM     <-
    outside.container.Container  TO_CONTAINER  ->  inside.container  process 1 of a container: its files, its sessions
                                 FROM_CONTAINER <-
    outside.session.Session      Request       ->  inside.session    runs the student's code
                                 Answer        <-

One submission, in order:

 1. `Start`, once, as an argument of the warm process, which answers `Ready` or `Failed`.
 2. `Give`, once for each set of given files, with a descriptor that holds them; `Given`.  Containers only read them.
 3. `Fork`, with the container's end of a new socket; `Started` brings a handle to kill it.  The container isolates
    itself and says `Ready` or `Failed` on its socket before it has read a byte of the submission.
 4. `PutFiles`, with all else that the submission may see (in its clean room, nothing); `FilesPut`.
 5. `OpenSession`, followed by one byte with the session's end of a new socket; `SessionOpened`.  The files are laid
    out anew, and a process is forked in which nothing of the submission has been imported yet.
 6. `Request` and `Answer`, many times.  A request asks for one thing: `Nothing`, `Import`, `Block`, `Cell`,
    `KernelCell`, `Get` or `Call`.  Steps that nobody waited for travel in its `before`.  `GetSpent` is asked meanwhile
    where an answer takes long.
 7. `EndSession`; `SessionEnded`.  Then 5 again for the next session.
 8. The container is killed by its handle, and the warm process tells of its end: `Ended`.

What each side checks.  The warm process and process 1 run no student code: what they say is believed, and read by form
(`Channel.from_head`).  A session shares its process with the student's code, so that an `Answer` is a claim: its frame
has caps, it must repeat the request's `n`, which nobody can know who was not asked, and whatever else it holds is taken
as of any type until `wire.tensors`, `wire.decode` and `Raised.from_claim` have looked at it.  A frame that is none, one
with another `n`, a value or an error that cannot be read: each is told as an act against the grader, and the process is
not asked again.  Inside, a message that is not of its form is answered with `Failed`, or ends the process.

How they travel.  To and from the warm process a message is one JSON object in one packet; elsewhere it is the JSON of a
frame of `wire`, and the blob beside it holds tensors or files.  A field stands under its own name, and "op" names the
message: to add one, define it here, add it to its channel, and give it a handler inside.

This module rests on the standard library alone, since the sandbox imports it too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .message import Channel, Form, Message, ProtocolError, to_head

MAX_MESSAGE_BYTES = 1 << 16  # of a packet to or from the warm process
DATA_FOLDER = ".cache/"  # data sets, which only notebooks read

# What one cell may show: the sandbox keeps no more, and the trusted side believes no more.
MAX_CELL_TEXT = 20_000  # characters
MAX_CELL_OUTPUTS = 20
MAX_CELL_PICTURE = 400_000  # characters of base64

# What is taken of an exception that the sandbox tells of.
MAX_SUMMARY, MAX_KINDS, MAX_KIND = 500, 16, 80
MAX_LINES, MAX_FILE_NAME, MAX_LINE = 8, 80, 200


# -- to and from the warm process -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Start(Message):
    """To a new warm process, as its argument.

    Attributes:
        control: file descriptor of the socket that all else goes over; `tier`: "full" or "reduced".
        folder:  one made for this process; `visible`: those of the interpreter and of installed packages.
        idle_s:  after so many seconds without a container it ends.
    """

    control: int
    tier: str
    folder: str
    visible: tuple[str, ...]
    idle_s: float


@dataclass(frozen=True)
class Give(Message):
    """Keep files, under this name, for containers that are to see them; a descriptor comes along that holds them.

    Attributes:
        listing: so many bytes at the descriptor's beginning are JSON, path -> size; the contents follow each other.
    """

    shelf: str
    listing: int


@dataclass(frozen=True)
class Fork(Message):
    """Fork a container; the socket for it comes along.

    Attributes:
        number: the trusted side's name for it; `limits`: fields of `confine.Limits`.
        given:  the given files that it sees, and no others; empty for none.
    """

    number: int
    limits: dict[str, int]
    given: str = ""


@dataclass(frozen=True)
class Ready(Message):
    """The warm process, or a container, is there and has isolated itself."""


@dataclass(frozen=True)
class Failed(Message):
    """It is not, or was asked for something that is not of the protocol's form."""

    reason: str


@dataclass(frozen=True)
class Given(Message):
    """The warm process keeps these files."""

    shelf: str


@dataclass(frozen=True)
class Started(Message):
    """A container runs; a handle (pidfd) to kill it comes along."""

    number: int


@dataclass(frozen=True)
class Ended(Message):
    """A container has ended, with this exit code (negative for a signal); processor time of all its processes."""

    number: int
    code: int
    cpu_s: float


START: Channel[Start] = Channel(Start)
TO_WARM: Channel[Message] = Channel(Give, Fork)
FROM_WARM: Channel[Message] = Channel(Ready, Failed, Given, Started, Ended)


# -- to and from process 1 of a container -----------------------------------------------------------------------------


@dataclass(frozen=True)
class PutFiles(Message):
    """What sessions find in their working folder: path -> bytes; the contents follow each other in the blob."""

    sizes: dict[str, int]


@dataclass(frozen=True)
class FilesPut(Message):
    """Process 1 has the files."""

    count: int


@dataclass(frozen=True)
class OpenSession(Message):
    """Fork a session, without the files whose paths begin with this, if anything; one byte with its socket follows."""

    without: str


@dataclass(frozen=True)
class SessionOpened(Message):
    """A session runs, under this process number in the container."""

    session: int


@dataclass(frozen=True)
class EndSession(Message):
    """End a session and all that it has started, after a moment in which it may end by itself."""

    session: int
    grace_s: float


@dataclass(frozen=True)
class SessionEnded(Message):
    """A session and all that it had started are gone.

    Attributes:
        code:    its exit code, negative for a signal, None where it had to be ended.
        stopped: why the container had stopped it before; empty where it had not.
        cpu_s:   processor time of all processes that have ended in this container.
        peak_mb: the most memory that it has held, beside what it began with.
    """

    session: int
    code: int | None
    stopped: str
    cpu_s: float
    peak_mb: float


@dataclass(frozen=True)
class GetSpent(Message):
    """Ask what all processes have used until now."""


@dataclass(frozen=True)
class Spent(Message):
    """Processor time of all processes of a container, those that still run included where the tier can see them."""

    cpu_s: float


TO_CONTAINER: Channel[Message] = Channel(PutFiles, OpenSession, EndSession, GetSpent)
FROM_CONTAINER: Channel[Message] = Channel(Ready, Failed, FilesPut, SessionOpened, SessionEnded, Spent)


# -- to and from a session --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Nothing(Message):
    """Do what travels before it, and no more."""


@dataclass(frozen=True)
class Import(Message):
    """Import a module, by its dotted name."""

    module: str


@dataclass(frozen=True)
class Block(Message):
    """Refuse to import these modules from now on: dotted name -> what the import says."""

    reasons: dict[str, str]


@dataclass(frozen=True)
class Cell(Message):
    """Run a notebook's cell; its value is a list of outputs, in nbformat's form."""

    source: str


@dataclass(frozen=True)
class KernelCell(Message):
    """Run a cell as a Jupyter kernel does, and interrupt it from within when it takes more than this, or this long.

    Attributes:
        graded: before it runs, undo what earlier cells may have done to the shell and to Python's own names.
    """

    source: str
    graded: bool
    most_cpu_s: float
    most_wall_s: float


@dataclass(frozen=True)
class Get(Message):
    """Read something of a module or a thing.

    Attributes:
        root: a module's dotted name or a thing's number; outside, until it travels, a `Module` or a `Handle`.
        path: names of attributes, one of the other; `keep`: in `before`, a negative number to keep what it gives under.
    """

    root: Any
    path: tuple[str, ...] = ()
    keep: int | None = None


@dataclass(frozen=True)
class Call(Message):
    """Call what `Get` would read; the values in the form of `wire.Encoder`, outside, until they travel, as they are."""

    root: Any
    path: tuple[str, ...] = ()
    args: Any = ()
    kwargs: Any = field(default_factory=dict)
    keep: int | None = None


Step = Get | Call
STEPS: Channel[Get | Call] = Channel(Get, Call)
TO_SESSION: Channel[Message] = Channel(Nothing, Import, Block, Cell, KernelCell, *STEPS.kinds)


@dataclass(frozen=True)
class Request:
    """One frame to a session: what it asks for, and what holds while it is done.

    Attributes:
        ask:        one of TO_SESSION.
        assignment: the name of the folder in which a traceback's lines are the student's.
        seed:       random numbers start from it; None leaves them as they are.
        before:     steps to be done first, whose `keep` says where what they give is kept.
        tensors:    data type and shape of each tensor in the blob, for all steps together.
        n:          a number used once, which the answer repeats; given when it is sent.
        cpu_s:      processor time that it may take; the same.
    """

    ask: Message
    assignment: str = ""
    seed: int | None = None
    before: tuple[Step, ...] = ()
    tensors: Any = field(default_factory=list)
    n: str = ""
    cpu_s: float = 0.0

    def to_head(self, n: str, cpu_s: float) -> dict[str, Any]:
        """The JSON object of the frame: the fields of `ask` stand beside the request's own."""
        own = {"assignment": self.assignment, "seed": self.seed, "tensors": self.tensors, "n": n, "cpu_s": cpu_s}
        return {**to_head(self.ask), **own, "before": [to_head(step) for step in self.before]}

    @staticmethod
    def from_head(head: dict[str, Any]) -> Request:
        """Read one, inside.  Raises ProtocolError where it is not of this form."""
        before = head.get("before", [])
        if type(before) is not list:
            raise ProtocolError("the steps before a request are a list")
        steps = tuple(map(STEPS.from_head, before)) if before else ()
        return REQUEST.read(head, ask=TO_SESSION.from_head(head), before=steps)


REQUEST = Form(Request, given=("ask", "before"))
ABSENT: Any = object()  # in the place of what an answer does not say


@dataclass(frozen=True)
class Answer:
    """What a session says to a request.  Outside it is a claim: each field may hold anything that JSON can.

    Attributes:
        value:   in the form of `wire.Encoder`.
        tensors: data type and shape of each tensor in the blob.
        error:   `Raised`, as a JSON object, in the place of a value; ABSENT where nothing was raised.
        n:       the request's.
    """

    value: Any = None
    tensors: Any = field(default_factory=list)
    error: Any = ABSENT
    n: Any = None

    @property
    def raised(self) -> bool:
        """Whether it tells of an error."""
        return self.error is not ABSENT

    def to_head(self) -> dict[str, Any]:
        """The JSON object of the frame."""
        head = dict(vars(self))
        del head["value" if self.raised else "error"]
        return head

    @classmethod
    def from_head(cls, head: dict[str, Any]) -> Answer:
        """Read one, outside: whatever it claims, nothing is raised."""
        return cls(head.get("value"), head.get("tensors", []), head.get("error", ABSENT), head.get("n"))


@dataclass(frozen=True)
class Raised:
    """An exception in the student's code, as text.

    Attributes:
        summary: one line.
        kinds:   names of its class and of the classes that this is derived from.
        where:   file, line number and text of the student's lines, the innermost last.
        about:   the function that raised, where it is one that is not written yet.
    """

    summary: str
    kinds: tuple[str, ...]
    where: tuple[tuple[str, int, str], ...]
    about: str = ""

    @classmethod
    def from_claim(cls, claim: Any) -> Raised:
        """What a session says that was raised, each part cut to its cap.

        Raises:
            ProtocolError: it is not of this form; lines that are not are left out.
        """
        match claim:
            case {"summary": str() as summary, "kinds": list() as kinds, "where": list() as where}:
                lines = [
                    (line[0][:MAX_FILE_NAME], line[1], line[2][:MAX_LINE])
                    for line in where[-MAX_LINES:]
                    if isinstance(line, list) and [type(item) for item in line] == [str, int, str]
                ]
                named = tuple(str(kind)[:MAX_KIND] for kind in kinds[:MAX_KINDS])
                return cls(summary[:MAX_SUMMARY], named, tuple(lines), str(claim.get("about", ""))[:MAX_KIND])
        raise ProtocolError("an error report is not of the protocol's form")
