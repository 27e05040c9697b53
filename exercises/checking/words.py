"""Values in few words, for verdicts."""

from __future__ import annotations

from typing import Any

import numpy
import torch
from torch import Tensor

from .plain import kind_of

FEW = 12  # values of a tensor that are written out


def describe(value: Any) -> str:
    """A value in few words."""
    if isinstance(value, Tensor):
        if value.numel() <= FEW and value.layout is torch.strided and not value.is_meta:
            return f"{values(value)}, shape {tuple(value.shape)}"
        return f"a tensor of shape {tuple(value.shape)}, {name_of(value.dtype)}"
    if value is None:
        return "None (is a `return` missing?)"
    if isinstance(value, bool | int | float | complex | str):
        return repr(value)[:200]
    if isinstance(value, torch.dtype):
        return str(value)
    if isinstance(value, numpy.ndarray):
        return f"a NumPy array (ndarray) of shape {value.shape}, {value.dtype}"
    if isinstance(value, tuple | list):
        words = ", ".join(_item(item) for item in value)
        return f"tuple: ({words})"[:200] if isinstance(value, tuple) else f"list: [{words}]"[:200]
    if isinstance(value, dict):
        return f"a dict of {', '.join(map(repr, value)) or 'nothing'}"[:200]
    name = getattr(value, "type_name", None)  # a thing that stayed in the sandbox
    return with_article(name if isinstance(name, str) else kind_of(value))


def with_article(name: str) -> str:
    """ "a Layer", "an int of 5000 bits"."""
    return f"an {name}" if name[:1] in tuple("aeio") else f"a {name}"


def describe_no_tensor(value: Any) -> str:
    """A value in few words, where a tensor is due and this is none."""
    if isinstance(value, numpy.ndarray) or getattr(value, "type_name", "") == "ndarray":
        return "a NumPy array (ndarray), and no torch tensor"
    if isinstance(value, tuple) and len(value) == 2 and all(isinstance(item, Tensor) for item in value):
        found, places = value
        if places.dtype is torch.int64 and found.dtype is not torch.int64 and found.shape == places.shape:
            return "a pair (values, indices), as `max` gives along an axis: which of the two is due?"
    return describe(value)


def hint_of_no_tensor(value: Any) -> str:
    """What to ask where one tensor is due and several things came; "" for anything else, and where that is asked."""
    if isinstance(value, tuple | list | dict) and describe_no_tensor(value) == describe(value):
        return f"One tensor is due, and a {type(value).__name__} came: what stands behind `return`?"
    return ""


def _item(value: Any) -> str:
    """A part of a list or tuple; lists in lists are not unfolded."""
    if isinstance(value, tuple | list):
        return f"a {type(value).__name__} of {len(value)}"
    return repr(value) if isinstance(value, int | float | complex | str) else describe(value)


def name_of(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def values(tensor: Tensor) -> str:
    """All values of a tensor, floats to four digits."""
    listed = tensor.detach().flatten().tolist()
    return "[" + ", ".join(f"{v:.4g}" if isinstance(v, float | complex) else str(v) for v in listed) + "]"


def kind_due(dtype: torch.dtype) -> str:
    """What values of this type are, where it matters."""
    if dtype.is_complex:
        return "complex numbers"
    return "truth values" if dtype is torch.bool else "real numbers"


def as_tensor(value: Tensor | numpy.ndarray) -> Tensor:
    """An array's values as a tensor."""
    return value.detach() if isinstance(value, Tensor) else torch.from_numpy(value)
