"""What has to happen beside the network: gradients, parameter shapes, and all layers' weights at once.

Networks that are only built, never filled: `meta`, whose functions are reached from here too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.parameter import is_lazy
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

from .errors import StudentError
from .meta import multiply_adds as multiply_adds
from .meta import on_meta as on_meta
from .meta import parameter_count as parameter_count
from .meta import shapes as shapes

RUNNING = ("running_mean", "running_var")  # what norms average in training


def built(make: Callable[..., nn.Module], arguments: list[Any], named: dict[str, Any], like: list[Any]) -> nn.Module:
    """A module in float32 whose lazy layers know their sizes, see `first_pass`.

    Args:
        like: inputs that it is made for.
    """
    module = make(*arguments, **named).float()
    first_pass(module, *like)
    return module


def first_pass(module: nn.Module, *inputs: Any) -> None:
    """Let lazy layers (nn.LazyConv2d and the like) find their sizes: one pass in evaluation, where there are any."""
    if any(is_lazy(value) for value in (*nn.Module.parameters(module), *nn.Module.buffers(module))):
        training = module.training
        with torch.no_grad():
            nn.Module.train(module, False)(*inputs)
        nn.Module.train(module, training)


def input_gradient(module: nn.Module, inputs: Tensor, weights: Tensor) -> Any:
    """Gradient of sum(module(inputs) * weights) with respect to the inputs (same shape as the inputs).

    Zeros where none arrives; the output itself where it is no tensor of the weights' shape.
    """
    inputs = inputs.clone().requires_grad_(True)
    with torch.enable_grad():
        output = module(inputs)
        if not isinstance(output, Tensor) or output.shape != weights.shape:
            return output
        if output.requires_grad:
            (output * weights).sum().backward()
    if inputs.grad is None:
        return torch.zeros_like(inputs)
    return inputs.grad


def parameter_gradients(module: nn.Module, inputs: Tensor) -> dict[str, Tensor]:
    """Gradient of sum(module(inputs)**2) with respect to each registered parameter; NaN where none arrived."""
    parameters = _parameters(module)
    for parameter in parameters.values():
        parameter.grad = None
    with torch.enable_grad():
        output = module(inputs.clone())
        if not isinstance(output, Tensor):
            raise TypeError(f"the output is a {type(output).__name__}, not a tensor")
        if output.requires_grad:
            output.square().sum().backward()
    return {name: torch.full_like(p, torch.nan) if p.grad is None else p.grad for name, p in parameters.items()}


def input_after(module: nn.Module, inputs: Tensor) -> Tensor:
    """The inputs as they are after module(inputs)."""
    module(inputs)
    return inputs


def _channels_last(x: Tensor) -> Tensor:
    return x.movedim(1, -1).clone(memory_format=torch.contiguous_format).movedim(-1, 1)


def _axes_swapped(x: Tensor) -> Tensor:
    return x.transpose(-2, -1).clone(memory_format=torch.contiguous_format).transpose(-2, -1)


def _every_second(x: Tensor) -> Tensor:
    return torch.stack([x, torch.full_like(x, 1e3)], dim=-1).flatten(start_dim=-2)[..., ::2]


def _from_the_middle(x: Tensor) -> Tensor:
    return F.pad(x, (2, 1), value=1e3)[..., 2:-1]


def _one_example_repeated(x: Tensor) -> Tensor:
    return x[:1].expand(x.shape)


VIEWS: dict[str, Callable[[Tensor], Tensor]] = {
    "transposed": _channels_last,
    "transposed back": _axes_swapped,
    "every second value of a larger tensor": _every_second,
    "the middle of a larger tensor": _from_the_middle,
    "one example repeated by expand": _one_example_repeated,
}


def output_of_view(module: nn.Module, inputs: Tensor, view: str = "transposed") -> Any:
    """The output for a view: the same inputs, whose values lie in another order in memory.

    Args:
        view: one of VIEWS; for the last one the examples are alike.
    """
    return module(VIEWS[view](inputs))


class _Listener(TorchDispatchMode):
    """Notes the names of the operations that run while it is on."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.names: dict[str, None] = {}

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.names[str(func)] = None
        return func(*args, **(kwargs or {}))


class _Caller(TorchFunctionMode):
    """Notes the names of torch's functions that are called while it is on: some are an operation of another name."""

    def __init__(self) -> None:
        super().__init__()
        self.names: dict[str, None] = {}

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.names[str(getattr(func, "__name__", func))] = None
        return func(*args, **(kwargs or {}))


def operations(module: nn.Module, inputs: Tensor) -> list[str]:
    """Names of torch's functions and basic operations that module(inputs) runs, in training and in evaluation.

    Each stands there once: "adaptive_avg_pool2d", "aten.max_pool2d_with_indices.default".
    """
    training = module.training
    with _Listener() as listener, _Caller() as caller:
        for mode in (True, False):
            nn.Module.train(module, mode)(inputs.clone())
        nn.Module.train(module, training)
    return [*caller.names, *listener.names]


def length(thing: Any) -> Any:
    """How many items a thing has."""
    return len(thing)


def item(thing: Any, key: Any) -> Any:
    """An item of a thing: by its number or name, or several by a slice."""
    return thing[key]


def iterator(thing: Any) -> Any:
    """What goes through a thing's items."""
    return iter(thing)


