"""What student code sets for its whole process costs it nothing: put back before each step, or taken without effect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch

from grader.sandbox.inside.windows import opens_windows

from .helpers import start

STATE = """
import random
import sys
import warnings

import numpy
import torch
from torch import nn

def state():
    try:
        warnings.warn("once more", UserWarning)
        numpy.float64(1) / numpy.float64(0)
        strict = False
    except Exception:
        strict = True
    return [
        str(torch.get_default_dtype()),
        torch.is_grad_enabled(),
        torch.is_inference_mode_enabled(),
        torch.is_autocast_enabled("cpu"),
        torch.is_anomaly_enabled(),
        torch.get_num_threads(),
        str(torch.get_default_device()),
        (torch.ones(2, requires_grad=True) * 2).requires_grad,
        torch._C._len_torch_function_stack() + torch._C._len_torch_dispatch_stack(),
        torch.get_float32_matmul_precision(),
        torch.backends.mkldnn.enabled,
        torch.are_deterministic_algorithms_enabled(),
        strict,
    ]

def run(code):
    exec(code, globals())
    return True

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(4, 3)
    def forward(self, x):
        return self.layer(x)
"""

SET = {
    "threads": "torch.set_num_interop_threads(2); torch.set_num_threads(4); torch.set_num_threads(nthreads=2)",
    "dtype": "torch.set_default_dtype(torch.float64)",
    "tensor_type": "torch.set_default_tensor_type(torch.DoubleTensor)",
    "no_grad": "torch.no_grad().__enter__()",
    "grad_disabled": "torch.set_grad_enabled(False)",
    "inference_mode": "mode = torch.inference_mode(); mode.__enter__()",
    "autocast": "cast = torch.autocast('cpu', dtype=torch.bfloat16); cast.__enter__()",
    "anomaly": "torch.autograd.set_detect_anomaly(True)",
    "device": "torch.set_default_device('meta')",
    "device_entered": "torch.device('meta').__enter__()",
    "device_twice": "torch.device('meta').__enter__(); torch.set_default_device('meta')",
    "counting": "from torch.utils.flop_counter import FlopCounterMode\nFlopCounterMode().__enter__()",
    "warnings": "warnings.simplefilter('error')",
    "floats": "numpy.seterr(all='raise')",
    "precision": "torch.set_float32_matmul_precision('medium')",
    "mkldnn": "torch.backends.mkldnn.enabled = False",
    "deterministic": "torch.use_deterministic_algorithms(True)",
}


@pytest.fixture(scope="module")
def student() -> Iterator[Any]:
    container, remote = start(STATE)
    with container:
        yield remote


def outcome(student: Any) -> tuple[Any, ...]:
    """What the process is set to, and what a network gives in it."""
    student.seed(1)
    net = student.answer.Net()
    return student.answer.state(), *(value.tolist() for value in net.state_dict().values()), net(torch.ones(1, 4)).dtype


@pytest.mark.parametrize("name", SET)
def test_setting_of_student_code_holds_for_no_later_step(student: Any, name: str) -> None:
    student.fresh_process()
    usual = outcome(student)
    assert student.answer.run(SET[name]) is True
    assert outcome(student) == usual


def test_settings_of_an_import_hold_for_no_step_that_travels_with_it() -> None:
    everything = "\n".join(code for name, code in SET.items() if name not in ("device_entered", "device_twice"))
    container, student = start(STATE)
    with container:
        usual = outcome(student)
    container, student = start(f"{STATE}\n{everything}\n")
    with container:
        assert outcome(student) == usual
        student.fresh_process()  # from here on the class is asked for together with its first object
        assert outcome(student) == usual


def test_numbers_drawn_by_an_import_change_none_that_come_after_the_seed() -> None:
    drawn = []
    for line in ("", "torch.manual_seed(3); torch.rand(5); random.seed(3); numpy.random.seed(3)"):
        container, student = start(f"{STATE}\n{line}\n")
        with container:
            student.seed(1)
            drawn.append(student.answer.Net().state_dict()["layer.weight"])
    assert torch.equal(*drawn)


COMPILED = """
import torch
from torch import nn

