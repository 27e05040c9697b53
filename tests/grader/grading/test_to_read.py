"""What a student's files use that is seldom needed: found by reading, told of few, and never run."""

from __future__ import annotations

import warnings

import pytest

from grader.grading.checked.to_read import LITERAL, NOT_READ, Use, in_words, rare, uses_in


def found(text: str | bytes) -> list[tuple[str, tuple[int, ...]]]:
    content = text.encode() if isinstance(text, str) else text
    return [(use.what, use.lines) for use in uses_in({"blocks": content})]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("import torch\nclass F(torch.autograd.Function):\n    pass", "autograd.Function"),
        ("from torch.autograd import Function\nclass F(Function):\n    pass", "autograd.Function"),
        ("import torch.autograd as ag\nclass F(ag.Function):\n    pass", "autograd.Function"),
        ("net.register_full_backward_hook(f)", "register_full_backward_hook"),
        ("getattr(x, 'register_hook')(f)", "register_hook"),
        ("self.register_buffer('w', w)", "register_buffer"),
        ("from threading import Thread", "threading"),
        ("import torch.multiprocessing as mp", "multiprocessing"),
        ("from concurrent.futures import ThreadPoolExecutor", "concurrent"),
        ("def f():\n    import ctypes", "ctypes"),
        ("import importlib\nimportlib.import_module('gc')", "gc"),
        ("__import__('gc').get_objects()", "gc"),
        ("import sys\nsys._getframe(1)", "_getframe"),
        ("from sys import _getframe as here", "_getframe"),
        ("import torch\ntorch.relu = f", "torch.relu = …"),
        ("import torch.nn.functional as F\nF.relu, a = f, 1", "torch.nn.functional.relu = …"),
        ("from torch import nn\nnn.Module.__call__ = f", "torch.nn.Module.__call__ = …"),
        ("from torch import nn\nM = nn.Module\nM.train = f", "torch.nn.Module.train = …"),
        ("import torch\nsetattr(torch.nn, 'ReLU', f)", "torch.nn.ReLU = …"),
        ("import torch\ntorch.__dict__['relu'] = f", "torch.relu = …"),
        ("import torch\nvars(torch).update(relu=f)", "torch.__dict__ = …"),
        ("import torch\ntorch.__dict__.update(relu=f)", "torch.__dict__ = …"),
        ("import sys\nsys.modules['torch'].relu = f", "torch.relu = …"),
        ("import torch\ndel torch.relu", "torch.relu = …"),
        ("from unittest import mock\nmock.patch('torch.relu', f)", "torch.relu = …"),
        (f"WEIGHTS = {list(range(1000))}", LITERAL),
        (f"WEIGHTS = {list(map(float, range(-500, 500)))}", LITERAL),
        (f"WEIGHTS = '{'0123456789abcdef' * 200}'", LITERAL),
        (f"WEIGHTS = (b'{'0123' * 400}'\n + b'{'0123' * 400}')", LITERAL),
    ],
)
def test_what_is_used_is_found_by_whatever_name_it_goes(text: str, what: str) -> None:
    assert [one for one, _ in found(text)] == [what]


@pytest.mark.parametrize(
    "text",
    [
        "import torch\nfrom torch import nn\nclass A(nn.Module):\n    def f(self, x):\n  self.w = nn.Linear(2, 3)",
        "import torch\nx = torch.zeros(3)\nx.grad = None\nx[0] = 1\nself.net.weight.data = x",
        f'def f():\n    """{"A long docstring. " * 200}"""',
        f"SIZES = {list(range(200))}",
        "setattr(self, 'width', 3)\nfrom .threading_notes import gc_free",
        "def f(:\n",
        b"\x00\xff\xfe",
        "",
    ],
)
def test_what_everybody_writes_is_nothing_to_be_read(text: str | bytes) -> None:
    assert found(text) == []


def test_text_that_is_built_to_stop_the_reader_is_told() -> None:
    for text in ("x = " + "-" * 50_000 + "1", "x = " + "a." * 50_000 + "b", "x = " + "1+" * 50_000 + "1"):
        assert {what for what, _ in found(text)} <= {NOT_READ, LITERAL}


def test_reading_warns_of_nothing_and_names_the_lines() -> None:
    with warnings.catch_warnings(action="error"):
        uses = uses_in({"blocks": b"import gc\nx = '\\d'\ngc.collect()\nimport gc\n", "own": b"import gc"})
    assert uses == (Use("gc", "blocks.py", (1, 4)), Use("gc", "own.py", (1,)))
    assert in_words(uses) == "gc (blocks.py, line 1, 4); gc (own.py, line 1)"
    assert "\x1b" not in in_words([Use("\x1b[2J", "own.py", (1,))])


def test_what_the_solution_or_more_than_one_in_twenty_uses_is_not_told() -> None:
    gc, hook, buffer = (Use(what, "blocks.py", (1,)) for what in ("gc", "register_hook", "register_buffer"))
    cohort = {
        f"s{number:02}": (buffer, *([hook] if number < 3 else []), *([gc] if number < 2 else []))
        for number in range(40)
    }
    assert rare(cohort, [buffer]) == {"s00": (gc,), "s01": (gc,)}
    assert rare({"ada": (hook,), "bob": ()}, []) == {"ada": (hook,)}  # one of two is no fashion
    assert rare({"ada": (hook,), "bob": (hook,)}, []) == {}
