"""Damage to the files of the submitted folder, beside the modules' text."""

from __future__ import annotations

import os
import shutil
import socket
import zipfile
from collections.abc import Callable
from pathlib import Path

Folder = Callable[[Path, dict[str, str]], None]

FOLDERS: dict[str, Folder] = {}
DAMAGED = "digits"  # the assignment whose files are damaged
MODULES = Path("exercises", DAMAGED)


def folder(damage: Folder) -> Folder:
    """Register a damage of the submitted folder: called with the folder and with what the run knows (@NAME@)."""
    FOLDERS[damage.__name__] = damage
    return damage


@folder
def stray_packages(submitted: Path, known: dict[str, str]) -> None:
    """Files that shadow what the grader imports, where a kernel or nbgrader would start."""
    boom = f"open('/tmp/{known['MARK']}', 'w')\nraise SystemExit('shadowed')\n"
    for place in (submitted, submitted / MODULES, submitted / "exercises"):
        for name in ("torch", "random", "sitecustomize", "usercustomize", "nbgrader_config", "ipython_config", "json"):
            (place / f"{name}.py").write_text(boom)
        for package in ("numpy", "grader", "solutions"):
            (place / package).mkdir()
            (place / package / "__init__.py").write_text(boom)
    startup = submitted / ".ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00-boom.py").write_text(boom)


@folder
def given_files_replaced(submitted: Path, known: dict[str, str]) -> None:
    """The checks, the training loop and the thresholds, each made easy."""
    easy = "def __getattr__(name):\n    return lambda *args, **kwargs: None\n"
    for name in ("checks/pooling.py", "checks/observe.py", "training.py", "__init__.py"):
        (submitted / MODULES / name).write_text(easy)
    for name in ("probe.py", "check.py", "expect.py", "__init__.py"):
        (submitted / "exercises" / "checking" / name).write_text(easy)
    toml = submitted / MODULES / "assignment.toml"
    toml.write_text(toml.read_text().replace("0.88", "0.01"))


@folder
def compiled_files(submitted: Path, known: dict[str, str]) -> None:
    """A .pyc that claims to be pooling.py, compiled from something else."""
    import importlib.util
    import py_compile

    source = submitted / "other.py"
    source.write_text("raise SystemExit('the compiled file ran')\n")
    target = importlib.util.cache_from_source(str(submitted / MODULES / "pooling.py"))
    py_compile.compile(str(source), cfile=target, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)


@folder
def package_beside_the_module(submitted: Path, known: dict[str, str]) -> None:
    """A folder pooling/, which an import prefers to pooling.py."""
    package = submitted / MODULES / "pooling"
    package.mkdir()
    (package / "__init__.py").write_text("raise SystemExit('the package was imported')\n")


def _link(submitted: Path, target: str, name: str = "blocks.py") -> None:
    path = submitted / MODULES / name
    path.unlink()
    path.symlink_to(target)


@folder
def link_to_passwd(submitted: Path, known: dict[str, str]) -> None:
    _link(submitted, "/etc/passwd")


@folder
def link_to_another_student(submitted: Path, known: dict[str, str]) -> None:
    _link(submitted, f"{known['OTHER']}/exercises/digits/blocks.py")


@folder
def link_to_the_solution(submitted: Path, known: dict[str, str]) -> None:
    _link(submitted, f"{known['REPOSITORY']}/solutions/digits/blocks.py")


@folder
def link_to_a_hidden_check(submitted: Path, known: dict[str, str]) -> None:
    _link(submitted, f"{known['REPOSITORY']}/grader/checks/digits/blocks.py")


@folder
def link_inside_the_folder(submitted: Path, known: dict[str, str]) -> None:
    """The module lies elsewhere in the folder, and a link leads there."""
    shutil.move(submitted / MODULES / "blocks.py", submitted / "my_blocks.py")
    (submitted / MODULES / "blocks.py").symlink_to("../../my_blocks.py")


