"""A training while it runs: a place in the notebook whose content is replaced, and one line of progress."""

from __future__ import annotations

import time

from .style import is_static


class Place:
    """A place in the notebook's output whose content can be replaced."""

    def __init__(self) -> None:
        self._handle = None
        self._last = 0.0

    def due(self, seconds: float) -> bool:
        """Whether that much time has passed since the last picture: drawing must not cost more than training."""
        return not is_static() and time.monotonic() - self._last >= seconds

    def show(self, content: object) -> None:
        from IPython.display import display

        if self._handle is None:
            self._handle = display(content, display_id=True)
        else:
            self._handle.update(content)
        self._last = time.monotonic()


class Progress:
    """One line, for `fit(..., on_step=Progress("dense network"))`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._place = Place()

    def __call__(self, step: int, steps: int, loss: float) -> None:
        if step == steps or self._place.due(0.2):
            from IPython.display import Pretty

            self._place.show(Pretty(f"{self.name}: step {step} of {steps}, cross entropy {loss:.2f}"))
