"""Values that a student's code gives, what a check gets of them, and the code itself."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch

HEAD = """
import collections, datetime, decimal, enum, fractions, math
from dataclasses import dataclass
import numpy as np
import torch
from torch import nn

Pair = collections.namedtuple("Pair", "first second")

class Kind(enum.IntEnum):
    ONE = 1

class Liar(tuple):
    def __iter__(self):
        return iter((7, 8, 9))

class Mine(torch.Tensor):
    pass

class Logged(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        return "not a tensor any more"

@dataclass
class Layer:
    size: int = 3

def around_itself():
    value = []
    value.append(value)
    return value

def wide():
    value = 1
    for _ in range(12):
        value = [value] * 4
    return value

def deep(levels):
    value = 1
    for _ in range(levels):
        value = [value]
    return value
"""

# What the student's code gives -> what a check gets.
ANSWERS: dict[str, Any] = {
    "None": None,
    "True": True,
    "-0.0": -0.0,
    "math.nan": math.nan,
    "-math.inf": -math.inf,
    "5e-324": 5e-324,
    "2**64 + 1": 2**64 + 1,
    "-(2**2047)": -(2**2047),
    "2**2048": "stays: an int of 2049 bits",
    "10**5000": "stays: an int of 16610 bits",
    "complex(0.5, -0.0)": complex(0.5, -0.0),
    "complex(math.nan, math.inf)": complex(math.nan, math.inf),
    "[1j, (2j,)]": [1j, (2j,)],
    "'\\ud800 \\x00 ü 𝄞'": "\ud800 \x00 ü 𝄞",
    "'x' * 2_000_000": "stays: a text of 2000000 characters",
    "b'bytes'": "stays: a bytes",
    "range(3)": "stays: a range",
    "{1, 2}": "stays: a set",
    "Ellipsis": "stays: an ellipsis",
    "slice(1, 2)": "stays: a slice",
    "fractions.Fraction(1, 2)": "stays: a Fraction",
    "decimal.Decimal(1)": "stays: a Decimal",
    "datetime.date(2026, 1, 1)": "stays: a date",
    "Kind.ONE": "stays: a Kind",
    "Layer()": "stays: a Layer",
    "Layer": "stays: a type",
    "len": "stays: a builtin_function_or_method",
    "nn.Linear(1, 1)": "stays: a Linear",
    "torch.Generator()": "stays: a Generator",
    # containers
    "()": (),
    "Pair(1, [2.5])": (1, [2.5]),
    "Liar((1, 2))": (1, 2),
    "torch.Size([2, 3])": (2, 3),
    "torch.ones(1, 2).max(dim=1)": (torch.ones(1), torch.tensor([0])),
    "{'a': 1, 2: Pair(3, 4)}": {"a": 1, 2: (3, 4)},
    "{np.int64(2): np.float32(0.5)}": {2: 0.5},
    "collections.OrderedDict(b=1, a=2)": {"b": 1, "a": 2},
    "collections.Counter('aab')": {"a": 2, "b": 1},
    "{True: 1}": "stays: a dict of 1",
    "{None: 1}": "stays: a dict of 1",
    "{(1, 2): 1}": "stays: a dict of 1",
    "{0.5: 1}": "stays: a dict of 1",
    "{2**3000: 1}": "stays: a dict of 1",
    "deep(16)": [[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]],
    "wide()": "stays: a list of 4",
    "list(range(100_000))": "stays: a list of 100000",
    "[torch.ones(1)] * 5000": "stays: a list of 5000",
    "[[0.1] * 10] * 100": [[0.1] * 10] * 100,
    # NumPy
    "np.int8(-3)": -3,
    "np.uint64(2**64 - 1)": 2**64 - 1,
    "np.float16(0.5)": 0.5,
    "np.float64('nan')": math.nan,
    "np.longdouble(0.5)": 0.5,
    "np.complex64(1 - 2j)": 1 - 2j,
    "np.complex128(1 - 2j)": 1 - 2j,
    "np.bool_(False)": False,
    "np.str_('a')": "a",
    "np.timedelta64(3, 's')": "stays: a timedelta64",
    "np.datetime64('2026-01-01')": "stays: a datetime64",
    "np.bytes_(b'a')": "stays: a bytes_",
    "np.array(3)": np.array(3),
    "np.zeros((2, 0, 3), np.uint16)": np.zeros((2, 0, 3), np.uint16),
    "np.arange(6).reshape(2, 3)[:, ::-1]": np.array([[2, 1, 0], [5, 4, 3]]),
    "np.array([1, 2], '>f4')": np.array([1, 2], "f4"),
    "np.array([1 + 2j])": np.array([1 + 2j]),
    "np.array([True, False])": np.array([True, False]),
    "np.array([2, 0], np.uint8).view(bool)": np.array([True, False]),
    "np.broadcast_to(np.float32(2), (3,))": np.array([2, 2, 2], np.float32),
    "np.array(['a'])": "stays: a ndarray",
    "np.array([None])": "stays: a ndarray",
    "np.array([1], np.longdouble)": "stays: a ndarray",
    "np.zeros((1,) * 9)": "stays: a ndarray",
    "np.zeros(2, [('a', 'f4')])": "stays: a ndarray",
    "np.ma.array([1, 2], mask=[0, 1])": "stays: a MaskedArray",
    "np.matrix([[1]])": "stays: a matrix",
    "[np.arange(2.0)]": [np.arange(2.0)],
    # tensors
    **{
        f"torch.tensor([0, 1], dtype=torch.{name})": torch.tensor([0, 1], dtype=getattr(torch, name))
        for name in (
            *("float16", "bfloat16", "float32", "float64", "complex64", "complex128", "bool"),
            *("uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64"),
        )
    },
    "torch.tensor([math.nan, math.inf, -0.0], dtype=torch.bfloat16)": torch.tensor(
        [math.nan, math.inf, -0.0], dtype=torch.bfloat16
    ),
    "torch.tensor(True)": torch.tensor(True),
    "torch.tensor(0.5, dtype=torch.bfloat16)": torch.tensor(0.5, dtype=torch.bfloat16),
    "np.array(True)": np.array(True),
    "torch.tensor(1 + 2j)": torch.tensor(1 + 2j),
    "torch.tensor([1 + 2j]).conj()": torch.tensor([1 - 2j]),
    "torch.tensor([1 + 2j]).conj().imag": torch.tensor([-2.0]),
    "torch.tensor([[1 + 2j, 3]]).mH": torch.tensor([[1 - 2j], [3]]),
    "torch.arange(6).reshape(2, 3).T": torch.tensor([[0, 3], [1, 4], [2, 5]]),
    "torch.arange(6.0)[::2]": torch.tensor([0.0, 2, 4]),
    "torch.ones(1).expand(2, 3)": torch.ones(2, 3),
    "torch.arange(4.0, dtype=torch.bfloat16).reshape(2, 2).T": torch.tensor([[0.0, 2], [1, 3]], dtype=torch.bfloat16),
    "torch.zeros(2, 0, 3)": torch.zeros(2, 0, 3),
    "torch.zeros(0, 2**20)": torch.zeros(0, 2**20),
    "torch.zeros(0, 2**40)": "stays: a Tensor",
    "torch.tensor([2, 0], dtype=torch.uint8).view(torch.bool)": torch.tensor([True, False]),
    "torch.ones(2, requires_grad=True) * 2": torch.full((2,), 2.0),
    "nn.Parameter(torch.ones(2))": torch.ones(2),
    "torch.ones(2).as_subclass(Mine)": torch.ones(2),
    "torch.ones(2).as_subclass(Logged)": torch.ones(2),
    "torch.ones(2, 2).to_sparse()": "stays: a tensor in the layout torch.sparse_coo",
    "torch.ones(2, 2).to_sparse_csr()": "stays: a tensor in the layout torch.sparse_csr",
    "torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.quint8)": "stays: a tensor of torch.quint8",
    "torch.ones(2, device='meta')": "stays: a tensor on the device meta, where there are no values",
    "torch.ones(2).to(torch.float8_e4m3fn)": "stays: a tensor of torch.float8_e4m3fn",
    "torch.zeros((1,) * 9)": "stays: a tensor of 9 dimensions, of which 8 travel",
    "nn.LazyLinear(2).weight": "stays: a UninitializedParameter",
    "torch.nested.nested_tensor([torch.ones(1), torch.ones(2)])": "stays: a Tensor",
    "torch.float32": torch.float32,
    "(torch.bfloat16, torch.complex32)": (torch.bfloat16, torch.complex32),
}

SOURCE = HEAD + "\nGIVES = [\n" + "".join(f"    lambda: {one},\n" for one in ANSWERS) + "]\n"
SOURCE += """
def give(number):
    return GIVES[number]()

def echo_of(expression):
    return eval(expression)

def echo(*args, **kwargs):
    return args, kwargs

def words(value):
    return f"{type(value).__module__}.{type(value).__qualname__} {value!r}"

def apply(function, *values):
    return function(*values)

def same(function):
    return function is torch.relu

def draw(generator):
    return torch.rand(3, generator=generator)

def draw_numpy(generator):
    return generator.random(3)

def draw_normal(generator, normal):
    return [float(getattr(generator, normal)(0, 1)) for _ in range(3)]

def pairs():
    return [Pair(1, 2)]

def first_of(pair):
    return pair.first

class Axes:
    origin, number, session = "lower", 3, None

def layers():
    return nn.ModuleList([nn.ReLU(), nn.Tanh()]), nn.ModuleDict({"first": nn.ReLU()})

def batches():
    data = torch.utils.data.TensorDataset(torch.arange(5.0), torch.arange(5) * 2)
    return torch.utils.data.DataLoader(data, batch_size=2)

class Loader:
    def __init__(self, count):
        self.count = count
    def __len__(self):
        return self.count
    def __iter__(self):
        for n in range(self.count):
            yield torch.full((2,), float(n)), Layer(n)

class Endless:
    def __getitem__(self, index):
        return index

class Odd:
    def __len__(self):
        return -1

class Broken:
    def __len__(self):
        raise ValueError("no length today")

def squares(count):
    for n in range(count):
        yield n * n

def breaks():
    yield 1
    raise KeyError("broken")
"""