@folder
def folder_is_a_link(submitted: Path, known: dict[str, str]) -> None:
    """exercises/ leads to another student's."""
    shutil.rmtree(submitted / "exercises")
    (submitted / "exercises").symlink_to(f"{known['OTHER']}/exercises")


@folder
def notebook_is_a_link(submitted: Path, known: dict[str, str]) -> None:
    (submitted / "digits.ipynb").unlink()
    (submitted / "digits.ipynb").symlink_to(f"{known['BAIT']}/netrc")


@folder
def links_out_of_the_folder(submitted: Path, known: dict[str, str]) -> None:
    """Links that a copy of the folder would follow, one of them in a circle."""
    (submitted / "bait").symlink_to(known["BAIT"])
    (submitted / "notes.txt").symlink_to(f"{known['BAIT']}/netrc")
    (submitted / "self").symlink_to(".")
    (submitted / "nowhere").symlink_to(f"/nowhere/{known['MARK']}")


@folder
def fifo_as_module(submitted: Path, known: dict[str, str]) -> None:
    (submitted / MODULES / "blocks.py").unlink()
    os.mkfifo(submitted / MODULES / "blocks.py")


@folder
def fifo_as_notebook(submitted: Path, known: dict[str, str]) -> None:
    (submitted / "digits.ipynb").unlink()
    os.mkfifo(submitted / "digits.ipynb")


