"""Writes down what a student's network does: torch's operations as they are called, above autograd.

Whatever torch function runs in this thread while the recorder is on passes by it, with its arguments; functions of
torch that are written in Python are entered, and what they call is written down.  A tensor is known by its identity, or
by the memory that it lies in; one that nobody saw being made (from NumPy, another thread, a list of numbers) is a
literal.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy
import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy
from torch.overrides import TorchFunctionMode

from . import given
from .notes import Literals, Notes, place_of
from .operations import FORM, NAMES, READS, is_in_place, is_random
from .record import BUFFER, GIVEN, LITERAL, MEMORY_FORMATS, PARAMETER, Node, Record, Ref, numbers_in

ASKERS = ("has_torch_function", "has_torch_function_unary", "has_torch_function_variadic")
PYTHON = ("torch.nn.functional", "torch.functional", "torch._tensor", "torch.overrides")  # whose functions are entered


class Recorder(TorchFunctionMode):
    """Notes the operations that run while it is on.

    Args:
        sources:    tensors that are known beforehand, parameters and buffers, by id: (PARAMETER or BUFFER, name).
        literals:   gets those that nobody saw being made.
    """

    def __init__(self, sources: dict[int, tuple[str, str]], literals: Literals) -> None:
        super().__init__()
        self.nodes: list[Node] = []
        self.notes = Notes()
        self._literals, self._sources = literals, sources
        self._numbers: dict[int, int] = {}  # of tensors, by id
        self._kept: list[Tensor] = []  # so that no id comes twice
        self._memory: dict[int, list[Tensor]] = {}  # tensors by the address of the memory that they lie in
        self._in_parts: set[int] = set()  # addresses of memory of which literals hold parts
        self._brought: list[tuple[Tensor, int]] = []  # literals, with their places
        self._plain: set[int] = set()  # numbers of tensors that follow from structural inputs alone
        self.inputs = 0

    def input(self, tensor: Tensor) -> None:
        """Make an input known, before anything runs."""
        self._new(tensor)
        self.inputs += 1

    def structural(self, tensor: Tensor) -> None:
        """From here on, this tensor and what follows from it alone are known while a record is made."""
        with torch._C.DisableTorchFunction():
            self._plain.add(self.number(tensor))

    def source(self, tensor: Tensor) -> None:
        """Make the memory of a parameter or buffer known, before anything runs."""
        self._remember(tensor)

    def number(self, tensor: Tensor) -> int:
        """The number of a tensor, whose source is noted where it has had none."""
        known = self._numbers.get(id(tensor))
        if known is not None:
            return known
        if id(tensor) in self._sources:
            return self._from(self._sources[id(tensor)], tensor)
        base = self._same_memory(tensor)
        if base is not None:
            return self._alias(base, tensor)
        source = given.place_of(tensor) if _has_memory(tensor) else None
        if source is not None:
            base = given.flat(tensor)
            self._plain.add(self._from((GIVEN, *source), base))
            return self._alias(base, tensor)
        place = self._literals.number(tensor)
        number = self._from((LITERAL, place), tensor)
        if _has_memory(tensor) and not _fills_its_memory(tensor):
            self._in_parts.add(tensor.untyped_storage().data_ptr())  # a literal has no more than its own values
        self._plain.add(number)
        self._brought.append((tensor, place))
        return number

    def put_back(self) -> None:
        """Have tensors that nobody saw being made (of layers in a plain list, say) as they were when they came up."""
        with torch.no_grad():
            for tensor, place in self._brought:  # a norm changes its averages without a new version
                before = self._literals.tensors[place]
                if not torch.equal(tensor, before):
                    tensor.copy_(before)

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        name = NAMES.get(func)
        if name is None or (args and is_lazy(args[0])):
            return self._beside(func, args, kwargs)
        if kwargs.get("out") is not None and self._may_be_copied(kwargs["out"], args):
            return self._written(func, types, args, kwargs)
        if kwargs.get("out") is not None or kwargs.get("generator") is not None:
            self._refuse(f"{name} with out= or generator=")
            return func(*args, **kwargs)
        kwargs = {key: one for key, one in kwargs.items() if key not in ("out", "generator")}
        try:
            plain = self._encode(args)
            named = {key: self._encode(one) for key, one in kwargs.items() if key not in PLACE}
        except Exception as error:  # of whatever kind of tensor: the network goes on as without a recorder
            self._refuse(f"{name}: {error}")
            return func(*args, **kwargs)
        if torch.is_autocast_enabled("cpu"):
            self._refuse("autocast")
        grad = torch.is_grad_enabled()
        result = func(*args, **kwargs)
        try:
            self._note(name, plain, named, grad, args, result)
        except Exception as error:
            self._refuse(f"{name}: {error}")
        return result

    def _may_be_copied(self, out: Any, args: Any) -> bool:
        follows = torch.is_grad_enabled() and any(isinstance(one, Tensor) and one.requires_grad for one in _flat(args))
        return isinstance(out, Tensor) and not follows

    def _written(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        """An operation that writes into a tensor that is there: as two, of which the second one copies."""
        out = kwargs["out"]
        result = self.__torch_function__(func, types, args, {key: one for key, one in kwargs.items() if key != "out"})
        if not isinstance(result, Tensor) or (result.shape, result.dtype) != (out.shape, out.dtype):
            self._refuse("out= of another form")
        return self.__torch_function__(Tensor.copy_, types, (out, result), {})

    def _note(self, name: str, args: Any, kwargs: Any, grad: bool, called_with: Any, result: Any) -> None:
        flat = [result] if isinstance(result, Tensor) else list(result) if isinstance(result, tuple | list) else []
        if not all(isinstance(one, Tensor) for one in flat) or (not flat and not name.endswith("__setitem__")):
            self._refuse(f"{name}, which gives {type(result).__name__}")
            return
        of_structure = self._of_structure((args, kwargs)) and not is_random(name)
        if name.endswith("__getitem__") and any(_is_mask(one) for one in _flat(called_with[1:])):
            self._read(of_structure, "a choice of values by a mask")
        numbers = [self._new(one) if self._numbers.get(id(one)) is None else self._numbers[id(one)] for one in flat]
        if is_in_place(name) and isinstance(args[0], Ref) and not of_structure:
            self._plain.discard(args[0].number)
        for number in numbers:
            (self._plain.add if of_structure else self._plain.discard)(number)
        outs = numbers[0] if isinstance(result, Tensor) else tuple(numbers)
        self.nodes.append(Node(name, args, kwargs, outs, grad))

    def _beside(self, func: Any, args: Any, kwargs: Any) -> Any:
        """What is no operation of the list: a question for a form or a value, or something that cannot be recorded."""
        result = func(*args, **kwargs)
        name = getattr(func, "__name__", str(func))
        tensors = [one for one in _flat((args, kwargs)) if isinstance(one, Tensor)]
        if name == "__get__":
            about = getattr(func.__self__, "__name__", "")
            if isinstance(result, Tensor) and not any(map(is_lazy, tensors)) and id(result) not in self._numbers:
                self._refuse(f"Tensor.{about}")
        elif name == "__set__":
            about = getattr(func.__self__, "__name__", "")
            if about == "requires_grad":
                pass
            elif about == "_backward_hooks":
                self._refuse("register_hook")
            elif about == "data" and len(args) == 2:
                self._set_data(args[0], args[1])
            else:
                self._refuse(f"an assignment to a tensor's {about}")
        elif name in READS:
            numbers = [self._numbers.get(id(one)) for one in tensors]
            self._read(all(number in self._plain for number in numbers), name)
        elif name not in FORM and tensors and not _is_plain_maker(name):
            self._refuse(f"torch's {name}")
        return result

    def _set_data(self, tensor: Tensor, value: Tensor) -> None:
        """`tensor.data = value`: from here on it lies in the memory of the value."""
        if tensor.grad_fn is not None or id(tensor) in self._sources:
            self._refuse("an assignment to a tensor's data")
        self._numbers.pop(id(tensor), None)
        self._sources = {key: one for key, one in self._sources.items() if key != id(tensor)}
        self._kept.append(tensor)
        self._numbers[id(tensor)] = self.number(value)
        self._remember(tensor)

    # -- tensors and their numbers

    def _new(self, tensor: Tensor) -> int:
        number = len(self._kept)
        self._numbers[id(tensor)] = number
        self._kept.append(tensor)
        self._remember(tensor)
        return number

    def _remember(self, tensor: Tensor) -> None:
        if _has_memory(tensor):
            self._memory.setdefault(tensor.untyped_storage().data_ptr(), []).append(tensor)

    def _same_memory(self, tensor: Tensor) -> Tensor | None:
        if not _has_memory(tensor) or not tensor.numel():
            return None
        address = tensor.untyped_storage().data_ptr()
        for other in reversed(self._memory.get(address, [])) if address not in self._in_parts else ():
            if other.dtype is tensor.dtype and other.untyped_storage().nbytes() == tensor.untyped_storage().nbytes():
                return other
        return None

    def _from(self, source: tuple[Any, ...], tensor: Tensor) -> int:
        number = self._new(tensor)
        self.nodes.append(Node(source[0], source[1:], {}, number))
        return number

    def _alias(self, base: Tensor, tensor: Tensor) -> int:
        """A tensor that nobody saw being made, in the memory of one that is known."""
        before = self.number(base)
        follows = tensor.requires_grad and not tensor.is_leaf
        form = (tensor.shape, tensor.stride(), tensor.storage_offset())
        steps: list[tuple[str, Any]] = [] if follows else [("Tensor.detach", ())]
        if form != (base.shape, base.stride(), base.storage_offset()) or not steps:
            steps.append(("Tensor.as_strided", (tuple(form[0]), form[1], form[2])))
        for place, (name, rest) in enumerate(steps):
            own = tensor if place == len(steps) - 1 else tensor.detach()
            number = self._new(own)
            self.nodes.append(Node(name, (Ref(before), *rest), {}, number))
            if before in self._plain:
                self._plain.add(number)
            before = number
        return before

    def _of_structure(self, value: Any) -> bool:
        return all(number in self._plain for number in numbers_in(value))

    def _encode(self, value: Any) -> Any:
        if isinstance(value, Tensor):
            return Ref(self.number(value))
        kind = type(value)
        if value is None or value is Ellipsis or kind in (bool, int, float, complex, str, torch.dtype):
            return value
        if kind in (tuple, torch.Size) or isinstance(value, tuple):
            return tuple(self._encode(one) for one in value)
        if kind is list:
            return [self._encode(one) for one in value]
        if kind is slice:
            return slice(*(self._encode(one) for one in (value.start, value.stop, value.step)))
        if isinstance(value, numpy.generic):
            return value.item()
        if isinstance(value, bool | int | float | str):
            return value.real if not isinstance(value, str) else str(value)
        if kind is torch.memory_format and str(value).partition(".")[2] in MEMORY_FORMATS:
            return value
        if isinstance(value, numpy.ndarray):
            return Ref(self.number(torch.from_numpy(value.copy())))
        raise TypeError(f"a {kind.__name__} among its arguments")

    # -- what is told beside

    def _refuse(self, what: str) -> None:
        self.notes.refused.append(place_of(what))

    def _read(self, of_structure: bool, what: str) -> None:
        if of_structure:
            self.notes.by_structure = True
        else:
            self.notes.reads.append(place_of(what))


LISTENING: list[Recorder] = []
PLACE = ("device", "layout", "pin_memory", "requires_grad", "non_blocking")


def _is_plain_maker(name: str) -> bool:
    """What makes a tensor of plain values: it is known by its values, once it is used."""
    return name in ("tensor", "as_tensor", "asarray", "from_numpy", "frombuffer", "set_rng_state", "get_rng_state")


def _has_memory(tensor: Tensor) -> bool:
    if is_lazy(tensor) or tensor.layout is not torch.strided or tensor.is_meta:
        return False
    return not torch._C._functorch.is_functorch_wrapped_tensor(tensor)


def _fills_its_memory(tensor: Tensor) -> bool:
    return tensor.is_contiguous() and tensor.nbytes == tensor.untyped_storage().nbytes()


def _is_mask(value: Any) -> bool:
    return isinstance(value, Tensor) and value.dtype in (torch.bool, torch.uint8)


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple | list):
        for one in value:
            yield from _flat(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _flat(one)
    else:
        yield value


@contextmanager
def entered(recorder: Recorder) -> Iterator[None]:
    """Listen, and have torch's functions that are written in Python run as they are: what they call is seen."""
    changed = []
    for name in PYTHON:
        module = sys.modules[name]
        for asker in ASKERS:
            if hasattr(module, asker):
                changed.append((module, asker, getattr(module, asker)))
                setattr(module, asker, _no)
    printed = torch._tensor_str._str

    def shown(*args: Any, **kwargs: Any) -> str:
        recorder._read(False, "a tensor as text")
        with torch._C.DisableTorchFunction():  # how its text is made is no part of the network
            return str(printed(*args, **kwargs))  # type: ignore[no-untyped-call]

    torch._tensor_str._str = shown
    function = torch.autograd.Function
    apply = function.__dict__["apply"]

    def applied(own: Any, *args: Any, **kwargs: Any) -> Any:
        if not own.__module__.startswith("torch."):
            recorder._refuse(f"autograd.Function {own.__name__}")
        return apply.__get__(None, own)(*args, **kwargs)

    function.apply = classmethod(applied)  # type: ignore[assignment, method-assign]
    before_mha = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)  # one operation for a whole layer, which is no composite
    LISTENING.append(recorder)
    try:
        with recorder:
            yield
    finally:
        LISTENING.remove(recorder)
        torch._tensor_str._str = printed
        function.apply = apply  # type: ignore[method-assign]
        torch.backends.mha.set_fastpath_enabled(before_mha)
        for module, asker, before in changed:
            setattr(module, asker, before)


