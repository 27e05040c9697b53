"""What a check holds: the student, and beside it, while grading, the reference.

The two look alike, at home and in the sandbox.  Attributes are modules by name, `student.blocks`, and their attributes
are what the modules define: a class is called and gives a thing, a thing is called and gives tensors.  What arrives as
itself and what stays behind a handle is the same everywhere (`plain.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from ..assignment import Training


class CleanRoom(Protocol):
    """The given modules of an assignment, in processes that no code of the student's has ever run in.

    They work on what checks send: plain values and tensors.  Whatever goes wrong raises StudentError.
    """

    def __getattr__(self, name: str) -> Any:
        """A given module that assignment.toml lists under `given`, asked as those of a `Student`."""

    @property
    def probe(self) -> Any:
        """Measurements, as `Student.probe`."""

    @property
    def learning(self) -> Any:
        """The training loop, as `Student.learning`."""

    @property
    def recording(self) -> Any:
        """Networks that have become data: `exercises/recording/`."""

    @property
    def record_kb(self) -> int:
        """KB that a network's record may have here, its literals included: [limits] of assignment.toml."""

    def seed(self, seed: int) -> None:
        """Random numbers start from this seed, in torch, NumPy and Python, with the next request."""

    def fresh_process(self) -> None:
        """From here on nothing is left of what was asked before, and its things are gone; at home nothing happens."""

    def settle(self) -> None:
        """Have done what waits for the next request; at home nothing does."""


class Student(Protocol):
    """A student's code, as checks ask it.

    Whatever it does wrong, at any of these, raises StudentError: `run_check` makes a verdict of it, and no check needs
    to catch it.
    """

    def __getattr__(self, name: str) -> Any:
        """One of the student's modules, or a given one that assignment.toml lists under `given`.

        It is imported when something of it is asked for.  `student.blocks.ResidualBlock1d(channels=4)` is a handle:
        call it, read its attributes, ask for its length, its items, or go through them.  It has no truth value and is
        equal to nothing: compare what it gives.
        """

    @property
    def probe(self) -> Any:
        """Measurements where the student's code runs: gradients, weights, views, what runs, networks on "meta".

        See `exercises/checking/probe.py`.  They are as they were before any of the student's code ran.  And
        `probe.network(net, *inputs)`: the network as data, which is measured where none of the student's code runs, see
        `exercises/checking/recorded.py`.
        """

    @property
    def learning(self) -> Any:
        """The training loop where the student's code runs: `fit`, `predict` …, see `exercises/learning/`."""

    @property
    def recording(self) -> Any:
        """What makes data of a network where the student's code runs, see `exercises/recording/`."""

    @property
    def clean(self) -> CleanRoom:
        """The given modules where no code of the student's has ever run; at home in this process.

        Things of the one side cannot be handed to the other.  What a check leaves there is gone with the task; a check
        that must find nothing there asks for a fresh process before each use.
        """

    def seed(self, seed: int) -> None:
        """Random numbers of the student's code start from this seed, in torch, NumPy and Python, with the next request.

        Call it after the first use of a module: an import may draw numbers too.
        """

    def fresh_process(self) -> None:
        """From here on the student's code knows nothing of what it was asked before; at home nothing happens."""

    def settle(self) -> None:
        """Have done what waits for the next request (`eval`, `train`, `load_state_dict` …); at home nothing does."""

    def source(self, module: str) -> str:
        """The text of one of the student's files, by the module's name."""

    def sources(self, module: str) -> dict[str, str]:
        """The texts of one of the student's files and of all modules of the student's own that it imports, by name."""


class Hidden(Protocol):
    """The private data of a course, as one student meets them."""

    @property
    def seed(self) -> int:
        """The course's private seed for this assignment."""

    @property
    def source(self) -> str:
        """The data that the course is judged on: "generated", or the name of real ones."""

    @property
    def whose(self) -> str:
        """A word that stands for the student, and tells nobody who it is; empty where the whole course is meant."""

    def __hash__(self) -> int:
        """Of all that the data follow from."""

    @property
    def of_the_course(self) -> Hidden:
        """The same for every student: what no code of a student sees needs no disguise."""

    def rules(self, task: str) -> Training:
        """Budget, sizes and attempts of a task that trains: its table [training.TASK]."""

    def threshold(self, task: str) -> Mapping[str, float]:
        """What is worth full points, by name, on this course's source of data."""

    def drawn(self, task: str, attempt: int) -> Any:
        """The data for an attempt (from 0) at a task, in this student's disguise.

        Their type is that of the task's kind of data.
        """

    def sample(self, task: str) -> Any:
        """A few examples of the same type that no training and no test has: a student's code may see them."""

    def undisguised(self, task: str, attempt: int) -> Any:
        """The same as the course has them, for a training in which no code of a student takes part."""


class Reference(Student, Protocol):
    """The model solution, on the trusted side of the wall, asked as the student is.

    In the student's own process there is none: there a check's `solution` is None.
    """

    @property
    def hidden(self) -> Hidden:
        """The private data."""

    @property
    def private_seed(self) -> int | None:
        """What `draw`, `awkward` and the like draw from while grading."""

    @property
    def remarks(self) -> list[Any]:
        """What to tell the TA: append `grader.model.problems.Problem`."""
