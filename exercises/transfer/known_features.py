"""Stand-ins for `logits_of` and `features_of` (given): a mistake in one of them is none of what uses them.

They ask the models that checks have here what they know of themselves: no other model can be asked that, and nothing of
them is an answer.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

MOST = 256


def _known(model: Any, stamps: Tensor, batch_size: int = MOST) -> Tensor:
    """What each of these stamps' batches gives, as the model knows it, in the dtype of its parameters."""
    first, others = stamps[:batch_size], stamps[batch_size:]
    found: Tensor = model.known(first).to(next(iter(model.parameters())).dtype)
    return torch.cat([found, _known(model, others, batch_size)]) if len(others) else found


def _answered(model: Any, stamps: Tensor, batch_size: int = MOST) -> Tensor:
    """What its output makes of what the model knows, and nothing else of it runs."""
    first, others = stamps[:batch_size], stamps[batch_size:]
    found: Tensor = model.output(_known(model, first, batch_size)).detach()
    return torch.cat([found, _answered(model, others, batch_size)]) if len(others) else found


STAND_INS: dict[str, Callable[..., Tensor]] = {"logits_of": _answered, "features_of": _known}


class Alone:
    """A function or a class of yours, where the functions that it uses do what they should.

    What a class makes works with stand-ins, too, whenever it is called.

    Args:
        made: the function or the class.
    """

    def __init__(self, made: Callable[..., Any]) -> None:
        self.made = made

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """What the function gives, or a module of the class."""
        with self._stood_in():
            found = self.made(*arguments, **named)
        if isinstance(found, nn.Module):
            own = found.forward

            def forward(*inputs: Any) -> Any:
                with self._stood_in():
                    return own(*inputs)

            found.forward = forward
        return found

    @contextmanager
    def _stood_in(self) -> Iterator[None]:
        """Put stand-ins in the places of the other functions."""
        names = vars(sys.modules[self.made.__module__])
        own = {name: names[name] for name in STAND_INS if name in names and names[name] is not self.made}
        names |= {name: STAND_INS[name] for name in own}
        try:
            yield
        finally:
            names |= own
