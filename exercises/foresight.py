"""Foresees what grading will not take of the files that are handed in, which it lays over the given ones.

Reading comes first (syntax, imports, given files that were changed), then an import in a fresh process, in a temporary
folder that holds what grading has and nothing else.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from .annotations import early_annotations
from .assignment import EXERCISES, Assignment
from .checking.student import AT_THE_TOP, WORTH_A_NOTE
from .doctor import NEEDED
from .given import Given, read_given
from .own import GIVEN, Import, given_names, imports_in, may_be_own
from .syntax import newer_syntax, version

OURS = ("exercises", "datasets")
NEWER_MODULES = {"annotationlib": (3, 14), "compression": (3, 14)}  # of the standard library
NEWER_NAMES = {
    "itertools.batched": (3, 12),
    "math.sumprod": (3, 12),
    "typing.override": (3, 12),
    "typing.TypeAliasType": (3, 12),
    "collections.abc.Buffer": (3, 12),
    "copy.replace": (3, 13),
    "math.fma": (3, 13),
    "random.binomialvariate": (3, 12),
    "typing.NoDefault": (3, 13),
    "typing.ReadOnly": (3, 13),
    "typing.TypeIs": (3, 13),
    "warnings.deprecated": (3, 13),
}
START_S = 180  # for torch's own import, and all else that is not the student's
PRELOADED = ("torch", "torchvision", "torchaudio", "matplotlib.pyplot")  # grading has these imported already

# Runs in the temporary folder.  Its reports go to what was standard output; what the student's code writes, nowhere.
IMPORTER = """
import importlib, json, os, sys, threading, time
given, names, package, allowance = json.loads(sys.argv[1])
report = os.fdopen(os.dup(1), "w", buffering=1)
quiet = os.open(os.devnull, os.O_WRONLY)
os.dup2(quiet, 1), os.dup2(quiet, 2)
from pathlib import Path
from exercises.checking.student import student_error
def say(*words): print(json.dumps(words), file=report, flush=True)
for name in given:
    try: importlib.import_module(name)
    except Exception: pass
for name in names:
    say("begin", name)
    clock = threading.Timer(allowance, lambda: (say("stopped", name), os._exit(0)))
    clock.daemon = True
    clock.start()
    begin = time.monotonic()
    try: importlib.import_module(f"{package}.{name}")
    except BaseException as error:
        found = student_error(error, Path.cwd() / "exercises" / package.split(".")[1])
        missing = error.name if isinstance(error, ModuleNotFoundError) else ""
        say("failed", name, found.got, list(found.kinds), missing or "")
    else: say("done", name, time.monotonic() - begin)
    clock.cancel()
say("end", "")
os._exit(0)
"""


def read_ahead(facts: Assignment, root: Path, modules: Mapping[str, bytes]) -> list[str]:
    """What grading will not take, found by reading, one sentence each.

    Args:
        root:    the student's folder.
        modules: what is handed in, tasks' modules and the student's own, by name without ".py".
    """
    given = read_given(root, facts.name)
    found = [
        f"{path} {what}, and grading uses the original: {_mend(path, facts)}" for path, what in _changed(given, root)
    ]
    if given is None and (root / "exercises").resolve() == EXERCISES and not _is_course(root):
        found.append(f"exercises/{facts.name}/{GIVEN} is missing: take it from the course's zip again")
    for name, content in modules.items():
        place = f"exercises/{facts.name}/{name}.py"
        text = content.decode("utf-8-sig", errors="replace")
        found += [
            f"{place}, line {line}: {what}; grading uses Python {facts.python}"
            for line, what in [*newer_syntax(text, facts.python), *early_annotations(text, facts.python)]
        ]
        found += _imports(facts, root, place, imports_in(content, facts.package), set(modules), given)
    return list(dict.fromkeys(found))


def _is_course(root: Path) -> bool:
    """Whether this is the course's own repository, where no given.json is needed; a student may have solutions/."""
    return (root / "grader").is_dir()


