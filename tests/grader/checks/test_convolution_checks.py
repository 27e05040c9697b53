"""The checks of `convolution`: what they draw, what is heard while code runs, and that a mistake costs once."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any

import numpy
import pytest
import torch
from torch.utils._python_dispatch import _disable_current_modes

from exercises.assignment import load_assignment
from exercises.checking import Expect, MismatchError
from exercises.checking.banned import banned_in, names_module
from exercises.checking.catalogue import public_checks
from exercises.checking.draw import drawing
from exercises.convolution import listening, standins
from exercises.convolution.checks.drawn_layers import layers
from exercises.convolution.checks.filtering import searches
from exercises.convolution.checks.judging import BAN, require
from exercises.convolution.checks.signals import cases, convolved, correlated
from grader.authoring.galleries import solution_files, wrong_answers
from grader.measuring.validity.jobs import Job, run_jobs

WRONG = [answer for answer in wrong_answers("convolution") if not answer.unwritten]
PUBLIC = {check.id for check in public_checks(load_assignment("convolution"))}
X, TAPS = torch.randn(3, 20), torch.randn(5)


def test_what_is_drawn_leaves_no_doubt() -> None:
    for seed in range(100):
        with drawing("filtering.find", seed):
            assert len(searches()) == len(searches(longest=190)) == 5
            assert {len(case.taps) > case.x.shape[-1] for case in cases()} == {True, False}
            assert all(len(case.taps) % 2 and case.x.shape[-1] < 200 for case in cases(longest=190, odd=True))


@pytest.mark.parametrize("axes", [1, 2])
def test_drawn_layers_fit_their_inputs(axes: int) -> None:
    for seed in range(30):
        with drawing("layers.conv", seed):
            for layer in (*layers(axes, 9), *layers(axes, 9, same=True)):
                out = layer.due(layer.input(), layer.values())
                assert out.numel() and (layer.padding != "same" or out.shape[2:] == layer.shape[2:])


def numpy_by_a_variable(x: torch.Tensor, taps: torch.Tensor) -> Any:
    function = getattr(numpy, "".join(["con", "volve"]))
    return function(x[0].numpy(), taps.numpy())


def in_a_thread(work: Callable[[], Any]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def below_the_mode(x: torch.Tensor, taps: torch.Tensor) -> torch.Tensor:
    with _disable_current_modes():
        return torch.conv1d(x[:, None], taps[None, None])


HEARD: dict[str, Callable[[torch.Tensor, torch.Tensor], Any]] = {
    "function": lambda x, taps: torch.nn.functional.conv1d(x[:, None], taps[None, None]),
    "transposed": lambda x, taps: torch.nn.functional.conv_transpose1d(x[:, None], taps[None, None]),
    "operator": lambda x, taps: torch.ops.aten.conv1d(x[:, None], taps[None, None]),
    "module": lambda x, taps: torch.nn.Conv2d(1, 1, 3)(x[None, None]),
    "numpy": numpy_by_a_variable,
    "correlate": lambda x, taps: numpy.correlate(x[0].numpy(), taps.numpy()),
    "polynomials": lambda x, taps: numpy.poly1d(x[0].numpy()) * numpy.poly1d(taps.numpy()),
    "numpy_in_a_thread": lambda x, taps: in_a_thread(lambda: numpy.convolve(x[0].numpy(), taps.numpy())),
    "torch_in_a_thread": lambda x, taps: in_a_thread(lambda: torch.conv1d(x[:, None], taps[None, None])),
    "switched_off": lambda x, taps: sys.setprofile(None),
    "below_the_mode": below_the_mode,
    "before_it_stops": lambda x, taps: torch.conv1d(x[:, None], taps[None, None]).reshape(7),
}
UNHEARD: dict[str, Callable[[torch.Tensor, torch.Tensor], Any]] = {
    "unfold": lambda x, taps: x.unfold(-1, 5, 1) @ taps,
    "im2col": lambda x, taps: torch.nn.functional.unfold(x[:, None, None], (1, 5)),
    "spectra": lambda x, taps: torch.fft.irfft(torch.fft.rfft(x, 24) * torch.fft.rfft(taps, 24), 24),
    "converted": lambda x, taps: torch.from_numpy(numpy.asarray(x.numpy(), dtype=numpy.float64)),
    "stand_in": standins.STAND_INS["filtering"]["convolve"],
}


@pytest.mark.parametrize("name", HEARD)
def test_what_convolves_is_heard_under_any_name(name: str) -> None:
    before = sys.getprofile()
    assert listening.convolving(HEARD[name], X, TAPS)
    assert sys.getprofile() is before and threading.getprofile() is None


@pytest.mark.parametrize("name", UNHEARD)
def test_nothing_else_is_heard(name: str) -> None:
    assert listening.convolving(UNHEARD[name], X, TAPS) == []


def test_transforms_are_counted_and_tampered_with() -> None:
    product = UNHEARD["spectra"]
    assert listening.transforms(product, X, TAPS) == [("forward", 24), ("forward", 24), ("inverse", 24)]
    whole = torch.fft.ifft(torch.fft.fft(X.to(torch.complex64), 30))
    assert listening.transforms(lambda: torch.fft.ifft(torch.fft.fft(X.to(torch.complex64), 30))) == [
        ("forward", 30),
        ("inverse", 30),
    ]
    assert whole.shape == (3, 30)
    assert torch.allclose(listening.tampered(product, X, TAPS), 12 * product(X, TAPS), atol=1e-4)


def test_transforms_of_numpy_are_heard() -> None:
    assert listening.transforms(lambda: numpy.fft.irfft(numpy.fft.rfft(X.numpy()))) == [("forward", 0), ("inverse", 0)]


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("from . import listening", True),
        ("from .listening import convolving", True),
        ("import exercises.convolution.listening as ears", True),
        ("import sys\nears = sys.modules['exercises.convolution.listening']", True),
        ('"""What is listening?"""\nlistening = "listening"', False),
    ],
)
def test_answers_that_use_what_is_for_the_checks_are_found(text: str, used: bool) -> None:
    assert names_module([text], "listening") is used


def test_stand_ins_do_what_is_due() -> None:
    for name, function in standins.STAND_INS["filtering"].items():
        due = convolved(X, TAPS) if name.endswith("convolve") and "cross" not in name else correlated(X, TAPS)
        assert torch.allclose(function(X, TAPS).double(), due, atol=1e-4), name
    assert len(listening.transforms(standins.STAND_INS["filtering"]["fft_convolve"], X, TAPS)) == 3


def test_reading_finds_what_checks_ask_for_and_nothing_that_is_tried_out() -> None:
    text = "import torch.nn.functional as F\nimport numpy as np\n\ndef convolve(x, taps):\n    return f(x)\n"
    helper = "def f(x):\n    return np.convolve(x, x)\n"
    tried = "def compare(x):\n    return F.conv1d(x, x)\nif __name__ == '__main__':\n    compare(1)\n"
    assert banned_in({"filtering": text + helper + tried}, BAN, asked=["convolve"]) == ["line 7: np.convolve"]
    assert banned_in({"filtering": "import torch\ny = torch.ops.aten.mul(1, 2)"}, BAN) == ["line 2: torch.ops"]
    for module, own in solution_files("convolution").items():
        assert module == "filterbank" or banned_in({module: own}, BAN) == []


def test_a_result_in_another_dtype_is_told_apart() -> None:
    with pytest.raises(MismatchError, match="float64"):
        require(Expect(), torch.ones(3).double(), torch.ones(3).double(), torch.float32)
    require(Expect(), torch.ones(3), torch.ones(3).double(), torch.float32)


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.name)
def test_a_public_check_prepares_for_every_hidden_one(wrong: Any) -> None:
    tasks = {check.partition(".")[0] for check in wrong.caught_by}
    for task in tasks:
        named = {check for check in wrong.caught_by if check.startswith(f"{task}.")}
        assert named & PUBLIC, f"{wrong.name}: only hidden checks of {task} fail"
    assert tasks == {wrong.module}  # a mistake costs once


def test_two_mistakes_cost_no_more_than_each_alone() -> None:
    """Whoever has a wrong convolve, and a find that is right, gets the points of find."""
    files = solution_files("convolution")
    text = files["filtering"].replace("for i, tap in enumerate(taps):", "for i, tap in enumerate(taps[1:]):")
    files["filtering"] = text.replace("return convolve(x, taps.flip(0))", "return convolve(x, taps)")
    found = {}
    for outcome in run_jobs([Job("both", "convolution", files, ("filtering.*",))]):
        found = {verdict.check: verdict.status for verdict in outcome.verdicts}
    assert {check for check, status in found.items() if status != "passed"} == {
        "filtering.convolve_example",
        "filtering.convolve",
        "filtering.convolve_values",
        "filtering.cross_correlate_example",
        "filtering.cross_correlate",
        "filtering.cross_correlate_values",
    }