@folder
def fifo_and_socket_as_extra_files(submitted: Path, known: dict[str, str]) -> None:
    os.mkfifo(submitted / "pipe")
    os.mkfifo(submitted / MODULES / "pipe.py")
    here = os.open(submitted, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as sock:  # a path below 108 bytes, however deep the folder lies
        sock.bind(f"/proc/self/fd/{here}/socket")
    os.close(here)


@folder
def directory_as_module(submitted: Path, known: dict[str, str]) -> None:
    (submitted / MODULES / "blocks.py").unlink()
    (submitted / MODULES / "blocks.py").mkdir()


@folder
def directory_as_notebook(submitted: Path, known: dict[str, str]) -> None:
    (submitted / "digits.ipynb").unlink()
    (submitted / "digits.ipynb").mkdir()


@folder
def empty_module(submitted: Path, known: dict[str, str]) -> None:
    (submitted / MODULES / "blocks.py").write_bytes(b"")


@folder
def module_of_70_kib(submitted: Path, known: dict[str, str]) -> None:
    """Right, with 70 KiB of remarks below it."""
    with (submitted / MODULES / "receptive_field.py").open("a") as file:
        file.write("# as I said\n" * (70 * 1024 // 12))


def _reencode(submitted: Path, name: str, change: Callable[[str], bytes]) -> None:
    path = submitted / MODULES / f"{name}.py"
    path.write_bytes(change(path.read_text(encoding="utf-8")))


@folder
def module_in_latin_1(submitted: Path, known: dict[str, str]) -> None:
    """An editor's encoding, declared as Python wants it."""
    _reencode(submitted, "pooling", lambda t: f"# -*- coding: latin-1 -*-\n# größer\n{t}".encode("latin-1"))


@folder
def module_in_latin_1_undeclared(submitted: Path, known: dict[str, str]) -> None:
    """In a text: Python says nothing about a remark that it cannot read."""
    _reencode(submitted, "recipe", lambda t: f"{t}\nNAME = 'größer'\n".encode("latin-1"))


@folder
def modules_with_bom(submitted: Path, known: dict[str, str]) -> None:
    for name in ("receptive_field", "pooling", "blocks", "classifier", "recipe"):
        _reencode(submitted, name, lambda t: t.encode("utf-8-sig"))


@folder
def module_in_utf_16(submitted: Path, known: dict[str, str]) -> None:
    _reencode(submitted, "classifier", lambda t: t.encode("utf-16"))


@folder
def module_with_null_bytes(submitted: Path, known: dict[str, str]) -> None:
    _reencode(submitted, "classifier", lambda t: t.encode() + b"\n# \x00\x00\x00\n")


@folder
def windows_line_ends(submitted: Path, known: dict[str, str]) -> None:
    for name in ("receptive_field", "pooling", "blocks", "classifier", "recipe"):
        _reencode(submitted, name, lambda t: t.replace("\n", "\r\n").encode())


@folder
def old_mac_line_ends(submitted: Path, known: dict[str, str]) -> None:
    for name in ("receptive_field", "pooling", "blocks", "classifier", "recipe"):
        _reencode(submitted, name, lambda t: t.replace("\n", "\r").encode())


@folder
def tabs_for_blanks(submitted: Path, known: dict[str, str]) -> None:
    for name in ("receptive_field", "pooling", "blocks", "classifier", "recipe"):
        _reencode(submitted, name, lambda t: t.replace("    ", "\t").encode())


@folder
def quadratic_source(submitted: Path, known: dict[str, str]) -> None:
    """Each name is made from the next one, so that every pass over the file finds one more alias of torch."""
    count = 3600  # as many as the cap on a module leaves room for
    chain = "".join(f" a{n}=a{n + 1}\n" for n in range(count))
    _reencode(submitted, "pooling", lambda t: f"{t}\nif False:\n{chain} a{count}=torch\n".encode())


@folder
def deep_source(submitted: Path, known: dict[str, str]) -> None:
    deep = f"    b = {'-' * 2000}1\n    c = {'(' * 150}b{')' * 150}\n    d = {'[' * 150}{']' * 150}\n"
    _reencode(submitted, "pooling", lambda t: f"{t}\nif False:\n{deep}".encode())


@folder
def endless_chain(submitted: Path, known: dict[str, str]) -> None:
    _reencode(submitted, "pooling", lambda t: f"{t}\nif False:\n    c = torch{'.a' * 2000}\n".encode())


@folder
def wrong_names(submitted: Path, known: dict[str, str]) -> None:
    """A browser has renamed the files, and one name holds a Cyrillic letter."""
    shutil.move(submitted / "digits.ipynb", submitted / "digits (1).ipynb")
    shutil.move(submitted / MODULES / "receptive_field.py", submitted / MODULES / "receptive_field (2).py")
    shutil.move(submitted / MODULES / "recipe.py", submitted / MODULES / "r\u0435cipe.py")


@folder
def folder_in_a_folder(submitted: Path, known: dict[str, str]) -> None:
    """Everything lies one folder too deep, as after unpacking twice."""
    inner = submitted / "digits"
    inner.mkdir()
    for path in [path for path in submitted.iterdir() if path != inner]:
        shutil.move(path, inner / path.name)


@folder
def unspeakable_names(submitted: Path, known: dict[str, str]) -> None:
    names = [
        b"\xff\xfe.py",
        b"new\nline",
        b"\x1b[31mred",
        "\u202etxt.exe".encode(),
        b"%s %n {0}",
        b"'; DROP TABLE grade;--",
    ]
    for name in (*names, b"x" * 250):
        Path(os.fsdecode(os.path.join(os.fsencode(submitted), name))).write_bytes(b"")


@folder
def thousands_of_files(submitted: Path, known: dict[str, str]) -> None:
    deep = submitted / "/".join(["d"] * 200)
    deep.mkdir(parents=True)
    for number in range(3000):
        (submitted / f"plot-{number}.txt").write_bytes(b"")


@folder
def forged_timestamp(submitted: Path, known: dict[str, str]) -> None:
    (submitted / "timestamp.txt").write_bytes(b"\xff\xfe 1999-01-01 00:00:00 UTC\n" * 3)


@folder
def timestamp_is_a_directory(submitted: Path, known: dict[str, str]) -> None:
    (submitted / "timestamp.txt").mkdir()


@folder
def archives_left_in(submitted: Path, known: dict[str, str]) -> None:
    """A zip whose names lead out of the folder, and one that would unpack to 200 MB."""
    with zipfile.ZipFile(submitted / "handed-in.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name in (f"../../../../{known['MARK']}", f"/tmp/{known['MARK']}", "exercises/digits/pooling.py"):
            archive.writestr(name, "raise SystemExit\n")
        archive.writestr("big.bin", bytes(200 << 20))