def _no(*_: Any) -> bool:
    return False


def structural(tensor: Tensor) -> Tensor:
    """Say of lengths or tokens that a network may read their values: it is then recorded anew for each batch of them.

    Given code says so of what it hands to the student's; a network that only computes with them is recorded once.
    """
    for recorder in LISTENING:
        recorder.structural(tensor)
    return tensor


def sources_of(module: nn.Module) -> dict[int, tuple[str, str]]:
    """Parameters and buffers of a module, by id."""
    found = {id(one): (BUFFER, name) for name, one in nn.Module.named_buffers(module)}
    return {**found, **{id(one): (PARAMETER, name) for name, one in nn.Module.named_parameters(module)}}


def record_pass(
    module: nn.Module, inputs: tuple[Tensor, ...], literals: Literals, structural: bool = False
) -> tuple[Record, Notes, Any]:
    """Run a module once, in its present mode, and write down what it does.

    Args:
        structural: whether the inputs themselves are known while it is recorded.

    Returns:
        the record, what it does not say, and what the module gave.
    """
    sources = sources_of(module)
    recorder = Recorder(sources, literals)
    for one in inputs:
        recorder.input(one)
        if structural:
            recorder.structural(one)
    before = dict(nn.Module.named_buffers(module))
    for one in (*before.values(), *nn.Module.parameters(module)):
        recorder.source(one)
    with entered(recorder):
        result = module(*inputs)
    after = {name: recorder.number(one) for name, one in nn.Module.named_buffers(module) if one is not before.get(name)}
    outputs = recorder._encode(result) if isinstance(result, Tensor | tuple | list) else None
    recorder.put_back()
    return Record(recorder.inputs, tuple(recorder.nodes), outputs, after), recorder.notes, result


def record_construction(build: Any, literals: Literals) -> tuple[Record, Notes, nn.Module]:
    """Build a network, and write down how its parameters and buffers come about."""
    recorder = Recorder({}, literals)
    with entered(recorder):
        module = build()
    named = {name: recorder.number(one) for name, one in nn.Module.named_parameters(module)}
    named.update({name: recorder.number(one) for name, one in nn.Module.named_buffers(module)})
    return Record(0, tuple(recorder.nodes), (), named), recorder.notes, module