def _changed(given: Given | None, root: Path) -> Iterable[tuple[str, str]]:
    return given.changed(root) if given else ()


def _mend(path: str, facts: Assignment) -> str:
    words = "take it from the course's zip again"
    folder, _, name = path.rpartition("/")
    inside = folder == f"exercises/{facts.name}" and name.endswith(".py") and name != "__init__.py"
    return f"{words}; what you added belongs into a module of your own beside it" if inside else words


def _imports(
    facts: Assignment, root: Path, place: str, imports: Iterable[Import], modules: set[str], given: Given | None
) -> Iterator[str]:
    """The imports of one module that fail where it is graded."""
    packages = given.packages if given else NEEDED
    for one in imports:
        if not one.needed:
            continue
        here = f"{place}, line {one.line}: {one.module}"
        top = one.module.split(".")[0]
        if top in sys.stdlib_module_names:
            yield from (f"{here}{words}; grading uses Python {facts.python}" for words in _newer(one, facts.python))
        elif one.module == facts.package or one.module.startswith(f"{facts.package}."):
            yield from (f"{here} {words}" for words in _of_ours(facts, root, one, modules))
        elif top in OURS:
            path = one.module.replace(".", "/")
            if given and not {f"{path}.py", f"{path}/__init__.py"} & set(given.files):
                yield f"{here} is not there where it is graded: it was not given, and is not handed in"
        elif not _comes_with(top, packages):
            yield f"{here} {_beside(facts, root, top) or f'is not installed there: it has {_listed(packages)}'}"


def _newer(one: Import, python: str) -> Iterator[str]:
    """Parts of the standard library that came after the grading Python."""
    since = NEWER_MODULES.get(one.module.split(".")[0], (0, 0))
    if since > version(python):
        yield f" came with Python {since[0]}.{since[1]}"
    for name in one.names:
        since = NEWER_NAMES.get(f"{one.module}.{name}", (0, 0))
        if since > version(python):
            yield f".{name} came with Python {since[0]}.{since[1]}"


def _of_ours(facts: Assignment, root: Path, one: Import, modules: set[str]) -> Iterator[str]:
    """Modules of the assignment's own folder that are imported, and neither given nor handed in."""
    folder = root / "exercises" / facts.name
    certain = one.module != facts.package
    for name in [one.module.split(".")[2]] if certain else one.names:
        if name in modules or name in given_names(facts.name):
            continue
        if (folder / name).is_dir():
            yield f"is a folder, and only modules in exercises/{facts.name}/ itself are handed in: move them there"
        elif not (folder / f"{name}.py").is_file():
            if certain:
                yield "is not there: is the name spelt so, and the file saved?"
        elif not may_be_own(name, facts.name):
            words = "letters from a to z, digits and _, at most 40, and no given file's name"
            yield f"is not handed in, because of its name: rename {name}.py ({words})"
        else:
            yield f"is not handed in: {name}.py cannot be read, is too large, or one of too many"


def _beside(facts: Assignment, root: Path, name: str) -> str:
    """What to do where a module lies beside the notebook, or beside the tasks' modules, and is imported by its name."""
    move = f"is not handed in: move {name}.py into exercises/{facts.name}/ and write `from .{name} import …`"
    if (root / "exercises" / facts.name / f"{name}.py").is_file():
        return f"is not found there: write `from .{name} import …`"
    return move if (root / f"{name}.py").is_file() or (root / name).is_dir() else ""


def _listed(packages: Iterable[str]) -> str:
    return ", ".join(packages)


def _comes_with(top: str, packages: Iterable[str]) -> bool:
    """Whether a package is one of those that the course needs, or comes with one of them."""
    wanted = {_plain(name) for name in packages}
    if _plain(top) in wanted:
        return True
    found = {_plain(name) for name in importlib.metadata.packages_distributions().get(top, ())}
    waiting = list(wanted)
    while waiting and not found & wanted:
        for name in _requires(waiting.pop()):
            if name not in wanted:
                wanted.add(name)
                waiting.append(name)
    return bool(found & wanted)


