"""A training while it runs: a curve that grows."""

from __future__ import annotations

from matplotlib.figure import Figure

from ...showing.progress import Place
from ...showing.style import new_figure
from ...showing.telling import averaged, quarters
from .curves import draw_losses, loss_axes


class LiveCurve:
    """A loss curve that grows, for `fit(..., on_step=LiveCurve("my recipe", batch_size=32))`.

    Without widgets, only the finished curve is drawn.

    Attributes:
        losses: of all steps so far.
        last:   where the thick line ends: the mean of the last steps.
        alt:    the text of the curve so far, as pictures have it.
    """

    def __init__(self, name: str, batch_size: int, counted: str = "images seen") -> None:
        self.name, self.batch_size, self.counted = name, batch_size, counted
        self.losses: list[float] = []
        self._place = Place()

    def __call__(self, step: int, steps: int, loss: float) -> None:
        self.losses.append(loss)
        if step == steps or (step > 1 and self._place.due(0.8)):
            self._place.show(self.figure(steps))

    @property
    def last(self) -> float:
        width = averaged(len(self.losses))
        return sum(self.losses[-width:]) / width

    @property
    def alt(self) -> str:
        return f"Cross entropy over the {self.counted} (guessing is 2.30): {self.name} {quarters(self.losses)}."

    def figure(self, steps: int) -> Figure:
        """The curve so far, on an axis for all steps."""
        figure, axis = new_figure(size=(6.4, 2.8))
        draw_losses(axis, self.losses, self.name, batch_size=self.batch_size)
        axis.set_xlim(0, steps * self.batch_size)
        loss_axes(axis, self.counted)
        figure.alt = self.alt
        return figure