@torch.compile
def twice(x):
    return 2 * x

@torch.compile(fullgraph=True, mode="reduce-overhead")
def thrice(x):
    return 3 * x

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.compile(nn.Linear(2, 2), dynamic=True)
        self.layer.compile(mode="default")
        self.compile()
    @torch.compile()
    def forward(self, x):
        return self.layer(x)

@torch.compile
class Whole(Net):
    pass

@torch._dynamo.optimize()
def lower(x):
    return x - 1

@torch.jit.script
def scripted(x: torch.Tensor):
    return x + 1

def traced(x):
    return torch.jit.trace(nn.ReLU(), torch.zeros(2))(x)
"""


def test_what_is_compiled_gives_what_it_gives_without() -> None:
    container, student = start(COMPILED)  # a request may take one second, and a compiler takes more
    x = torch.tensor([-1.0, 2.0])
    with container:
        answer: Any = student.answer
        assert torch.equal(answer.twice(x), 2 * x) and torch.equal(answer.thrice(x), 3 * x)
        assert torch.equal(answer.lower(x), x - 1) and torch.equal(answer.scripted(x), x + 1)
        assert torch.equal(answer.traced(x), x.relu())
        for network in (answer.Net(), answer.Whole()):
            state = network.state_dict()
            assert list(state) == ["layer.weight", "layer.bias"]
            assert torch.allclose(network(x), state["layer.weight"] @ x + state["layer.bias"])


@pytest.mark.parametrize("name", ["TkAgg", "tkagg", "Qt5Agg", "QtAgg", "MacOSX", "nbAgg", "webagg", "widget", "ipympl"])
def test_backend_that_opens_windows_is_known(name: str) -> None:
    assert opens_windows(name)


@pytest.mark.parametrize("name", ["agg", "svg", "pdf", "module://matplotlib_inline.backend_inline", "nonsense", None])
def test_backend_that_opens_none_is_left_alone(name: str | None) -> None:
    assert not opens_windows(name)


PLOTS = """
import matplotlib
@PLACE@
import matplotlib.pyplot as plt

def canvas():
    figure = plt.figure()
    plt.plot([1, 2])
    plt.pause(600)
    plt.show(block=True)
    plt.draw()
    figure.savefig("curve.png")
    return type(figure.canvas).__name__
"""


@pytest.mark.parametrize(
    "line",
    [
        "matplotlib.use('TkAgg')",
        "matplotlib.use('MacOSX', force=True)",
        "matplotlib.use('module://ipympl.backend_nbagg')",
        "import matplotlib.pyplot as plt; plt.switch_backend('Qt5Agg')",
        "matplotlib.rcParams['backend'] = 'TkAgg'",
        "import os; os.environ['MPLBACKEND'] = 'TkAgg'; os.environ.pop('DISPLAY', None)",
        "import matplotlib.pyplot as plt; plt.ion()",
    ],
)
def test_plots_need_no_screen(line: str) -> None:
    container, student = start(PLOTS.replace("@PLACE@", line))
    with container:
        assert student.answer.canvas() == "FigureCanvasAgg"


def test_other_backends_are_used_as_before() -> None:
    container, student = start(PLOTS.replace("@PLACE@", "matplotlib.use('svg')"))
    with container:
        assert student.answer.canvas() == "FigureCanvasSVG"
    container, student = start("import matplotlib\nmatplotlib.use('nonsense')\n")
    with container, pytest.raises(Exception, match="'nonsense' is not a valid value for backend"):
        student.answer.anything()


@pytest.mark.parametrize("line", ["%matplotlib tk", "%matplotlib qt", "import matplotlib; matplotlib.use('TkAgg')"])
def test_pictures_of_a_notebook_are_shown_whatever_window_it_asks_for(line: str) -> None:
    container, student = start("")
    cells = [["one", f"{line}\nimport matplotlib.pyplot as plt"], ["two", "plt.plot([1, 2])\nplt.show()"]]
    with container:
        shown = dict(student.run_cells(cells))
    assert not [output for output in (*shown["one"], *shown["two"]) if output["output_type"] == "error"]
    assert any("image/png" in output.get("data", {}) for output in shown["two"])
