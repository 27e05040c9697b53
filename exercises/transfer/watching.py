"""What checks of task 1 ask where your code runs (given): what it leaves of a model, and what a training changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

State = dict[tuple[str, str], Any]
TORCHS = ("training", "_parameters", "_buffers", "_modules")  # of a module's attributes: looked at by themselves


def watched(
    function: Callable[..., Any],
    model: nn.Module,
    stamps: Tensor,
    batch_size: int | None = None,
    gradients: bool = True,
) -> dict[str, Any]:
    """What a function gives for a model and stamps, and what it leaves behind.

    Args:
        batch_size: None for the function's own.
        gradients:  whether they are on when it is called.

    Returns:
        "result"; "history": whether that has one; "left": what is not as it was, see `left`.
    """
    before = state(model) | {("stamps", "the stamps"): stamps.clone()}
    named = {} if batch_size is None else {"batch_size": batch_size}
    with torch.set_grad_enabled(gradients):
        result = function(model, stamps, **named)
        on = torch.is_grad_enabled()
    after = state(model) | {("stamps", "the stamps"): stamps}
    found = left(before, after)
    if on is not gradients:
        found["switch"] = [f"gradients are {'on' if on else 'off'}, and were {'on' if gradients else 'off'}"]
    return {"result": result, "history": bool(getattr(result, "requires_grad", False)), "left": found}


def state(model: nn.Module) -> State:
    """All that can be seen of a model, by kind and name."""
    found: State = {("hooks", "all modules"): _hooks(vars(torch.nn.modules.module))}
    for name, part in nn.Module.named_modules(model):
        where = name or "the model itself"
        own = vars(part)
        found["modes", where] = part.training
        found["hooks", where] = _hooks(own)
        for key in own:
            if key not in TORCHS and "hook" not in key and not _of_its_class(part, key):
                found["attributes", f"{key} of {where}"] = own[key]
        for key, other in own["_modules"].items():
            found["attributes", f"{key} of {where}"] = other
    for name, parameter in nn.Module.named_parameters(model):
        found["weights", name] = parameter.detach().clone()
        found["parameters", name] = parameter
        found["gradients", name] = None if parameter.grad is None else parameter.grad.clone()
        found["requires_grad", name] = parameter.requires_grad
    return found | {("buffers", name): buffer.clone() for name, buffer in nn.Module.named_buffers(model)}


def _of_its_class(part: nn.Module, key: str) -> bool:
    """Whether an attribute is the class's own method again, as `layer.forward = before` puts it back."""
    value = vars(part)[key]
    return getattr(value, "__self__", None) is part and getattr(value, "__func__", None) is getattr(
        type(part), key, None
    )


def _hooks(names: dict[str, Any]) -> list[Any]:
    kept = [value for key, value in names.items() if key.endswith("_hooks") and isinstance(value, dict)]
    return [hook for hooks in kept for hook in hooks.values()]


def left(before: State, after: State) -> dict[str, list[str]]:
    """What is not as it was: by kind the names, in words; nothing where all is."""
    found: dict[str, list[str]] = {}
    for kind, name in {**before, **after}:
        there, still = ((kind, name) in one for one in (before, after))
        if there and still and _alike(before[kind, name], after[kind, name]):
            continue
        words = name if there and still else f"{name} is {'gone' if there else 'new'}"
        if there and still and kind == "modes":
            words = f"{name} is in {'training' if after[kind, name] else 'evaluation'} mode"
        if there and still and kind == "hooks":
            words = f"{name} had {len(before[kind, name])} and has {len(after[kind, name])}"
        found.setdefault(kind, []).append(words)
    return found


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, nn.Parameter | nn.Module):
        return one is other
    if isinstance(one, Tensor):
        return isinstance(other, Tensor) and one.dtype == other.dtype and torch.equal(one, other)
    return one is other or (type(one) is type(other) and bool(one == other))


# -- a probe


def left_by_probe(make: Callable[..., Any], model: nn.Module, num_classes: int, stamps: Tensor) -> dict[str, list[str]]:
    """What is not as it was of a model, after a probe of it was made, ran, and was made float64: see `left`."""
    before = state(model)
    probe = make(model, num_classes)
    probe.train()
    probe(stamps)
    probe.eval()
    probe(stamps)
    probe.double()
    return left(before, state(model))


def left_by_running(probe: nn.Module, stamps: Tensor) -> dict[str, list[str]]:
    """What of its buffers and parameters is not as it was after a probe has run: see `left`."""
    before = state(probe)
    probe(stamps)
    found = left(before, state(probe))
    return {kind: found[kind] for kind in ("buffers", "weights") if kind in found}


def trained(probe: Any, stamps: Tensor, steps: int = 3) -> dict[str, list[str]]:
    """Train all that an optimiser gets of a probe for some steps, in training mode, within another module.

    Returns:
        Names of parameters: by "learns" and "stays", those of the probe's `output` that changed, and that did not; by
        "moved", others that changed; by "asked", others that require gradients.  Where the logits hang on nothing that
        requires a gradient, so that none can flow, "no graph" says so, and nothing is trained.
    """
    nn.ModuleList([probe]).train()
    optimizer = torch.optim.SGD(probe.parameters(), lr=0.1, momentum=0.9, weight_decay=0.01)
    own = {id(one) for one in probe.output.parameters()}
    before = {name: one.detach().clone() for name, one in nn.Module.named_parameters(probe)}
    for _ in range(steps):
        optimizer.zero_grad()
        with torch.enable_grad():  # whatever ran before
            logits = probe(stamps)
            if not logits.requires_grad:
                return {"no graph": ["the logits"]}
            labels = torch.arange(len(logits)) % logits.shape[1]
            nn.functional.cross_entropy(logits, labels).backward()
        optimizer.step()
    found: dict[str, list[str]] = {"learns": [], "stays": [], "moved": [], "asked": []}
    for name, one in nn.Module.named_parameters(probe):
        same = name in before and _alike(before[name], one.detach())
        if id(one) in own:
            found["stays" if same else "learns"].append(name)
        elif not same:
            found["moved"].append(name)
    found["asked"] = [name for name, one in probe.named_parameters() if one.requires_grad and id(one) not in own]
    return found


def modes(probe: nn.Module) -> dict[str, bool]:
    """What train() and eval() do to a probe itself: its mode after them, and whether they give it back."""
    found = {"train() gives the probe": probe.train() is probe, "training after train()": probe.training}
    found["eval() gives the probe"] = probe.eval() is probe
    return found | {"training after eval()": probe.training}


def hand_over(probe: nn.Module, other: nn.Module) -> None:
    """Put the state of one probe into another one."""
    other.load_state_dict(probe.state_dict())


# -- anything else


def arguments_after(function: Callable[..., Any], *arguments: Any) -> list[Tensor]:
    """The tensors among some arguments, after a function was called with them."""
    function(*arguments)
    return [one for one in arguments if isinstance(one, Tensor)]
