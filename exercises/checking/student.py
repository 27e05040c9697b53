"""The student as a check sees one: modules by name, objects that can be built, called and read."""

from __future__ import annotations

import builtins
import difflib
import importlib
import os
import time
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

from .plain import is_plain as is_plain
from .plain import number_of
from .verdict import Cause, quoted

MAX_SUMMARY_LENGTH = 500  # characters
MAX_MESSAGE_LINES = 6  # of an exception's message
MAX_SOURCE_LENGTH = 120  # characters of a source line
MAX_ABOUT_LENGTH = 80  # characters of what it is about
MAX_LIST_DEPTH = 16  # of lists in lists: what lies deeper stays where it is
OF_EVERY_MODULE = ("_parameters", "_buffers", "_modules", "_forward_hooks", "_backward_hooks", "training")
WORTH_A_NOTE = 1 / 4  # of what an import may take: the machine that grades may be slower
AT_THE_TOP = (
    "what runs at the top of the file runs at every import; "
    'put it under `if __name__ == "__main__":` or into the notebook'
)
MIN_SIMILARITY = 0.95  # of two names: a letter too many is, another digit is not
CAUSES = {  # by the name of an exception
    "NotImplementedError": Cause.NOT_WRITTEN,
    "SyntaxError": Cause.UNREADABLE,
    "ImportError": Cause.NOT_FOUND,
}


class StudentError(Exception):
    """The student's code raised, died or did not finish.

    Attributes:
        summary: one line for the student: "NotImplementedError: Task 2: ...".
        kinds:   names of the exception's class and its bases (empty where the process died or was stopped).
        where:   the student's own lines on the way to it, innermost last: (file, line number, source line).
        cause:   what kind of mistake it is; without it, what the exception's classes say.
        about:   as in `Verdict`.
    """

    def __init__(
        self,
        summary: str,
        kinds: tuple[str, ...] = (),
        where: tuple[tuple[str, int, str], ...] = (),
        *,
        cause: Cause | None = None,
        about: str = "",
    ) -> None:
        super().__init__(summary)
        self.summary, self.kinds, self.where, self.about = summary, kinds, where, about
        self.cause = cause or next((CAUSES[kind] for kind in kinds if kind in CAUSES), Cause.RAISED)

    def anew(self, summary: str = "") -> StudentError:
        """The same error to be raised once more, with another summary where one is given."""
        return StudentError(summary or self.summary, self.kinds, self.where, cause=self.cause, about=self.about)

    @property
    def place(self) -> tuple[str, int] | None:
        """The student's own file and line that it came from."""
        return self.where[-1][:2] if self.where else None

    @property
    def got(self) -> str:
        """The summary, and the student's own line that it came from."""
        if not self.where:
            return self.summary
        file, line, source = self.where[-1]
        return f"{self.summary}  {quoted((file, line), source)}"


def student_error(error: BaseException, folder: Path) -> StudentError:
    """Cut an exception down to its message and the lines that lie in the student's folder."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [
        (Path(f.filename).name, f.lineno or 0, _cut((f.line or "").strip(), MAX_SOURCE_LENGTH))
        for f in frames
        if _lies_in(f.filename, folder)
    ]
    if isinstance(error, SyntaxError) and error.filename and _lies_in(error.filename, folder):
        source = _cut((error.text or "").strip(), MAX_SOURCE_LENGTH)
        where.append((Path(error.filename).name, error.lineno or 0, source))
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    if isinstance(error, AttributeError) and error.name in OF_EVERY_MODULE:
        message += ": is super().__init__() missing at the beginning of its __init__?"
    lines = message.replace(f"{folder}{os.sep}", "").splitlines()
    message = "\n".join([*lines[:MAX_MESSAGE_LINES], *(["…"] if len(lines) > MAX_MESSAGE_LINES else [])])
    summary = _cut(f"{type(error).__name__}: {message}".strip(), MAX_SUMMARY_LENGTH)
    kinds = tuple(map(_kind, type(error).__mro__))
    return StudentError(summary, kinds, tuple(where), about=_cut(_about(error, folder), MAX_ABOUT_LENGTH))


def _about(error: BaseException, folder: Path) -> str:
    """The student's function that is not written, the module that was not found, or the exception's class."""
    if isinstance(error, NotImplementedError):
        code = [frame.f_code for frame, _ in traceback.walk_tb(error.__traceback__)][-1:]
        return code[0].co_qualname if code and _lies_in(code[0].co_filename, folder) else ""
    if isinstance(error, ImportError):
        return error.name if isinstance(error.name, str) else ""
    return _kind(type(error))


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _kind(exception: type) -> str:
    """The name of an exception's class; one of the student's own is not taken for Python's of the same name."""
    name = exception.__name__
    return name if getattr(builtins, name, None) is exception else f"{exception.__module__}.{name}"


def _lies_in(filename: str, folder: Path) -> bool:
    return Path(filename).parent == folder


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
            raise StudentError(f"{self._name}.py has no {attribute}: {advice}", ("AttributeError",))
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
    except StudentError:
        raise
    except (Exception, SystemExit) as error:
        raise student_error(error, folder) from error


