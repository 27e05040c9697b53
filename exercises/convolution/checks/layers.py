"""Public checks of task 4.  Torch's own convolutions give what is due."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import sqrt
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from exercises.checking import Expect, Reference, Student, awkward, check, draw

from . import hints
from .drawn_layers import Layer, layers
from .judging import BY_HAND, TOLERANCES, each_written, judge_alone, require, require_by_hand, require_untouched
from .signals import DOUBLE, SINGLE

SIZES = "Which inputs does the first output see, and which the next one? How many steps fit into the padded input?"
SAME = "How many zeros does it take in all, with this kernel and dilation? On which side is the extra one?"
AGAIN = "The same layer gets inputs of many sizes, in any order: what does it keep of the first one?"
NO_TURN = "Does weight[o, i, 0] meet the earliest sample? Is the bias of its channel added to each output?"
REFUSED = "What has to be said when the layer is built: 'same' with a stride, another word, fewer than no zeros?"
NAMES = "Two nn.Parameters, `weight` and `bias`; without a bias, `bias` is None."
START = "Within which bound do weights and biases start, and how are they spread in it? What is in * kernel here?"
CUT_OFF = "Does the result still hang on input and parameters? detach, .data, tolist and numpy cut it off."
LOOP = "What runs in a loop over this axis? Windows of all places at once come from unfold, as_strided or indices."
LEARNT = "Are weight and bias of the new layer nn.Parameters, and can those of the Linear still be learnt?"
DENSE = "Which weight of the dense layer belongs to which tap? Is its bias there, and the Linear as it was before?"


def compare(student: Any, expect: Expect, drawn: list[Layer], hint: str) -> None:
    """Require the outputs of these layers, in float64, and of one in float32; three get a second input."""
    for seed, layer in enumerate(drawn):
        dtype = SINGLE if seed == 1 else DOUBLE
        values = layer.values(dtype, 10 * seed)
        with expect.case(str(layer), hint=hint):
            made = layer.made(student, values)
        for other in (layer, layer.larger()) if seed < 3 else (layer,):
            words = str(layer) if other is layer else f"{layer}, then of {other.shape}"
            with expect.case(words, hint=hint if other is layer else AGAIN):
                x = other.input(dtype, 10 * seed)
                due = layer.due(x.double(), {name: value.double() for name, value in values.items()})
                got = made(x.clone())
                expect.shape(got, due.shape)
                require(
                    expect, got, due, dtype, hint=AGAIN if other is not layer else hint if hint == SAME else NO_TURN
                )


def _example(student: Any, expect: Expect, axes: int) -> None:
    """One channel, whole numbers: a sum that can be done by hand."""
    random = draw("example")
    kernel = 3 if axes == 1 else 2
    shape = (1, 1, 5) if axes == 1 else (1, 1, 3, 4)
    layer = Layer(axes, (1, 1), kernel, 1, 0, 1, True, shape)
    values = {
        name: torch.tensor(random.sample(range(1, 10), one.numel()), dtype=SINGLE).reshape(one.shape)  # none alike
        for name, one in layer.values(SINGLE).items()
    }
    x = torch.zeros(shape)
    x[(0, 0, *((2,) if axes == 1 else (1, 2)))] = 1.0
    with expect.case(f"{layer.name}(1, 1, {kernel}) with whole numbers, of a single 1 in zeros", hint=NO_TURN):
        got = layer.made(student, values)(x.clone())
        expect.close(got, layer.due(x.double(), {k: v.double() for k, v in values.items()}), atol=1e-4)


@check(
    "layers.example_1d",
    points=0.15,
    hints=hints.LAYER,
    idea="A single 1 shows the kernel, read from its end, and the bias",
)
def kernel_along_time(student: Student, solution: Reference | None, expect: Expect) -> None:
    _example(student, expect, 1)


@check(
    "layers.example_2d",
    points=0.15,
    hints=hints.LAYER,
    idea="In an image, too, a single 1 shows the kernel, read from its end",
)
def kernel_in_an_image(student: Student, solution: Reference | None, expect: Expect) -> None:
    _example(student, expect, 2)


@check("layers.conv_1d", points=0.3, hints=hints.LAYER, idea="Conv1d is torch's, whatever stride, padding and dilation")
def convolution_along_time(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare(student, expect, layers(1, 12), SIZES)


@check("layers.conv_2d", points=0.3, hints=hints.LAYER, idea="Conv2d is torch's, whatever stride and padding")
def convolution_of_images(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare(student, expect, layers(2, 8), SIZES)


@check(
    "layers.same_1d",
    points=0.15,
    hints=hints.SAME,
    idea="With padding 'same' the output is as long as the input, with 'valid' not",
)
def same_along_time(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare(student, expect, layers(1, 12, same=True), SAME)


@check("layers.same_2d", points=0.15, hints=hints.SAME, idea="With padding 'same' images keep their size")
def same_in_images(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare(student, expect, layers(2, 8, same=True), SAME)


def _refused(student: Any, expect: Expect, name: str) -> None:
    make = getattr(student.layers, name)
    for padding in (0, "same", "valid"):  # what refuses everything is not right
        with expect.case(f"{name}(2, 3, 3, padding={padding!r})", hint=REFUSED):
            expect.shape(make(2, 3, 3, padding=padding).bias, (3,))
    stride = draw("stride").randint(2, 4)
    for named in ({"stride": stride, "padding": "same"}, {"padding": "full"}, {"padding": "zeros"}, {"padding": -1}):
        words = ", ".join(f"{key}={value!r}" for key, value in named.items())
        expect.raises(partial(make, 2, 3, 3, **named), "ValueError", case=f"{name}(2, 3, 3, {words})", hint=REFUSED)


@check("layers.refused_1d", points=0.1, hints=hints.SAME, idea="Conv1d refuses a padding that nothing is meant by")
def refused_along_time(student: Student, solution: Reference | None, expect: Expect) -> None:
    _refused(student, expect, "Conv1d")


@check("layers.refused_2d", points=0.1, hints=hints.SAME, idea="Conv2d refuses a padding that nothing is meant by")
def refused_in_images(student: Student, solution: Reference | None, expect: Expect) -> None:
    _refused(student, expect, "Conv2d")


def require_start(student: Any, expect: Expect, name: str, most: int) -> None:
    """Require the names and shapes of the parameters, and a uniform start within the bound."""
    random, axes = draw("start"), 1 if name == "Conv1d" else 2
    make = getattr(student.layers, name)
    in_channels, kernel = random.randint(2, 5), random.randint(3, 5)
    out_channels = random.randint(most, most + 20)
    shape, bound = (out_channels, in_channels, *(kernel,) * axes), 1 / sqrt(in_channels * kernel**axes)
    with expect.case(f"{name}({in_channels}, {out_channels}, {kernel})", hint=NAMES):
        layer = make(in_channels, out_channels, kernel)
        due = {"weight": shape, "bias": (out_channels,)}
        expect.equal(student.probe.parameter_shapes(layer), due)
        others = {part: expect.tensor(getattr(make(in_channels, out_channels, kernel), part)) for part in due}
    for part in due:
        values = expect.tensor(getattr(layer, part)).detach().double()
        largest, half = float(values.abs().max()), float((values.abs() < bound / 2).double().mean())
        # Of 180 or more values the largest is below 0.9 of the bound once in 10^8 starts; as rarely lies the share of
        # those in the middle half, of which each is one with probability 1/2, so far from it: 5.7 standard deviations.
        spread = 5.7 * 0.5 / sqrt(values.numel())
        expect.that(
            0.9 * bound <= largest <= bound * (1 + 1e-6) and abs(half - 0.5) < spread,
            expected=f"{part} uniform within {bound:.4g}",
            got=f"values up to {largest:.4g}, {half:.0%} of them within half of the bound",
            hint=START,
        )
        different = values.unique().numel()
        expect.that(
            different > 0.9 * values.numel(),  # float32 has as many values that hardly any two are alike
            expected=f"{part}: each value drawn by itself",
            got=f"{values.numel()} values, {different} of them different",
            hint=START,
        )
        expect.that(
            abs(float(values.mean())) < 0.25 * bound and not torch.equal(values, others[part].detach().double()),
            expected=f"{part} of either sign, and other values in each new layer",
            got=f"a mean of {float(values.mean()):.3g}, or the same values twice",
            hint=START,
        )
    with expect.case(f"{name}(2, 3, {kernel}, bias=False)", hint=NAMES):
        plain = make(2, 3, kernel, bias=False)
        expect.equal(student.probe.parameter_shapes(plain), {"weight": (3, 2, *(kernel,) * axes)})
        expect.equal(plain.bias, None)


@check(
    "layers.start_1d", points=0.15, hints=hints.START, idea="Weight and bias of Conv1d start uniform within the bound"
)
def start_along_time(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_start(student, expect, "Conv1d", 180)


@check(
    "layers.start_2d", points=0.15, hints=hints.START, idea="Weight and bias of Conv2d start uniform within the bound"
)
def start_in_images(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_start(student, expect, "Conv2d", 180)


def compare_gradients(student: Any, expect: Expect, drawn: list[Layer]) -> None:
    """Require the gradients that reach the input and the parameters of these layers."""
    for seed, layer in enumerate(drawn):
        values, x = layer.values(seed=10 * seed), layer.input(seed=10 * seed)
        leaves = {name: one.clone().requires_grad_() for name, one in {**values, "input": x}.items()}
        parameters = {name: one for name, one in leaves.items() if name != "input"}
        out = layer.due(leaves["input"], parameters)
        weights = awkward(*out.shape, seed=99)
        (due_input,) = torch.autograd.grad((out * weights).sum(), leaves["input"], retain_graph=True)
        due = dict(zip(parameters, torch.autograd.grad(out.square().sum(), list(parameters.values())), strict=True))
        with expect.case(f"gradients of {layer}", hint=CUT_OFF):
            made = layer.made(student, values)
            got = {"input": student.probe.input_gradient(made, x, weights)}
            got |= student.probe.parameter_gradients(made, x)
            for name, wanted in {"input": due_input, **due}.items():
                with expect.case(name):
                    # a sum over all places, of outputs that are sums themselves
                    atol = 10 * TOLERANCES[DOUBLE] * float(wanted.abs().max())
                    expect.close(got[name], wanted, atol=atol, what="what torch's own layer has")


@check(
    "layers.gradient_1d",
    points=0.1,
    hints=hints.LAYER_GRADIENT,
    idea="Gradients reach the input and the parameters of Conv1d",
)
def gradients_along_time(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare_gradients(student, expect, layers(1, 9)[1:4])


@check(
    "layers.gradient_2d",
    points=0.1,
    hints=hints.LAYER_GRADIENT,
    idea="Gradients reach the input and the parameters of Conv2d",
)
def gradients_in_images(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare_gradients(student, expect, layers(2, 7)[1:4])


MORE = 6  # operations that other sizes may take: views in the place of copies, and the like


def _count(student: Any, expect: Expect, layer: Layer) -> None:
    """Require as many operations for an input that is larger along one axis as for a small one."""
    made = layer.made(student, layer.values(SINGLE))
    axes = {"batch": 0, "time": 2} if layer.axes == 1 else {"batch": 0, "height": 2, "width": 3}
    with expect.case(str(layer), hint=LOOP):
        few = student.listening.operations(made, torch.zeros(layer.shape))
    for axis, place in axes.items():
        larger = list(layer.shape)
        larger[place] += 24
        with expect.case(f"{layer.name} of {tuple(larger)}", hint=LOOP):
            many = student.listening.operations(made, torch.zeros(larger))
            expect.that(
                many <= few + MORE,
                expected=f"about as many torch operations as for {layer.shape}, which take {few}",
                got=f"{many}, so that they grow with {axis}",
            )


@check(
    "layers.operations",
    points=0.2,
    hints=hints.OPERATIONS,
    idea="A longer input takes no more operations, only larger ones",
)
def operations_do_not_grow(student: Student, solution: Reference | None, expect: Expect) -> None:
    drawn = [
        Layer(1, (2, 3), 3, 1, 1, 2, True, (2, 2, 12)),
        Layer(2, (2, 3), 3, 2, 1, 1, True, (2, 2, 9, 10)),
    ]
    each_written(partial(_count, student, expect, layer) for layer in drawn)


def _each(student: Any, judge: Callable[[str, Any, Tensor], None]) -> None:
    """Judge each layer that is written."""

    def one(layer: Layer) -> None:
        made, x = layer.made(student, layer.values(SINGLE)), layer.input(SINGLE)
        made(x.clone())  # what stops tells its own checks
        judge(layer.name, made, x)

    each_written(partial(one, layer) for axes in (1, 2) for layer in (*layers(axes, 6)[:2], *layers(axes, 6, True)[:2]))


@check("layers.input_kept", points=0.1, hints=hints.INPUT_KEPT, idea="Layers leave their input as it is")
def inputs_stay(student: Student, solution: Reference | None, expect: Expect) -> None:
    _each(student, lambda name, made, x: require_untouched(student, expect, name, made, x))


@check(
    "layers.by_hand",
    points=0.15,
    hints=hints.BY_HAND,
    idea="The layers are written by yourself, without functions that convolve",
)
def layers_are_written_by_hand(student: Student, solution: Reference | None, expect: Expect) -> None:
    def judge(name: str, made: Any, x: Tensor) -> None:
        require_silent(student, expect, name, made, x)

    _each(student, judge)
    require_by_hand(student, expect, "layers", ("linear_as_conv1d", "dense_as_conv2d"))


def require_silent(student: Any, expect: Expect, name: str, made: Any, x: Tensor) -> None:
    """Require that a layer runs nothing that convolves."""
    heard = student.listening.convolving(made, x)
    expect.that(
        not heard, expected=f"{name} by hand, without a function that convolves", got=", ".join(heard), hint=BY_HAND
    )


def compare_linear(student: Any, expect: Expect, most: int) -> None:
    """Dense layers with and without bias, as layers of one tap."""
    random = draw("dense")

    def judge(convert: Any) -> None:
        for seed, (ins, outs, bias) in enumerate(sizes):
            weight, x = awkward(outs, ins, seed=seed, dtype=SINGLE), awkward(2, ins, 5, seed=50 + seed, dtype=SINGLE)
            offset = awkward(outs, seed=90 + seed, dtype=SINGLE) if bias else None
            with expect.case(f"linear_as_conv1d of Linear({ins}, {outs}, bias={bias})", hint=DENSE):
                linear = student.listening.linear(weight, offset)
                layer = convert(linear)
                due = F.linear(x.movedim(1, 2).double(), weight.double(), None if offset is None else offset.double())
                require(expect, layer(x.clone()), due.movedim(2, 1), SINGLE)
                expect.shape(layer.weight, (outs, ins, 1))
                _linear_unchanged(expect, linear, weight, x.movedim(1, 2), due)
                _both_learn(student, expect, offset is not None, layer, x, linear, x.movedim(1, 2))

    drawn = [tuple(random.sample(range(2, most), 2)) for _ in range(2)]
    sizes = [(*drawn[0], True), (*drawn[1], False), (1, random.randint(2, 5), True)]
    judge_alone(student, "layers", "linear_as_conv1d", judge)


def _linear_unchanged(expect: Expect, linear: Any, weight: Tensor, x: Tensor, due: Tensor) -> None:
    """Require that a Linear has its weight, and does what it did before."""
    with expect.case("the Linear afterwards"):
        expect.close(linear.weight, weight, atol=0.0, what="its weight as before")
        require(expect, linear(x), due, SINGLE)


def _both_learn(student: Any, expect: Expect, bias: bool, layer: Any, x: Tensor, linear: Any, flat: Tensor) -> None:
    """Require that the new layer's parameters can be learnt, and the Linear's still can."""
    for what, one, given in (("the new layer", layer, x), ("the Linear afterwards", linear, flat)):
        with expect.case(f"gradients of {what}", hint=LEARNT):
            found = student.probe.parameter_gradients(one, given)
            reached = sorted(name for name, gradient in found.items() if bool(expect.tensor(gradient).isfinite().all()))
            expect.equal(reached, ["bias", "weight"] if bias else ["weight"])


@check("layers.linear", points=0.25, hints=hints.DENSE, idea="A dense layer at each time is a convolution of one tap")
def dense_is_one_tap(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare_linear(student, expect, 7)


def compare_dense(student: Any, expect: Expect, most: int) -> None:
    """Dense layers on flattened images, as kernels that slide."""
    random = draw("images")

    def judge(convert: Any) -> None:
        for seed, (channels, size, outs, bias) in enumerate(sizes):
            weight = awkward(outs, channels * size * size, seed=seed, dtype=SINGLE)
            offset = awkward(outs, seed=90 + seed, dtype=SINGLE) if bias else None
            kernel = weight.double().view(outs, channels, size, size)
            for more in ((0, 0), (2, 3)):
                x = awkward(2, channels, size + more[0], size + more[1], seed=50 + seed, dtype=SINGLE)
                words = f"Linear({channels * size * size}, {outs}, bias={bias}), {channels}, {size}"
                with expect.case(f"dense_as_conv2d({words}) of {tuple(x.shape)}", hint=DENSE):
                    linear = student.listening.linear(weight, offset)
                    due = F.conv2d(x.double(), kernel, None if offset is None else offset.double())
                    layer = convert(linear, channels, size)
                    require(expect, layer(x.clone()), due, SINGLE)
                    expect.shape(layer.weight, kernel.shape)
                    flat = awkward(2, weight.shape[1], dtype=SINGLE)
                    _linear_unchanged(expect, linear, weight, flat, linear_of(flat, weight, offset))
                    _both_learn(student, expect, offset is not None, layer, x, linear, flat)

    sizes = [
        (random.randint(2, 3), random.randint(2, most), random.randint(4, 6), True),
        (1, random.randint(2, most), random.randint(2, 6), False),
    ]
    judge_alone(student, "layers", "dense_as_conv2d", judge)


def linear_of(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """What a dense layer gives, in float64."""
    return F.linear(x.double(), weight.double(), None if bias is None else bias.double())


@check(
    "layers.dense",
    points=0.25,
    extra=True,
    hints=hints.DENSE,
    idea="A dense layer on an image is a convolution that can slide",
)
def dense_layer_slides(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare_dense(student, expect, 4)
