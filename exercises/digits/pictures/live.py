"""A training while it runs: one line of progress, or a curve that grows."""

from __future__ import annotations

import time

from matplotlib.figure import Figure

from .curves import draw_losses, loss_axes
from .style import is_static, new_figure


class _Place:
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
        self._place = _Place()

    def __call__(self, step: int, steps: int, loss: float) -> None:
        if step == steps or self._place.due(0.2):
            from IPython.display import Pretty

            self._place.show(Pretty(f"{self.name}: step {step} of {steps}, cross entropy {loss:.2f}"))


class LiveCurve:
    """A loss curve that grows, for `fit(..., on_step=LiveCurve("my recipe", batch_size=32))`.

    Without widgets, only the finished curve is drawn.
    """

    def __init__(self, name: str, batch_size: int) -> None:
        self.name, self.batch_size = name, batch_size
        self.losses: list[float] = []
        self._place = _Place()

    def __call__(self, step: int, steps: int, loss: float) -> None:
        self.losses.append(loss)
        if step == steps or (step > 1 and self._place.due(0.8)):
            self._place.show(self.figure(steps))

    def figure(self, steps: int) -> Figure:
        """The curve so far, on an axis for all steps."""
        figure, axis = new_figure(size=(6.4, 2.8))
        draw_losses(axis, self.losses, self.name, batch_size=self.batch_size)
        axis.set_xlim(0, steps * self.batch_size)
        loss_axes(axis, "images seen")
        return figure
