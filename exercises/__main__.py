"""The program for students: python -m exercises check digits, python -m exercises pack digits.

`python exercises check digits` is the same, and runs even where a file beside the notebook hides what Python itself
needs to begin: it says which.
"""

from __future__ import annotations

import os
import sys

if __name__ == "__main__":  # before any import that a file in the student's folder could stand in for
    for stream in (sys.stdout, sys.stderr):  # a console that lacks a character is no reason to end
        getattr(stream, "reconfigure", lambda **_: None)(errors="replace")
    here = os.path.dirname(os.path.abspath(__file__))
    if not __package__:  # python exercises
        sys.path[0] = os.path.dirname(here)
    from exercises.shadows import advice, shadows

    if hidden := shadows(os.path.dirname(here)):
        print(f"FAULT  {advice(os.path.dirname(here), hidden)}")
        sys.exit(1 if "doctor" in sys.argv[1:2] else 2)

import contextlib
import dataclasses
import faulthandler
import importlib
import io
import json
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

if TYPE_CHECKING:
    from exercises.checking.printed import Printed
    from exercises.checking.verdict import Verdict

ROOT = Path(__file__).resolve().parent.parent  # the student's folder

try:
    import typer
except ImportError as error:  # often another Python than the one that everything was installed for
    from exercises.doctor import tell

    print(f"{error}.  What is wrong with this Python:")
    tell(ROOT)
    sys.exit(2)

LONG_S = 20  # a check that runs longer is said to be still running
STOPPED = 130  # the exit code of a program that Ctrl-C ended

app = typer.Typer(add_completion=False, help="Check your saved files, and pack them to be handed in.")