class LocalThing:
    """An object made by the student's code in this process; what it raises becomes a StudentError."""

    def __init__(self, thing: Any, folder: Path) -> None:
        object.__setattr__(self, "_thing", thing)
        object.__setattr__(self, "_folder", folder)

    @property
    def type_name(self) -> str:
        return type(self._thing).__qualname__

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        plain = [_unwrap(a) for a in args]
        named = {k: _unwrap(v) for k, v in kwargs.items()}
        return _wrap(_guarded(lambda: self._thing(*plain, **named), self._folder), self._folder)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if not _guarded(lambda: hasattr(self._thing, name), self._folder):
            raise StudentError(f"a {type(self._thing).__name__} has no {name}", ("AttributeError",))
        return _wrap(_guarded(lambda: getattr(self._thing, name), self._folder), self._folder)

    def __bool__(self) -> bool:
        raise TypeError("a student's object has no truth value: compare tensors or plain values")

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        raise TypeError("a student's object is never compared: compare tensors or plain values")


def _wrap(value: Any, folder: Path, depth: int = 0) -> Any:
    """What a check gets: values that travel as themselves, and anything else behind a LocalThing, as in the sandbox."""
    from torch import Size, Tensor

    value = number_of(value)
    if value is None or type(value) in (bool, int, float, str) or isinstance(value, Tensor):
        return value
    if depth < MAX_LIST_DEPTH:
        if type(value) in (tuple, Size):
            return tuple(_wrap(item, folder, depth + 1) for item in value)
        if type(value) is list:
            return [_wrap(item, folder, depth + 1) for item in value]
        if isinstance(value, dict) and all(type(key) is str for key in value):
            return {key: _wrap(item, folder, depth + 1) for key, item in value.items()}
    return LocalThing(value, folder)


def _unwrap(value: Any) -> Any:
    """What the student's code gets: copies of tensors, as in the sandbox, so that what it does to them stays there."""
    from torch import Tensor, contiguous_format

    if isinstance(value, LocalThing):
        return value._thing
    if isinstance(value, Tensor):
        return value.detach().clone(memory_format=contiguous_format)
    if type(value) in (tuple, list):
        return type(value)(_unwrap(item) for item in value)
    if type(value) is dict:
        return {key: _unwrap(item) for key, item in value.items()}
    return value


class LocalStudent:
    """The student's modules in this process: `student.blocks.ResidualBlock1d(channels=4)`.

    `student.probe` holds the given measurements of `exercises.checking.probe` (input gradients and the like),
    `student.learning` the training loop of `exercises.learning`.

    Args:
        package: where the modules lie, "exercises.digits".
    """

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

    def package_of(self, module: str) -> str:
        """Where a module of this name lies."""
        return self._package

    def seed(self, seed: int) -> None:
        """Random numbers start from this seed."""
        import torch

        torch.manual_seed(seed)

    def fresh_process(self) -> None:
        """Where the student's code runs apart, what it remembers is gone from here on; here nothing happens."""

    def slow_imports(self) -> tuple[str, ...]:
        """A sentence for each module whose import took a good part of what it may take while it is graded."""
        from ..assignment import IMPORT_ALLOWANCE_S

        return tuple(
            f"importing {name}.py took {module.import_s:.0f} s; "
            f"while it is graded it may take {IMPORT_ALLOWANCE_S} s of processor time: {AT_THE_TOP}"
            for name, module in self._modules.items()
            if module.import_s > IMPORT_ALLOWANCE_S * WORTH_A_NOTE
        )

    def settle(self) -> None:
        """Where the student's code runs apart, what waits for the next request is done; here nothing waits."""

    def source(self, module: str) -> str:
        """The text of one of the student's files.

        Raises:
            StudentError: the file is missing or not UTF-8.
        """
        return read_source(Path(importlib.import_module(self._package).__path__[0]), module)

    def sources(self, module: str) -> dict[str, str]:
        """The texts of one of the student's files and of all modules of the student's own that it imports, by name.

        Raises:
            StudentError: a file is missing or not UTF-8.
        """
        from ..assignment import MODULE_BYTES
        from ..own import read_own_folder

        folder = Path(importlib.import_module(self._package).__path__[0])
        found = read_own_folder(folder, [module], self._package.rpartition(".")[2], MODULE_BYTES)
        return {name: read_source(folder, name) for name in dict.fromkeys((module, *found))}


def read_source(folder: Path, module: str) -> str:
    """The text of a module.

    Raises:
        StudentError: the file is missing, cannot be read, or is not UTF-8; the message says what to do.
    """
    try:
        text = (folder / f"{module}.py").read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise StudentError(f"{module}.py is missing: put it back into {folder}") from error
    except OSError as error:
        raise StudentError(f"{module}.py cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise StudentError(f"{module}.py is not UTF-8 (byte {error.start}): save it as UTF-8") from error
    if "\0" in text:
        raise StudentError(f"{module}.py holds null bytes: save it as UTF-8")
    return text
