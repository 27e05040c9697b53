"""Plots without a screen: a matplotlib backend that opens windows is asked for in vain, and nothing waits for one."""

from __future__ import annotations

from typing import Any

INLINE = "module://matplotlib_inline."
BROWSER = ("ipympl", "widget")  # by these names, where the package is installed


def opens_windows(backend: Any) -> bool:
    """Whether a backend needs a screen or a browser, by its name as matplotlib takes it: "TkAgg", "module://…"."""
    from matplotlib.backends.registry import BackendFilter, backend_registry

    if not isinstance(backend, str):
        return False
    name = backend.lower()
    if name.startswith("module://"):
        return not name.startswith(INLINE)
    interactive = backend_registry.list_builtin(BackendFilter.INTERACTIVE)  # type: ignore[no-untyped-call]
    return name in BROWSER or name in interactive


def stay_without() -> None:
    """In the warm process: where code asks for windows, the backend stays as it is; `pyplot.pause` does not wait.

    `pyplot.show` does nothing by itself where a backend draws into files.
    """
    import matplotlib
    from matplotlib import pyplot

    use, switch = matplotlib.use, pyplot.switch_backend

    def use_unless_it_opens_windows(backend: str, *, force: bool = True) -> None:
        if not opens_windows(backend):
            use(backend, force=force)

    def switch_unless_it_opens_windows(newbackend: str) -> None:
        if not opens_windows(newbackend):
            switch(newbackend)
        elif pyplot._backend_mod is None:
            switch("agg")

    matplotlib.use = use_unless_it_opens_windows
    pyplot.switch_backend = switch_unless_it_opens_windows
    pyplot.pause = lambda interval: None