@app.command()
def check(
    assignment: Annotated[str, typer.Argument(help="the assignment, for example digits")],
    task: Annotated[str, typer.Argument(help="one task or its file, for example blocks; without it, all")] = "",
    hint: Annotated[bool, typer.Option("--hint", help="open the next hint of what fails")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print one line of JSON instead, with all hints")] = False,
) -> None:
    """Run the public checks: exit code 0 if all pass, 1 if one fails, 2 if the command is wrong; Ctrl-C stops them.

    What grading will not take of the files is said besides, and counts as a failure.
    """
    from exercises.assignment import MODULE_BYTES, load_assignment
    from exercises.checking.catalogue import public_checks
    from exercises.checking.latest import note_latest, read_latest, unchanged
    from exercises.checking.opened import open_next
    from exercises.checking.points import foreseen
    from exercises.checking.run import run_checks
    from exercises.checking.show import Report, as_texts, saved_files
    from exercises.checking.student import LocalStudent, student_error
    from exercises.checking.verdict import Status
    from exercises.foresight import read_ahead
    from exercises.given import read_given
    from exercises.own import reachable, read_own_folder

    try:
        facts = load_assignment(assignment)
        file = task.removesuffix(".py")
        tasks = [item.name for item in facts.tasks if file in ("", item.name, item.module)] or [facts.task(task).name]
    except ValueError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    checks = [item for item in public_checks(facts) if item.task in tasks]
    student = LocalStudent(facts.package)
    folder = Path(importlib.import_module(facts.package).__path__[0])
    for name in () if as_json else tasks:
        typer.echo(facts.task(name).head)
    verdicts: list[Verdict] = []
    fault, terminal = "", sys.stdout
    try:
        with _patience(lambda: len(verdicts)), _alone() as printed:
            for text in as_texts(_noted(run_checks(checks, student), verdicts, printed)):
                if not as_json:
                    typer.echo(text, file=terminal)
    except KeyboardInterrupt as error:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second one would cost the report
        lines = student_error(error, folder).where
        place = f", in {lines[-1][0]}, line {lines[-1][1]}: {lines[-1][2]}" if lines else ""
        running = checks[min(len(verdicts), len(checks) - 1)]  # the last one may just have ended
        fault = f"Stopped while {running.id} ran{place}"
    everything = read_own_folder(folder, facts.modules, assignment, MODULE_BYTES)
    used = {name: reachable([facts.task(name).module], everything, assignment) for name in tasks}
    written = {name: everything[name] for names in used.values() for name in names}
    doubts, notes = tuple(read_ahead(facts, ROOT, written)), student.slow_imports()
    given = read_given(ROOT, assignment)
    if given and not fault:  # a student's folder, and not the course's own
        if not hint and (same := unchanged(read_latest(folder), used, everything)):
            notes += (same,)
        note_latest(folder, tasks, verdicts, everything)
    if given and given.contact and any(verdict.status is Status.ERROR for verdict in verdicts):
        notes += (f"a check that is at fault itself is none of your mistakes: please tell {given.contact}",)
    points = () if fault else foreseen(facts, tasks, checks, verdicts, given.hidden if given else ())
    report = Report(assignment, task, tuple(verdicts), saved_files(facts, tasks, folder), fault, doubts, notes, points)
    if as_json:
        typer.echo(json.dumps(report.to_json()))
    else:
        for part in open_next(folder, verdicts) if hint else ():
            typer.echo(part)
        if not hint and any(verdict.hints for verdict in verdicts):
            typer.echo(f"stuck? {' '.join(('python -m exercises check', assignment, task)).rstrip()} --hint")
        typer.echo(report.ending)
    raise typer.Exit(STOPPED if fault else 0 if report.passed else 1)


def _noted(verdicts: Iterable[Verdict], seen: list[Verdict], printed: Printed) -> Iterator[Verdict]:
    """These verdicts, each with what was printed before it ended; they join those that were seen."""
    for verdict in verdicts:
        seen.append(dataclasses.replace(verdict, printed=printed.take()))
        yield seen[-1]


@contextlib.contextmanager
def _alone() -> Iterator[Printed]:
    """What the student's code prints is kept, so that it stands with its check; nobody sees it ask for input.

    Code that ends the process gives an error instead, as sys.exit does.  Where it crashes, the terminal gets its lines.
    """
    from exercises.checking.printed import Printed

    here, leave, printed = os.getpid(), os._exit, Printed()

    def end(status: int) -> NoReturn:
        if os.getpid() == here:
            raise SystemExit(status)
        leave(status)

    if sys.__stderr__ is not None:
        faulthandler.enable(sys.__stderr__, all_threads=False)
    keyboard, sys.stdin, os._exit = sys.stdin, io.StringIO(), end
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
            yield printed
    finally:
        sys.stdin, os._exit = keyboard, leave


@contextlib.contextmanager
def _patience(count: Callable[[], int]) -> Iterator[None]:
    """Where no check has ended for a while, the terminal says that one still runs, and how to stop it."""
    screen, ended = sys.stderr, threading.Event()

    def watch() -> None:
        before = count()
        while not ended.wait(LONG_S):
            if count() == before:
                typer.echo(f"… no check has ended for {LONG_S} seconds; Ctrl-C stops here and says where", file=screen)
                return
            before = count()

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        ended.set()


@app.command()
def pack(
    assignment: Annotated[str, typer.Argument(help="the assignment, for example digits")],
    out: Annotated[Path | None, typer.Option(help="the folder to write into; this one without it")] = None,
) -> None:
    """Make the zip to upload, and a receipt.

    Exit code 0 if all is well, 1 if the zip is made and grading will not take something in it, 2 if no zip is made.
    """
    from exercises.assignment import load_assignment
    from exercises.given import read_given
    from exercises.pack import PackError, due, is_extra
    from exercises.pack import pack as make

    given = read_given(ROOT, assignment)
    ask = f"Whom to ask: {given.contact}" if given and given.contact else ""
    try:
        receipt = make(assignment, ROOT, out)
    except (PackError, ValueError) as error:
        said = f"nothing was packed:\n{error}" if isinstance(error, PackError) else str(error)
        typer.echo("\n".join([said, *([ask] if ask else [])]), err=True)
        raise typer.Exit(2) from None
    except OSError as error:
        folder = out or ROOT
        typer.echo(f"nothing was packed: writing into {folder} failed ({error.strerror}); try --out FOLDER", err=True)
        raise typer.Exit(2) from None
    typer.echo(str(receipt).rstrip())
    for remark in sorted(receipt.remarks, key=is_extra):
        typer.echo(f"{'extra credit' if is_extra(remark) else 'unfinished'}: {remark}")
    for name in receipt.left_out:
        typer.echo(f"left out: {name} (modules in exercises/{assignment}/ that yours import are handed in, no others)")
    for doubt in receipt.doubts:
        typer.echo(f"grading will not take: {doubt}")
    typer.echo(f"\n{receipt.checked}")
    typer.echo(due(load_assignment(assignment)))
    typer.echo(f"Upload {receipt.archive}")
    typer.echo("The receipt lies beside it: keep it until you have your points.")
    if ask:
        typer.echo(ask)
    if receipt.doubts:
        typer.echo("Better mend first what grading will not take, and pack again.")
        raise typer.Exit(1)


@app.command()
def doctor() -> None:
    """Name what is wrong with this Python, with the command that mends it; exit code 1 if something is."""
    from exercises.doctor import tell

    raise typer.Exit(1 if tell(ROOT) else 0)


if __name__ == "__main__":
    try:
        app()
    except ImportError as error:  # of the student's own modules, checks say it
        sys.exit(f"{error}: python -m exercises doctor says what to do")
