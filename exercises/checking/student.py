"""The student as a check sees one: modules by name, objects that can be built, called and read."""

from __future__ import annotations

import difflib
import importlib
import time
from pathlib import Path
from types import ModuleType
from typing import Any

from ..limits import AssignmentLimits
from .errors import ASKS
from .errors import StudentError as StudentError
from .errors import student_error as student_error
from .named import CannotTravelError
from .thing import Thing
from .verdict import Cause

WORTH_A_NOTE = 1 / 4  # of what an import may take: the machine that grades may be slower
AT_THE_TOP = (
    "what runs at the top of the file runs at every import; "
    'put it under `if __name__ == "__main__":` or into the notebook'
)
MIN_SIMILARITY = 0.95  # of two names: a letter too many is, another digit is not


class StudentModule:
    """One of the student's modules; its functions and classes raise StudentError where the student's code raises.

    Args:
        package: where the module lies.
        own:     the package whose lines are the student's own; without it, the same.
    """

    def __init__(self, package: str, name: str, own: str = "") -> None:
        self._package, self._name, self._own = package, name, own or package
        self._module: ModuleType | None = None
        self.import_s = 0.0  # processor time that importing it took, with all that it imports

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        if self._module is None:
            if not (self._place / self._name).is_dir():  # a package is the framework's own
                read_source(self._place, self._name)  # what is wrong with the file itself, Python says in riddles
            begin = time.process_time()
            self._module = _guarded(lambda: importlib.import_module(f"{self._package}.{self._name}"), self._folder)
            self.import_s = time.process_time() - begin
        if not hasattr(self._module, attribute):
            names = {name.lower(): name for name in vars(self._module)}
            near = difflib.get_close_matches(attribute.lower(), names, 1, cutoff=MIN_SIMILARITY)
            advice = f"it has {names[near[0]]}" if near else "is the name spelt so there, and the file saved?"
            words = f"{self._name}.py has no {attribute}: {advice}"
            raise StudentError(words, (ASKS, "AttributeError"), folder=self._folder)
        return _wrap(getattr(self._module, attribute), self._folder)

    @property
    def _folder(self) -> Path:
        return Path(importlib.import_module(self._own).__path__[0])

    @property
    def _place(self) -> Path:
        """Where the module lies: beside the student's own, or where given ones do that are kept apart."""
        folders = [Path(path) for path in importlib.import_module(self._package).__path__]
        return next((folder for folder in folders if (folder / f"{self._name}.py").exists()), folders[0])


def _guarded(call: Any, folder: Path) -> Any:
    try:
        return call()
    except (StudentError, CannotTravelError):
        raise
    except (Exception, SystemExit) as error:
        raise student_error(error, folder) from error


class LocalThing(Thing):
    """An object made by the student's code in this process; what it raises becomes a StudentError.

    Raises:
        CannotTravelError: it is sent what could not be sent to the sandbox either.
    """

    def __init__(self, thing: Any, folder: Path) -> None:
        object.__setattr__(self, "_thing", thing)
        object.__setattr__(self, "_folder", folder)

    @property
    def type_name(self) -> str:
        from .plain import kind_of

        return kind_of(self._thing)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        from .plain import is_built

        plain, named = _unwrap(self._folder, args, kwargs)
        result = _guarded(lambda: self._thing(*plain, **named), self._folder)
        return LocalThing(result, self._folder) if is_built(self._thing, result) else _wrap(result, self._folder)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if not _guarded(lambda: hasattr(self._thing, name), self._folder):
            words = f"a {type(self._thing).__name__} has no {name}"
            raise StudentError(words, ("AttributeError",), folder=self._folder)
        return _wrap(_guarded(lambda: getattr(self._thing, name), self._folder), self._folder)

    def _ask(self, question: str, *rest: Any) -> Any:
        from . import probe

        return LocalThing(getattr(probe, question), self._folder)(*rest)


def _wrap(value: Any, folder: Path) -> Any:
    """What a check gets: what travels as itself, and anything else behind a LocalThing, as in the sandbox.

    Raises:
        StudentError: it has more bytes than the assignment lets travel in one answer.
    """
    from ..assignment import limits_of
    from .excess import refuse_excess, room_for_answer
    from .plain import TooLargeError, seen

    answer_mb = limits_of(folder.name).answer_mb
    try:
        return _guarded(
            lambda: seen(value, room_for_answer(answer_mb), lambda thing: LocalThing(thing, folder)), folder
        )
    except TooLargeError:
        refuse_excess(value, answer_mb)
        return LocalThing(value, folder)


def _unwrap(folder: Path, *values: Any) -> Any:
    """What the student's code gets of the arguments of one call: copies, as in the sandbox, so that what it does to
    them stays there.

    Raises:
        CannotTravelError: there is something among them that does not travel, or more than does so at once.
    """
    from .plain import CALL_BYTES, CALL_WORDS, Room, cannot_travel, packed, seen, unpacked

    room = Room(CALL_WORDS, CALL_BYTES)

    def there(thing: Any) -> Any:
        if isinstance(thing, LocalThing) and thing._folder == folder:
            return thing._thing
        parts = packed(thing)
        if parts is None:
            raise cannot_travel(thing)
        return unpacked(parts[0], seen(parts[1], room, there))

    return [seen(value, room, there) for value in values]


