"""What a check says of a wrong result, and what it measures of a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from exercises.checking import (
    Expect,
    MismatchError,
    StudentError,
    awkward,
    load_weights,
    probe,
    randomise,
    weights,
)
from exercises.checking.student import LocalThing


def mismatch(call: Any, *args: Any, **kwargs: Any) -> MismatchError:
    with pytest.raises(MismatchError) as caught:
        call(*args, **kwargs)
    return caught.value


def test_close_says_how_many_values_differ_and_by_how_much() -> None:
    x = awkward(2, 3, 5)
    Expect().close(x.clone(), x, atol=0.0)
    wrong = x.clone()
    wrong[0, 0, 0] += 2
    found = mismatch(Expect().close, wrong, x, atol=1e-9, what="the input itself", hint="?", case="f(x)")
    assert found.expected == "the input itself, shape (2, 3, 5)"
    assert found.got == "f(x): 1 of 30 values differ, by up to 2" and found.hint == "?"


def test_a_hint_may_be_worked_out_where_a_comparison_fails_and_only_there() -> None:
    asked: list[str] = []

    def hint() -> str:
        asked.append("once")
        return "Which axis?"

    expect = Expect()
    expect.close(1.0, 1.0, atol=0.0, hint=hint)
    expect.equal(1, 1, hint=hint)
    expect.shape(torch.zeros(2), (2,), hint=hint)
    expect.that(True, expected="", got="", hint=hint)
    assert not asked
    for compare in (
        lambda: expect.close(1.0, 2.0, atol=0.0, hint=hint),
        lambda: expect.equal(1, 2, hint=hint),
        lambda: expect.shape(torch.zeros(2), (3,), hint=hint),
        lambda: expect.that(False, expected="", got="", hint=hint),
    ):
        asked.clear()
        assert mismatch(compare).hint == "Which axis?" and asked == ["once"]


def test_a_hint_that_cannot_be_worked_out_leaves_that_of_its_case() -> None:
    expect = Expect()
    with expect.case("f(x)", hint="How long?"):
        assert mismatch(expect.close, 1.0, 2.0, atol=0.0, hint=lambda: [""][1]).hint == "How long?"


@pytest.mark.parametrize(
    ("got", "words"),
    [
        (torch.zeros(2, 3), "zeros everywhere"),
        (torch.full((2, 3), float("nan")), "6 of 6 values are NaN"),
        (torch.ones(3, 2), "shape (3, 2)"),
        (None, "None (is a `return` missing?)"),
        (3.5, "3.5"),
        ((1, 2), "tuple: (1, 2)"),
        (torch.zeros(2, 3).numpy(), "a NumPy array (ndarray), and no torch tensor"),
    ],
)
def test_close_names_the_typical_wrong_things(got: Any, words: str) -> None:
    assert words in mismatch(Expect().close, got, awkward(2, 3), atol=1e-6).got


def test_a_result_of_fewer_digits_is_told_from_a_wrong_one() -> None:
    x = awkward(2, 3, 5)
    found = mismatch(Expect().close, x.float(), x, atol=1e-12, hint="By which number is the sum divided?")
    assert found.got.endswith("your result is float32, and that is what float32 rounds")
    assert found.hint == "The inputs were float64: which line makes another type of them?"
    wrong = mismatch(Expect().close, x.float() + 0.01, x, atol=1e-12, hint="?")
    assert "float32" not in wrong.got and wrong.hint == "?"
    assert "float32" not in mismatch(Expect().close, x.float() + 1e-6, x.float(), atol=1e-9).got


def test_values_with_their_indices_are_told_from_a_tensor() -> None:
    pair = LocalThing(torch.ones(2, 3).max, Path())(dim=-1)
    found = mismatch(Expect().close, pair, awkward(2), atol=1e-6)
    assert found.got.startswith("a pair (values, indices), as `max` gives")
    assert "pair" not in mismatch(Expect().close, pair, (1, 2, 3), atol=1e-6).got


def test_hidden_checks_do_not_show_the_reference() -> None:
    target = torch.tensor([0.123456])
    shown = mismatch(Expect(reveal=True).close, target + 1, target, atol=0.1)
    hidden = mismatch(Expect(reveal=False).close, target + 1, target, atol=0.1)
    assert "0.1235" in shown.expected and "0.12" not in hidden.expected
    assert mismatch(Expect(reveal=False).equal, 4, 5).expected == "another value (int)"
    assert mismatch(Expect(reveal=True).equal, 4, 5).expected == "5"


@pytest.mark.parametrize("got", [5, torch.tensor(5), torch.tensor([5])])
def test_whole_number_may_come_as_any_integer(got: Any) -> None:
    Expect().equal(got, 5)


@pytest.mark.parametrize("got", [5.0, True, "5", None, torch.tensor(5.0)])
def test_whole_number_is_no_other_type(got: Any) -> None:
    mismatch(Expect().equal, got, 5)


def test_raises_accepts_the_named_exception_and_its_children() -> None:
    def fail(*kinds: str) -> Any:
        def call() -> None:
            raise StudentError(f"{kinds[0]}: words", kinds)

        return call

    Expect().raises(fail("UnicodeError", "ValueError"), "ValueError")
    assert "KeyError: words" in mismatch(Expect().raises, fail("KeyError"), "ValueError").got
    assert "no exception" in mismatch(Expect().raises, lambda: 3, "ValueError").got


def test_randomise_leaves_no_parameter_at_zero_and_variances_positive() -> None:
    net = torch.nn.Sequential(torch.nn.BatchNorm1d(3), torch.nn.Linear(3, 3))
    torch.nn.init.zeros_(net[1].weight)
    randomise(net, seed=3)
    assert all(float(p.detach().abs().min()) > 0 for p in net.parameters())
    assert float(net[0].running_var.min()) > 0
    assert net[0].num_batches_tracked == 0


class HandMade(torch.nn.Module):
    """A constant kernel in a buffer, beside a norm and a frozen parameter."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = torch.nn.BatchNorm1d(2)
        self.frozen = torch.nn.Parameter(torch.ones(2), requires_grad=False)
        self.register_buffer("kernel", torch.eye(2))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.norm(x) @ self.kernel * self.frozen


