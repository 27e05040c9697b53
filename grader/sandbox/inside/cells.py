"""Runs a notebook's code cells in this process, without a Jupyter kernel, and collects what they show."""

from __future__ import annotations

import base64
import builtins
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell

from ..protocol import MAX_CELL_OUTPUTS, MAX_CELL_PICTURE, MAX_CELL_TEXT

Output = dict[str, Any]


class Page:
    """The outputs of one cell, in their order, capped."""

    def __init__(self) -> None:
        self.outputs: list[Output] = []
        self.text = 0

    def add(self, output: Output) -> None:
        """Keep an output while there is room; a value and standard error, which decide points, find room always."""
        if len(self.outputs) >= MAX_CELL_OUTPUTS:
            if not _decides(output):
                return
            self.outputs.pop(next((n for n, one in enumerate(self.outputs) if not _decides(one)), 0))
        self.outputs.append(output)

    def write(self, stream: str, text: str) -> None:
        room = MAX_CELL_TEXT - self.text
        if room <= 0 and stream == "stderr" and not any(map(_decides, self.outputs)):
            self.add({"output_type": "stream", "name": stream, "text": "…"})
        if room <= 0 or not text:
            return
        shown = text if len(text) <= room else text[:room] + "\n… (the rest was cut)\n"
        self.text += len(text)
        last = self.outputs[-1] if self.outputs else {}
        if last.get("output_type") == "stream" and last["name"] == stream:
            last["text"] += shown
        else:
            self.add({"output_type": "stream", "name": stream, "text": shown})

    def show(self, data: dict[str, Any], kind: str = "display_data") -> None:
        """Keep the picture, else the text; HTML and scripts do not leave the sandbox."""
        picture = data.get("image/png")
        if isinstance(picture, bytes):
            picture = base64.b64encode(picture).decode()
        kept = {"text/plain": str(data.get("text/plain", ""))[:MAX_CELL_TEXT]}
        if isinstance(picture, str) and len(picture) <= MAX_CELL_PICTURE:
            kept["image/png"] = picture
        self.add({"output_type": kind, "metadata": {}, "data": kept})

    def fail(self, error: BaseException) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if "/work/" in frame.filename or frame.filename.startswith("<ipython")]
        lines = [f"{frame.filename.rpartition('/')[2]}, line {frame.lineno}: {frame.line}" for frame in own[-6:]]
        message = str(error)[:2000]
        lines.append(f"{type(error).__name__}: {message}")
        entry = {"output_type": "error", "ename": type(error).__name__, "evalue": message, "traceback": lines}
        self.outputs = [*self.outputs[: MAX_CELL_OUTPUTS - 1], entry]


def _decides(output: Output) -> bool:
    return output["output_type"] == "execute_result" or output.get("name") == "stderr"


class CellTimeoutError(KeyboardInterrupt):
    """A cell took too long.  Not an Exception: a cell that catches those ends all the same."""


@contextmanager
def _at_most(cpu_s: float, wall_s: float) -> Iterator[None]:
    """Interrupt what runs here after so much processor time, or so long."""

    def interrupt(number: int, frame: Any) -> None:
        raise CellTimeoutError(f"the cell took more than {cpu_s:.0f} s of processor time, or {wall_s:.0f} s in all")

    timers = ((signal.SIGPROF, signal.ITIMER_PROF, cpu_s), (signal.SIGALRM, signal.ITIMER_REAL, wall_s))
    for number, timer, seconds in timers:
        signal.signal(number, interrupt)
        signal.setitimer(timer, seconds)
    try:
        yield
    finally:
        for number, timer, _ in timers:
            signal.setitimer(timer, 0)
            signal.signal(number, signal.SIG_IGN)


class Stream:
    """A text file that writes to the current page."""

    def __init__(self, notebook: Notebook, name: str) -> None:
        self.notebook, self.name = notebook, name

    def write(self, text: str) -> int:
        self.notebook.page.write(self.name, str(text))
        return len(text)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False


