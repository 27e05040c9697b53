"""Task 1: what a trained network knows about other classes than its own.

A linear classifier on the numbers of a layer tells how much of the classes can be read there by weighted sums alone: a
linear probe (Alain & Bengio 2016, "Understanding intermediate layers using linear classifier probes"). The network
itself stays as it is.

A *model* here is any nn.Module with an attribute `output`, a module that its forward calls once, at the end: the
features are what goes into `output`, the logits are what comes out of it, and the model gives these.
"""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn


def logits_of(model: nn.Module, stamps: Tensor, batch_size: int = 256) -> Tensor:
    """The model's logits for stamps, batch by batch, in the order of the stamps.

    The model runs in evaluation mode and without gradients.  Afterwards everything is as before: the mode of each of
    its modules, parameters and whether they require gradients, buffers, hooks, attributes, and whether gradients are
    on.  The stamps are not changed either.  Where the model raises, nothing is asked of how it is left.

    Args:
        model:      any model, see above.
        stamps:     (n, 1, height, width), n at least 1.
        batch_size: how many go through the model at once, at least 1; the last batch may be smaller.

    Returns:
        (n, classes of the model), without gradient history.
    """
    # Task 1.1: write logits_of
    ### BEGIN SOLUTION
    modes = [(part, part.training) for part in model.modules()]  # parts may be in different ones
    try:
        model.eval()
        with torch.no_grad():
            return torch.cat([model(batch) for batch in stamps.split(batch_size)])
    finally:
        for part, mode in modes:
            part.training = mode
    ### END SOLUTION


def features_of(model: nn.Module, stamps: Tensor, batch_size: int = 256) -> Tensor:
    """What goes into the model's `output` when it reads stamps, batch by batch, in the order of the stamps.

    Everything else is as in `logits_of`: how the model runs, and that afterwards everything is as before.  The numbers
    are those that go in, also where `output` then works on them in place.

    Args:
        model:      any model, see above; its `output` may be any module that takes (batch, width).
        stamps:     (n, 1, height, width), n at least 1.
        batch_size: how many go through the model at once, at least 1; the last batch may be smaller.

    Returns:
        (n, width), without gradient history.
    """
    # Task 1.2: write features_of
    ### BEGIN SOLUTION
    heard: list[Tensor] = []
    hook = model.output.register_forward_pre_hook(lambda _, inputs: heard.append(inputs[0].clone()))
    try:
        logits_of(model, stamps, batch_size)
    finally:
        hook.remove()
    return torch.cat(heard)
    ### END SOLUTION


def fit_linear(features: Tensor, labels: Tensor, num_classes: int, penalty: float) -> tuple[Tensor, Tensor]:
    """The linear classifier with the least squares error, in one step: ridge regression (Hoerl & Kennard 1970).

    It minimises, over all weights W and biases b,

        sum over examples of |W f + b - onehot(label)|**2  +  penalty * (sum of the squares of W).

    The bias is not penalised.  Sums are in float64 inside; there may be fewer examples than features.  Neither
    features nor labels are changed.

    Args:
        features:    (n, d), n at least 1.
        labels:      (n,) int64, from 0 to num_classes - 1; some classes may have no example.
        num_classes: classes to tell apart.
        penalty:     larger than 0.

    Returns:
        weight (num_classes, d) and bias (num_classes,), both of the features' type or both float64.

    Raises:
        ValueError: penalty is not larger than 0.
    """
    # Task 1.3: write fit_linear
    ### BEGIN SOLUTION
    if not penalty > 0:
        raise ValueError(f"penalty has to be larger than 0, not {penalty}")
    x = features.double()
    y = nn.functional.one_hot(labels, num_classes).double()
    mean_x, mean_y = x.mean(dim=0), y.mean(dim=0)
    centred = x - mean_x  # the best bias makes the residuals' mean 0: only deviations from means are left
    gram = centred.T @ centred + penalty * torch.eye(x.shape[1], dtype=x.dtype)
    weight = torch.linalg.solve(gram, centred.T @ y).T
    bias = mean_y - weight @ mean_x
    return weight.to(features.dtype), bias.to(features.dtype)
    ### END SOLUTION


class LinearProbe(nn.Module):
    """A frozen copy of a model with an output of its own, which alone learns.

    The model that is given stays as it is, and is never trained through the probe; what becomes of it later does not
    matter to the probe.  The copy is a part of the probe: `state_dict`, `to` and the like are for both.  It always runs
    in evaluation mode.

    Attributes:
        output: a fresh nn.Linear, with a bias, from the model's features to `num_classes`: its parameters are the only
                ones that require gradients, also where the model that is given is frozen.

    Args:
        model:       any model whose `output` is an nn.Linear; it is copied.
        num_classes: classes to tell apart.
    """

    def __init__(self, model: nn.Module, num_classes: int) -> None:
        super().__init__()
        # Task 1.4: write LinearProbe.__init__
        ### BEGIN SOLUTION
        self.frozen = copy.deepcopy(model).requires_grad_(False).eval()
        self.output = nn.Linear(model.output.in_features, num_classes)
        self.frozen.output = nn.Identity()  # what goes into it comes out
        ### END SOLUTION

    def train(self, mode: bool = True) -> LinearProbe:
        """As nn.Module.train, but the copy goes on in evaluation mode, so that no running average moves."""
        # Task 1.5: write LinearProbe.train
        ### BEGIN SOLUTION
        super().train(mode)
        self.frozen.eval()
        return self
        ### END SOLUTION

    def forward(self, stamps: Tensor) -> Tensor:
        """stamps: (batch, 1, height, width) -> logits (batch, num_classes): `output` of the copy's features."""
        # Task 1.6: write LinearProbe.forward
        ### BEGIN SOLUTION
        return self.output(self.frozen(stamps))
        ### END SOLUTION
