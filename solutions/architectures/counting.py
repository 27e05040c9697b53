"""Task 2: what a network costs, before it is trained.

`parameters` is the memory for its weights, `multiply_adds` the work for one image, `weight_layers` the depth that
papers put into a name (the 34 of ResNet-34). All three look at any nn.Module of torch's layers, also at one on torch's
device "meta", where tensors have shapes and no values: that is how a network of 140 million parameters is counted on a
laptop. What a layer gets and gives while a network runs, a hook sees: nn.Module.register_forward_hook. Counters that
are there already, torch's (torch.utils.flop_counter) and those of `exercises`, are not used.
"""

from __future__ import annotations

from math import prod
from typing import Any

import torch
from torch import Tensor, nn

from exercises.architectures.parts import Shortcut


def parameters(model: nn.Module) -> int:
    """How many numbers the parameters of a model hold.

    A parameter that stands in two places counts once, one that is frozen (requires_grad=False) counts too; buffers, as
    the running averages of norms, do not.
    """
    # Task 2.1: write parameters
    ### BEGIN SOLUTION
    return sum(parameter.numel() for parameter in model.parameters())
    ### END SOLUTION


def multiply_adds(model: nn.Module, image_shape: tuple[int, ...]) -> int:
    """Multiplications, each with its addition, of all convolutions and dense layers for one image.

    One output of a convolution costs (in_channels / groups) * kernel height * kernel width, wherever it lies: zeros of
    the padding are multiplied too. One output of a dense layer costs in_features, at every position that it is applied
    to. All outputs that a layer computes for the image count, also where it gets parts of the image as a batch. Biases,
    norms, pooling, activations and products of what layers gave cost nothing here. A layer that runs twice costs twice,
    one that does not run costs nothing.

    Args:
        model:       its convolutions are nn.Conv1d, nn.Conv2d or nn.Conv3d, its dense layers nn.Linear, or subclasses
                     of these. It is on any device and in any dtype, as its parameters tell; on the CPU in float32 where
                     it has none.
        image_shape: of one image, without the axis of the batch: (channels, height, width).

    Returns:
        the count for one image that passes in evaluation mode. Afterwards the model is as it was, also where it does
        not take the image and raises: the mode of each of its parts, the buffers of its norms, parameters with their
        gradients, and hooks.
    """
    # Task 2.2: write multiply_adds
    ### BEGIN SOLUTION
    count = 0

    def convolution(layer: Any, _: Any, output: Tensor) -> None:
        nonlocal count
        count += output.numel() * layer.in_channels // layer.groups * prod(layer.kernel_size)

    def dense(layer: Any, _: Any, output: Tensor) -> None:
        nonlocal count
        count += output.numel() * layer.in_features

    first = next(model.parameters(), torch.empty(0))
    was_training = {one: one.training for one in model.modules()}
    counters = [
        part.register_forward_hook(dense if isinstance(part, nn.Linear) else convolution)
        for part in model.modules()
        if isinstance(part, nn.Conv1d | nn.Conv2d | nn.Conv3d | nn.Linear)
    ]
    try:
        model.eval()
        with torch.no_grad():
            model(torch.zeros(1, *image_shape, dtype=first.dtype, device=first.device))
    finally:
        for counter in counters:
            counter.remove()
        for one, before in was_training.items():
            one.training = before
    return count
    ### END SOLUTION


def weight_layers(model: nn.Module) -> int:
    """How many layers with weights lie one behind the other: what papers call the depth.

    Convolutions and dense layers, each once even where it stands in two places, without those inside a `Shortcut`:
    these lie beside others. (The 22 of GoogLeNet are counted by hand: of a module's branches, the longest.)
    """
    # Task 2.3: write weight_layers
    ### BEGIN SOLUTION
    weighted = (nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.Linear)
    beside = {part for shortcut in model.modules() if isinstance(shortcut, Shortcut) for part in shortcut.modules()}
    return sum(isinstance(part, weighted) and part not in beside for part in model.modules())
    ### END SOLUTION
