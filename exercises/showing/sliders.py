"""Pictures and sounds with sliders and menus, and without them where there are none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .style import is_static
from .telling import texts_of

# Of a slider: where it stands first, the lowest value, the highest one, the step.
Range = tuple[float, float, float, float]


def with_sliders(draw: Callable[..., Sequence[Any]], **ranges: Range | Sequence[str]) -> Any:
    """Show what `draw` gives, with a slider or a menu for each of its arguments; once, where there are no widgets.

    `.alt` of the sliders gives the texts of what they show just now.

    Args:
        draw:   from the values to what is shown: figures, players.
        ranges: for each argument a Range, of whole numbers if all four are, or the values of a menu.
    """
    from IPython.display import display

    def show(**values: Any) -> Sequence[Any]:
        shown = draw(**values)
        display(*shown)
        return shown

    if is_static():
        show(**{name: one[0] for name, one in ranges.items()})
        return None
    import ipywidgets

    sliders = with_alt(ipywidgets.interactive, lambda box: texts_of(box.result or ()))
    return sliders(show, **{name: _widget(ipywidgets, one) for name, one in ranges.items()})


def with_alt(kind: type, text: Callable[[Any], str]) -> Any:
    """This kind of widget, with an `.alt` as pictures have it.

    Args:
        text: from such a widget to the text of what it shows just now.
    """
    return type(kind)(kind.__name__, (kind,), {"alt": property(text)})


def _widget(ipywidgets: Any, choice: Range | Sequence[str]) -> Any:
    if isinstance(choice[0], str):
        return ipywidgets.Dropdown(options=list(choice), value=choice[0])
    value, low, high, step = choice
    whole = all(isinstance(one, int) for one in choice)
    slider = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
    return slider(value=value, min=low, max=high, step=step, continuous_update=False)