class Notebook:
    """The cells' shell and the page that is being written.

    Args:
        as_kernel: show the value of a cell as its result, and remember inputs and results, as a Jupyter kernel does.
    """

    def __init__(self, *, as_kernel: bool = False) -> None:
        self._as_kernel = as_kernel
        self.page = Page()
        notebook = self

        class Publisher(DisplayPublisher):
            def publish(self, data: dict[str, Any], *args: Any, **kwargs: Any) -> None:
                notebook.page.show(data)

            def clear_output(self, wait: bool = False) -> None:
                pass

        class Hook(DisplayHook):
            def write_output_prompt(self) -> None:
                pass

            def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
                notebook.page.show(format_dict, "execute_result" if as_kernel else "display_data")

            def log_output(self, format_dict: dict[str, Any]) -> None:
                pass

        class Shell(InteractiveShell):
            display_pub_class = Publisher
            displayhook_class = Hook

            def init_history(self) -> None:
                super().init_history()  # type: ignore[no-untyped-call]
                if self.history_manager is not None:
                    self.history_manager.enabled = False  # no thread, no file

            def enable_gui(self, gui: str | None = None) -> None:
                pass  # there is no event loop to join

            def enable_matplotlib(self, gui: str | None = None) -> Any:
                """Pictures go into the page, whatever window `%matplotlib` asks for."""
                return super().enable_matplotlib(gui if gui == "agg" else "inline")  # type: ignore[no-untyped-call]

            def system_piped(self, cmd: str) -> None:
                """What `!command` does; IPython's own asks for a terminal, and there is none in the sandbox."""
                command = self.var_expand(cmd, depth=1)  # type: ignore[no-untyped-call]
                done = subprocess.run(
                    command,
                    shell=True,
                    check=False,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                )
                print(done.stdout.decode(errors="replace"), end="")
                self.user_ns["_exit_code"] = done.returncode

            system = system_piped

            def showtraceback(self, *args: Any, **kwargs: Any) -> None:
                pass  # the page words it

        Shell.clear_instance()
        self.shell = Shell.instance()
        self.shell.run_line_magic("matplotlib", "inline")
        self._builtins = dict(vars(builtins))
        self._events = {name: list(found) for name, found in self.shell.events.callbacks.items()}
        self._transformers = list(self.shell.input_transformer_manager.cleanup_transforms)

    def run_like_kernel(self, source: str, *, graded: bool, cpu_s: float, wall_s: float) -> list[Output]:
        """Run one cell, and interrupt it when it takes too long.

        Args:
            graded: before the cell runs, undo what earlier ones may have done to the shell and to Python's own names.
        """
        if graded:
            self._settle()
        try:
            with _at_most(cpu_s, wall_s):
                return self.run(source)
        except KeyboardInterrupt as late:  # in the moment between the cell's end and the timers' end
            self.page.fail(late)
            return self.page.outputs

    def _settle(self) -> None:
        """Code that wants to can do more than is undone here: what a cell shows is its process's own word."""
        vars(builtins).update(self._builtins)
        self.shell.ast_transformers.clear()
        self.shell.input_transformers_post.clear()
        self.shell.input_transformer_manager.cleanup_transforms[:] = self._transformers
        self.shell.set_custom_exc((), None)  # type: ignore[no-untyped-call]
        self.shell.ast_node_interactivity = "last_expr"
        for name, callbacks in self._events.items():
            self.shell.events.callbacks[name] = list(callbacks)

    def run(self, source: str) -> list[Output]:
        """Run one cell; an error ends it, and the next one may run all the same.

        Returns:
            streams, pictures and texts, errors, in nbformat 4's form.
        """
        sys.argv = ["notebook"]
        self.page = Page()
        with redirect_stdout(Stream(self, "stdout")), redirect_stderr(Stream(self, "stderr")):
            result: ExecutionResult = self.shell.run_cell(  # type: ignore[no-untyped-call]
                source, store_history=self._as_kernel
            )
        error = result.error_before_exec or result.error_in_exec
        if error is not None:
            self.page.fail(error)
        return self.page.outputs
