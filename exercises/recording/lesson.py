"""What a student's network is, and what it is trained on: for a training as data and for one from outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from exercises.checking import by_name
from exercises.learning import Loss, Measure, Recipe, accuracy

# Of other values: a factor, and what is added, in standard deviations.
OTHERS = ((1.0, 0.0), (0.5, 0.0), (1.5, -1.0), (0.8, 1.0), (0.2, -0.5), (1.2, 0.5))


@dataclass(frozen=True)
class Built:
    """How a student's network is built.

    Attributes:
        build:  from a student to the class, or to a function that gives the network.
        args, kwargs: of it.
        first:  shapes of inputs from which lazy layers take their sizes.
        wrap:   from a student to a given class that it is put into, for inputs of another form.
    """

    build: Callable[[Any], Any]
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    first: tuple[tuple[int, ...], ...] = ()
    wrap: Callable[[Any], Any] | None = None

    def by_itself(self, who: Any, seed: int) -> Any:
        """The network in a student's present process, from this seed."""
        build = self.build(who)
        who.seed(seed)  # after the import, which may draw numbers too
        net = build(*self.args, **self.kwargs)
        if self.wrap is not None:
            net = self.wrap(who)(net)
        who.probe.first_pass(net, *(torch.zeros(shape, dtype=torch.float32) for shape in self.first))
        return net


@dataclass(frozen=True)
class Lesson:
    """What a network is trained on, and how: see `exercises.learning.train`.

    Attributes:
        task:        whose training it is, for the words of a remark.
        inputs:      (n, ...), `labels`: (n,).
        budget:      from the place where the network is, and the network, to how many examples it may see.
        counted:     an input from which its cost is counted.
        sample:      (m, ...) inputs of the task's own drawing that are neither trained on nor tested with.
        chance_like: result that is worth nothing: a network with a larger one has learned something.
        like:        from a batch and as many of the sample to inputs without the batch's values: lengths may be left.
        structural:  whether the inputs themselves are known while the network is recorded: tokens are.
        measure:     from logits and labels to a result from 0 to 1.
        loss:        from a batch's logits and labels to one number.
        afterwards:  from the place where the network is, the trained network, and its budget, to what else is asked of
                     it, in the form in which it answers; None where nothing is.
    """

    task: str
    inputs: Tensor
    labels: Tensor
    recipe: Recipe
    budget: Callable[[Any, Any], int]
    counted: Tensor
    sample: Tensor
    seed: int
    chance_like: float
    like: Callable[[Tensor, Tensor], Tensor] = lambda batch, sample: sample
    structural: bool = False
    measure: Measure = accuracy
    loss: Loss = F.cross_entropy
    afterwards: Callable[[Any, Any, int], Any] | None = None

    def without_values(self, batch: Tensor, start: int = 0) -> Tensor:
        """Inputs of a batch's shape that show nothing of it but what `like` leaves."""
        rows = (start + torch.arange(len(batch))) % len(self.sample)
        return batch if self.structural else self.like(batch, self.sample[rows])

    def teach(self, who: Any, net: Any, budget: int) -> Any:
        """Train a network where it is, in one request; hand back the history."""
        recipe = self.recipe
        own = who.learning.Recipe(recipe.learning_rate, recipe.batch_size, recipe.weight_decay)
        loss = f"{self.loss.__module__}.{self.loss.__qualname__}"
        named = {} if self.loss is F.cross_entropy else {"loss": by_name(loss)}
        return who.learning.train(net, self.inputs, self.labels, own, budget, self.seed, **named)

    def ask(self, who: Any, net: Any, budget: int) -> Any:
        """What is asked of a trained network beside its answers in the exam; None where nothing is."""
        return None if self.afterwards is None else self.afterwards(who, net, budget)

    def other(self, batch: Tensor, number: int) -> Tensor:
        """The same with other values: mixtures of two of the sample each, darker or brighter all together.

        Args:
            number: another one gives others.
        """
        if self.structural or not self.sample.is_floating_point():
            return self.without_values(batch, 1 + 11 * number)
        random = torch.Generator().manual_seed(number)
        rows = torch.randint(0, len(self.sample), (2, len(batch)), generator=random)
        share = torch.rand((len(batch), *[1] * (self.sample.ndim - 1)), generator=random)
        mixed = share * self.sample[rows[0]] + (1 - share) * self.sample[rows[1]]
        factor, added = OTHERS[number % len(OTHERS)]
        return self.like(batch, factor * mixed + added * self.sample.std())