@pytest.mark.parametrize("wrap", [lambda net: net, lambda net: LocalThing(net, Path())])
def test_weights_are_parameters_and_running_averages_and_no_constants(wrap: Any) -> None:
    net = HandMade()
    names = ["frozen", "norm.weight", "norm.bias", "norm.running_mean", "norm.running_var"]
    assert list(weights(wrap(net))) == names
    randomise(wrap(net))
    assert torch.equal(net.kernel, torch.eye(2)) and not torch.equal(net.frozen, torch.ones(2))
    load_weights(wrap(net), {"frozen": torch.zeros(2)})
    assert not net.frozen.any() and float(net.norm.running_var[0]) != 1


def test_probes_answer_where_no_gradient_comes_back() -> None:
    x = torch.ones(2, 3)
    assert not probe.input_gradient(Apply(torch.Tensor.detach), x, x).any()
    assert probe.input_gradient(Apply(lambda x: x.detach().numpy()), x, x).shape == (2, 3)
    found = probe.parameter_gradients(Apply(torch.Tensor.detach), x)
    assert torch.isnan(found["scale"]).all()
    with pytest.raises(TypeError, match="the output is a tuple"):
        probe.parameter_gradients(Apply(lambda x: (x,)), x)


class Apply(torch.nn.Module):
    """A function as a module; in training it does `also` first."""

    def __init__(self, function: Any, also: Any = None) -> None:
        super().__init__()
        self.function, self.also = function, also
        self.scale = torch.nn.Parameter(torch.ones(1))

    def forward(self, x: Any) -> Any:
        if self.training and self.also is not None:
            self.also(x)
        return self.function(x)


def test_probes_show_the_input_afterwards_and_the_output_for_a_view() -> None:
    x = torch.arange(24.0).reshape(2, 3, 4)
    assert torch.equal(probe.input_after(Apply(lambda x: x.mul_(0.5)), x.clone()), x / 2)
    assert torch.equal(probe.output_of_view(Apply(lambda x: x + 1), x), x + 1)
    assert not probe.output_of_view(Apply(lambda x: torch.tensor(x.is_contiguous())), x)
    by_shape = probe.output_of_view(Apply(lambda x: x.as_strided((2, 3, 4), (12, 4, 1)) + 0), x)
    assert not torch.equal(by_shape, x)


def test_operations_are_heard_in_training_and_evaluation_by_the_names_of_torchs_functions() -> None:
    x = torch.ones(1, 1, 4, 4)
    averages = torch.nn.functional.adaptive_avg_pool2d  # is computed as a mean
    assert "adaptive_avg_pool2d" in probe.operations(Apply(lambda x: averages(x, 1)), x)
    net = Apply(lambda x: x, also=lambda x: torch.max_pool2d(x, 2)).eval()
    assert "aten.max_pool2d_with_indices.default" in probe.operations(net, x)
    assert not net.training
    by_hand = Apply(lambda x: x.unfold(2, 2, 2).unfold(3, 2, 2).amax(dim=(-2, -1)))
    assert not [name for name in probe.operations(by_hand, x) if "pool" in name]