def _requires(distribution: str) -> list[str]:
    """What a distribution needs always, extras left out."""
    try:
        lines = importlib.metadata.requires(distribution) or []
    except importlib.metadata.PackageNotFoundError:
        return []
    names = [re.match(r"[\w.-]+", line) for line in lines if "extra ==" not in line]
    return [_plain(name[0]) for name in names if name]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def import_ahead(facts: Assignment, root: Path, modules: Mapping[str, bytes], *, told: bool = False) -> list[str]:
    """What goes wrong when the modules are imported where nothing else lies, one sentence each.

    Nothing is tried where given.json does not say which files are given.

    Args:
        told: whether imports that fail have been told already.
    """
    given = read_given(root, facts.name)
    if given is None:
        return []
    folder = Path(tempfile.mkdtemp(prefix="pack-"))
    try:
        for path in given.files:
            _copy(root / path, folder / path)
        for name, content in modules.items():
            (folder / "exercises" / facts.name / f"{name}.py").write_bytes(content)
        reports = _import(facts, folder, list(modules))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return list(dict.fromkeys(_judged(facts, reports, given.packages, told)))


def _copy(source: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    if source.is_file():
        shutil.copyfile(source, place)


def _import(facts: Assignment, folder: Path, names: list[str]) -> list[list[object]]:
    """Import the modules one after the other, and give what the process reports."""
    words = json.dumps([PRELOADED, names, facts.package, facts.limits.import_s])
    as_graded = {"PYTHONUTF8": "1", "PYTHONIOENCODING": "utf-8", "MPLBACKEND": "Agg"}  # there a print fails for no "→"
    environment = {**os.environ, **as_graded, "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("PYTHONPATH", None)
    done = subprocess.Popen(
        [sys.executable, "-c", IMPORTER, words],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with done:
        try:
            said, _ = done.communicate(timeout=START_S + facts.limits.import_s * len(names))
        except subprocess.TimeoutExpired:
            done.kill()
            said, _ = done.communicate()
    reports = []
    for line in said.decode(errors="replace").splitlines():
        try:
            reports.append(json.loads(line))
        except ValueError:
            continue
    return [one for one in reports if isinstance(one, list) and len(one) > 1]


def _judged(facts: Assignment, reports: list[list[object]], packages: Iterable[str], told: bool) -> Iterator[str]:
    """What the reports of the imports mean."""
    begun, failures = "", set()
    for kind, name, *rest in reports:
        place = f"exercises/{facts.name}/{name}.py"
        if kind == "begin":
            begun = str(name)
        elif kind == "stopped":
            yield f"{place} takes more than {facts.limits.import_s:g} s to import, and is stopped there: {AT_THE_TOP}"
            return
        elif kind == "done" and isinstance(rest[0], float) and rest[0] > WORTH_A_NOTE * facts.limits.import_s:
            yield (
                f"{place} takes {rest[0]:.1f} s to import, and grading stops it after {facts.limits.import_s:g} s of a "
                f"machine that may be slower: {AT_THE_TOP}"
            )
        elif kind == "failed":
            got, kinds, missing = str(rest[0]), rest[1], str(rest[2])
            if missing and _plain(missing.split(".")[0]) in map(_plain, packages):
                yield f"perhaps more, for nothing could be tried: {got}; python -m exercises doctor says what to do"
                return
            known = "SyntaxError" in str(kinds) or (told and "ImportError" in str(kinds))  # told in other words
            if not known and got not in failures:
                failures.add(got)
                yield f"{place} fails when it is imported where nothing else lies: {got}"
    if begun and (not reports or reports[-1][0] == "begin"):
        yield f"exercises/{facts.name}/{begun}.py ends Python when it is imported: its tasks would get no points"