class LocalStudent:
    """The student's modules in this process: `student.blocks.ResidualBlock1d(channels=4)`.

    Attributes:
        private_seed: what the numbers of checks are drawn from, beside a solution; None at home.

    Args:
        package: where the modules lie, "exercises.digits".
    """

    private_seed: int | None = None

    def __init__(self, package: str) -> None:
        self._package = package
        self._modules: dict[str, StudentModule] = {}

    def __getattr__(self, name: str) -> StudentModule:
        if name.startswith("_"):
            raise AttributeError(name)
        from ..assignment import FRAMEWORK_MODULES

        own = FRAMEWORK_MODULES.get(name, "").rpartition(".")[0]
        package = own or self.package_of(name)
        return self._modules.setdefault(name, StudentModule(package, name, self._package))

    @property
    def probe(self) -> Any:
        """The given measurements of `exercises.checking.probe`, and `network` of `recorded.py`."""
        from .recorded import Probe

        return Probe(self, self.__getattr__("probe"))

    @property
    def learning(self) -> StudentModule:
        """The training loop of `exercises.learning`."""
        return self.__getattr__("learning")

    @property
    def recording(self) -> StudentModule:
        """What makes data of a network, of `exercises.recording`."""
        return self.__getattr__("recording")

    @property
    def clean(self) -> LocalCleanRoom:
        """The given modules alone, in this process too."""
        return LocalCleanRoom(self)

    @property
    def _limits(self) -> AssignmentLimits:
        """Of the assignment; the usual ones of a package that is none."""
        from ..assignment import limits_of

        return limits_of(self._package.rpartition(".")[2])

    @property
    def _given(self) -> tuple[str, ...]:
        """The modules beside the student's that checks may call."""
        from ..assignment import FRAMEWORK_MODULES, load_assignment

        try:
            return (*FRAMEWORK_MODULES, *load_assignment(self._package.rpartition(".")[2]).given)
        except ValueError:  # a package that is no assignment
            return tuple(FRAMEWORK_MODULES)

    @property
    def own_folder(self) -> Path:
        """Where the student's own modules lie."""
        return Path(importlib.import_module(self._package).__path__[0])

    def package_of(self, module: str) -> str:
        """Where a module of this name lies."""
        return self._package

    def seed(self, seed: int) -> None:
        """Random numbers start from this seed, in torch, NumPy and Python, as they do in the sandbox."""
        from .seeding import seed_all

        seed_all(seed)

    def fresh_process(self) -> None:
        """Where the student's code runs apart, what it remembers is gone from here on; here nothing happens."""

    def slow_imports(self) -> tuple[str, ...]:
        """A sentence for each module whose import took a good part of what it may take while it is graded."""
        allowed_s = self._limits.import_s
        return tuple(
            f"importing {name}.py took {module.import_s:.0f} s; "
            f"while it is graded it may take {allowed_s:g} s of processor time: {AT_THE_TOP}"
            for name, module in self._modules.items()
            if module.import_s > allowed_s * WORTH_A_NOTE
        )

    def settle(self) -> None:
        """Where the student's code runs apart, what waits for the next request is done; here nothing waits."""

    def source(self, module: str) -> str:
        """The text of one of the student's files.

        Raises:
            StudentError: the file is missing or not UTF-8.
        """
        return read_source(self.own_folder, module)

    def sources(self, module: str) -> dict[str, str]:
        """The texts of one of the student's files and of all modules of the student's own that it imports, by name.

        Raises:
            StudentError: a file is missing or not UTF-8.
        """
        from ..assignment import MODULE_BYTES
        from ..own import read_own_folder

        folder = self.own_folder
        found = read_own_folder(folder, [module], self._package.rpartition(".")[2], MODULE_BYTES)
        return {name: read_source(folder, name) for name in dict.fromkeys((module, *found))}


class LocalCleanRoom:
    """The given modules alone, as where no code of the student's runs; here they are those of the student's process."""

    def __init__(self, student: LocalStudent) -> None:
        self._student = student

    def __getattr__(self, name: str) -> Any:
        if name not in self._student._given:
            raise AttributeError(f"the clean room has given modules alone, and {name} is none")
        return getattr(self._student, name)

    @property
    def probe(self) -> StudentModule:
        """The given measurements of `exercises.checking.probe`."""
        return self._student.__getattr__("probe")

    @property
    def clean(self) -> LocalCleanRoom:
        """This one."""
        return self

    @property
    def record_kb(self) -> int:
        """KB that a network's record may have here, its literals included."""
        return self._student._limits.record_kb

    def seed(self, seed: int) -> None:
        """Random numbers start from this seed."""
        self._student.seed(seed)

    def fresh_process(self) -> None:
        """Here nothing happens."""

    def settle(self) -> None:
        """Here nothing waits."""


def read_source(folder: Path, module: str) -> str:
    """The text of a module.

    Raises:
        StudentError: the file is missing, cannot be read, or is not UTF-8; the message says what to do.
    """
    try:
        text = (folder / f"{module}.py").read_text(encoding="utf-8")
    except FileNotFoundError as error:
        words = f"{module}.py is missing: put it back into {folder}"
        raise StudentError(words, cause=Cause.NOT_FOUND, folder=folder) from error
    except OSError as error:
        raise StudentError(f"{module}.py cannot be read: {error.strerror}", folder=folder) from error
    except UnicodeDecodeError as error:
        raise StudentError(f"{module}.py is not UTF-8 (byte {error.start}): save it as UTF-8", folder=folder) from error
    if "\0" in text:
        raise StudentError(f"{module}.py holds null bytes: save it as UTF-8", folder=folder)
    return text
