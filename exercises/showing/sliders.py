"""Pictures and sounds with sliders and menus, and without them where there are none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .style import is_static

# Of a slider: where it stands first, the lowest value, the highest one, the step.
Range = tuple[float, float, float, float]


def with_sliders(draw: Callable[..., Sequence[Any]], **ranges: Range | Sequence[str]) -> Any:
    """Show what `draw` gives, with a slider or a menu for each of its arguments; once, where there are no widgets.

    Args:
        draw:   from the values to what is shown: figures, players.
        ranges: for each argument a Range, of whole numbers if all four are, or the values of a menu.
    """
    from IPython.display import display

    def show(**values: Any) -> None:
        display(*draw(**values))

    if is_static():
        return show(**{name: one[0] for name, one in ranges.items()})
    import ipywidgets

    return ipywidgets.interactive(show, **{name: _widget(ipywidgets, one) for name, one in ranges.items()})


def _widget(ipywidgets: Any, choice: Range | Sequence[str]) -> Any:
    if isinstance(choice[0], str):
        return ipywidgets.Dropdown(options=list(choice), value=choice[0])
    value, low, high, step = choice
    whole = all(isinstance(one, int) for one in choice)
    slider = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
    return slider(value=value, min=low, max=high, step=step, continuous_update=False)