def following(iterator: Any) -> tuple[Any, ...]:
    """The next item alone; nothing after the last one."""
    try:
        return (next(iterator),)
    except StopIteration:
        return ()


def parameter_shapes(module: nn.Module) -> dict[str, tuple[int, ...]]:
    """The shape of every registered parameter, by name."""
    return {name: tuple(p.shape) for name, p in _parameters(module).items()}


def states(module: nn.Module, parts: list[str]) -> dict[str, dict[str, Tensor]]:
    """The state_dict of each of these layers of a module, by the layer's name."""
    return {part: getattr(module, part).state_dict() for part in parts}


def load_states(module: nn.Module, values: dict[str, dict[str, Tensor]]) -> None:
    """Put in values of the form that `states` gives."""
    for part, state in values.items():
        getattr(module, part).load_state_dict(state)


def weights(module: nn.Module) -> dict[str, Tensor]:
    """What training changes, by its name in the state_dict: parameters, and the running averages of norms.

    Other buffers are constants of the module's own.
    """
    averages = {name: b for name, b in nn.Module.named_buffers(module) if name.rsplit(".", 1)[-1] in RUNNING}
    return {name: value.detach() for name, value in {**_parameters(module), **averages}.items()}


def _parameters(module: nn.Module) -> dict[str, nn.Parameter]:
    """Every registered parameter, by torch's own count: a class may have a named_parameters of its own."""
    return dict(nn.Module.named_parameters(module))


class Trainee:
    """A network whose training is led from elsewhere: weights and images come in, logits and gradients go out.

    What it keeps beside its trained parameters (fixed parameters, running averages of norms, other buffers) travels as
    one vector of bytes, in their order.
    """

    def __init__(self, module: nn.Module) -> None:
        own = list(_parameters(module).values())
        self._module = module
        self._trained = [parameter for parameter in own if parameter.requires_grad]
        self._fixed = [parameter for parameter in own if not parameter.requires_grad]
        self._forms = [(value.dtype, value.shape) for value in self._beside()]
        self._output: Tensor | None = None
        self._averaged: int | None = None  # steps that count alike in the averages of norms

    def _beside(self) -> list[Tensor]:
        buffers = [buffer for _, buffer in nn.Module.named_buffers(self._module)]
        return [value.detach() for value in (*self._fixed, *buffers)]

    def trained(self) -> list[Tensor]:
        """The registered parameters that are trained, each once."""
        return [parameter.detach() for parameter in self._trained]

    def kept(self) -> Tensor:
        """What the network keeps beside them, (bytes,) uint8."""
        parts = [value.contiguous().reshape(-1).view(torch.uint8) for value in self._beside()]
        return torch.cat(parts) if parts else torch.empty(0, dtype=torch.uint8)

    def load(self, trained: list[Tensor], kept: Tensor) -> None:
        """Put in values, in the order in which they came out.

        Raises:
            StudentError: this network has other parts than the one that they came from.
        """
        mine = [tuple(one.shape) for one in self._trained]
        if mine != [tuple(one.shape) for one in trained] or len(kept) != len(self.kept()):
            raise StudentError(
                "built anew from the same seed, the network has other parameters or buffers than after its training: "
                "does forward register some?"
            )
        with torch.no_grad():
            for own, given in zip(self._trained, trained, strict=True):
                own.copy_(given)
        self._keep(kept)

    def _keep(self, kept: Tensor) -> None:
        """Put in what is kept, as it came out of a network of the same form, also after `double`."""
        sizes = [shape.numel() * dtype.itemsize for dtype, shape in self._forms]
        with torch.no_grad():
            for mine, part, (dtype, shape) in zip(self._beside(), kept.split(sizes), self._forms, strict=True):
                mine.copy_(part.clone().view(dtype).view(shape))

    def average_anew(self) -> None:
        """From the next step on, torch's batch norms average all steps alike, and not what came before."""
        self._averaged = 0

    def double(self) -> None:
        """From here on everything in float64."""
        self._module.double()

    def train(self, mode: bool) -> None:
        self._module.train(mode)

    def forward(self, images: Tensor, parameters: Tensor, kept: Tensor | None = None) -> Any:
        """The logits with these parameters, one vector in their order; `backward` then belongs to them.

        Args:
            kept: put in before, where it is given.

        Returns:
            logits, and what was kept before: each time, so that no question tells which step is looked at again.
            Where the module gives no tensor, what it gives.
        """
        if kept is not None:
            self._keep(kept)
        if self._averaged is not None:
            self._averaged += 1
            for module in self._module.modules():
                if isinstance(module, nn.modules.batchnorm._BatchNorm):
                    module.momentum = 1 / self._averaged
        before = self.kept()
        parts = parameters.split([one.numel() for one in self._trained])
        with torch.no_grad():
            for mine, given in zip(self._trained, parts, strict=True):
                mine.copy_(given.view_as(mine))
        with torch.enable_grad():
            self._output = self._module(images)
        return (self._output.detach(), before) if isinstance(self._output, Tensor) else self._output

    def backward(self, gradient: Tensor) -> Tensor:
        """From the loss's gradient with respect to the logits to that of the parameters, one vector in their order.

        Zeros stand where none arrives.
        """
        for parameter in self._trained:
            parameter.grad = None
        if self._output is not None and self._output.requires_grad:
            self._output.backward(gradient)
        found = [torch.zeros_like(one) if one.grad is None else one.grad for one in self._trained]
        return torch.cat([one.reshape(-1) for one in found])
