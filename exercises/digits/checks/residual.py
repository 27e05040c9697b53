"""What is asked of both residual blocks: shape, skip, order of their parts, reach, no straight line, gradients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from exercises.checking import Expect, draw, load_weights, random_state, weights
from exercises.checking.parts import give_parts

from .observe import inputs, made, propose_attested, reached, shapes, silence
from .slips import TWICE, Weights, about_order, same
from .slopes import NEAR, closest_slope

WAYS = {1: ("along time",), 2: ("along the height", "along the width")}
AXES = {"ResidualBlock1d": 1, "ResidualBlock2d": 2}
PARTS = ("norm1", "conv1", "norm2", "conv2")
NORMS = ("norm1", "norm2")
EPS = 1e-5  # of torch's batch norms
FARTHEST = {1: 54, 2: 16}  # samples to each side that are looked at, by the number of axes: images get large

ORDER = (
    "In which order does f apply norm, ReLU and convolution, or does something come after the sum? Count the norms, "
    "and the ReLUs: each gives 0 below 0."
)
SUM = "Is f(x) added to x, as it is? Compare x, your f(x) and your result at one place."
NOTHING_LEFT = (
    "Nothing of the input is left: is it added in the end, and is x still the input there, or has a line on the way "
    "written something else into it?"
)
BORDER = "Only values near a border differ: which numbers does a convolution find beyond it, in your padding?"
NO_GRADIENT = "none at all"
BOTH_WAYS = "Do the sum and norm1 both take x itself, or is it cut off on one of the two ways (detach, .data, no_grad)?"


def residual_block(student: Any, name: str, channels: int, *arguments: int) -> Any:
    """A residual block of the student's, ready to be looked at."""
    return made(student, "blocks", name, channels, *arguments, shape=(2, channels, *(9,) * AXES[name]))


def kernels(farthest: int = 54) -> list[tuple[int, int]]:
    """Two drawn kernel sizes, odd, with dilations, that reach no farther than this to each side.

    One kernel is larger than 5 or has a dilation of more than 3.
    """
    random = draw("kernels")
    wide = [(size, step) for size in (3, 5, 7, 9) for step in range(1, 8) if size > 5 or step > 3]
    usual = [(3, 2), (3, 3), (5, 1), (5, 2)]
    return [random.choice([(size, step) for size, step in wide if step * (size - 1) <= farthest]), random.choice(usual)]


def hint_of_values(got: Any, due: Tensor, x: Tensor, reach: int) -> str:
    """What to ask of values that differ: of the sum, where f(x) is right; of the padding; else of the order in f.

    Args:
        reach: how far from a border the padding is felt, along each axis.
    """
    if not isinstance(got, Tensor) or got.shape != due.shape or not bool(got.isfinite().all()):
        return ORDER
    came, everywhere = got.detach().double(), slice(None)
    inner = (everywhere, everywhere, *(slice(reach, size - reach) for size in x.shape[2:]))
    inside = came[inner]
    if inside.numel() and torch.allclose(inside, due[inner].double(), rtol=1e-3, atol=1e-3):
        return BORDER
    # With a right f(x), a x + b f(x) is made of the two for some numbers a and b: f(x), x - f(x), x + f(x) / 2.
    both = torch.stack([x.flatten(), (due - x).flatten()], dim=1).double()
    factors = torch.linalg.lstsq(both, came.flatten()[:, None]).solution
    return SUM if torch.allclose((both @ factors).flatten(), came.flatten(), rtol=1e-3, atol=1e-3) else ORDER


def _along(values: Tensor, x: Tensor) -> Tensor:
    """One number for each channel, so that it goes with x."""
    return values.reshape(1, -1, *(1 for _ in x.shape[2:]))


def _norm(channels: int, seed: int) -> dict[str, Tensor]:
    """Drawn numbers of a batch norm; all of them matter."""
    names = ("weight", "bias", "running_mean", "running_var")
    state = {name: inputs(channels, seed=seed + place) for place, name in enumerate(names)}
    return {**state, "running_var": state["running_var"].abs() + 0.5}


def _normed(x: Tensor, state: dict[str, Tensor], training: bool) -> Tensor:
    """A batch norm with these numbers, as torch documents it."""
    mean, variance = state["running_mean"], state["running_var"]
    if training:
        axes = [axis for axis in range(x.dim()) if axis != 1]
        mean, variance = x.mean(dim=axes), x.var(dim=axes, correction=0)
    scale = state["weight"] / (variance + EPS).sqrt()
    return (x - _along(mean, x)) * _along(scale, x) + _along(state["bias"], x)


def _branch(
    x: Tensor,
    norms: Mapping[int, dict[str, Tensor]],
    factors: Mapping[int, Tensor],
    biases: Mapping[int, Tensor],
    training: bool,
) -> tuple[Tensor, list[Tensor]]:
    """f(x) where both convolutions hand each channel on by one step, and what comes out of its two ReLUs."""
    branch, opened = x, []
    for number in (1, 2):
        opened.append(_normed(branch, norms[number], training).relu())
        moved = F.pad(opened[-1], (1, 0))[..., :-1]
        branch = moved * _along(factors[number], x) + _along(biases[number], x)
    return branch, opened


def _half_open(branch: Tensor, opened: Sequence[Tensor]) -> bool:
    """Whether both ReLUs let some values through and shut others, and some through at the border too.

    And whether a third one, on the branch, would do so.
    """
    shares = [float((one > 0).double().mean()) for one in (*opened, branch)]
    return all(0.2 < share < 0.8 for share in shares) and all(bool(one[..., 0].any()) for one in opened)


def require_order(student: Any, expect: Expect, name: str) -> None:
    """With kernels that hand each channel on by itself, one step to the right, f can be followed by hand."""
    axes, channels = AXES[name], draw("channels").randint(2, 4)
    x = inputs(4, channels, *(draw(axis).randint(5, 9) for axis in range(axes)), seed=9) + 1
    for attempt in range(0, 30_000, 1000):
        norms = {number: _norm(channels, seed=attempt + 10 * number) for number in (1, 2)}
        # far from 0: the next norm would magnify the rounding of a channel that hardly changes
        factors = {number: _far_from_0(inputs(channels, seed=attempt + 100 + number)) for number in (1, 2)}
        biases = {number: inputs(channels, seed=attempt + 200 + number) for number in (1, 2)}
        if _half_open(*_branch(x, norms, factors, biases, training=False)):
            break

    def convolution(number: int) -> dict[str, Tensor]:
        weight = torch.zeros(channels, channels, *(3,) * axes, dtype=torch.float32)
        middle = (1,) * (axes - 1)
        for channel in range(channels):
            weight[(channel, channel, *middle, 0)] = factors[number][channel]  # the first tap is one sample to the left
        return {"weight": weight, "bias": biases[number]}

    parts = {f"norm{n}": norms[n] for n in (1, 2)} | {f"conv{n}": convolution(n) for n in (1, 2)}
    with expect.case(f"{name}({channels}), each convolution handing its channels on by one step", hint=ORDER):
        block = residual_block(student, name, channels)
        give_parts(student, block, parts, expect)
        for mode in ("eval", "train"):
            branch, _ = _branch(x, norms, factors, biases, mode == "train")
            got, due = getattr(block, mode)()(x.clone()), x + branch
            # In training a norm divides by what a batch varies, and magnifies its rounding: up to 2e-4 in 4,800 trials.
            close = 1e-3 if mode == "train" else 1e-4
            expect.close(
                got,
                due,
                atol=close,
                rtol=close,
                case=f"{mode} mode",
                hint=partial(_about_values, block, got, due, x, parts, mode),
            )


def _about_values(block: Any, got: Any, due: Tensor, x: Tensor, parts: Weights, mode: str) -> str:
    if isinstance(got, Tensor) and mode == "train" and not same(got, block.train()(x.clone())):
        return "Twice the same batch gave two results in training: what is random in f?"
    usual = hint_of_values(got, due, x, reach=2)
    return about_order(got, x, parts, usual) if mode == "eval" else usual


def _far_from_0(values: Tensor) -> Tensor:
    return values + 0.5 * values.sign()


def require_reach(student: Any, expect: Expect, name: str) -> None:
    """Change one input sample and see which outputs change."""
    axes = AXES[name]
    for kernel_size, dilation in ((3, 1), (3, 3), *kernels(FARTHEST[axes])):
        centre = dilation * (kernel_size - 1) + 2  # two more, to see that the block does not go further
        shape = (2, 4, *(2 * centre + 1,) * axes)
        reach = range(-(kernel_size - 1), kernel_size)  # in steps of the dilation
        goal = [centre + step * dilation for step in reach]
        with expect.case(
            f"{name}(4, {kernel_size}, dilation={dilation})",
            hint="Which of the two convolutions know the kernel size and the dilation?",
        ):
            block = residual_block(student, name, 4, kernel_size, dilation)
            found = reached(block, shape, (centre,) * axes, shape, [goal] * axes, expect)
            for axis, positions in zip(WAYS[axes], found, strict=True):
                offsets = [position - centre for position in positions]
                expect.that(
                    positions == goal,
                    expected=f"{len(reach)} outputs that depend on one sample, up to {reach[-1] * dilation} away",
                    got=f"{len(offsets)} outputs, up to {max((abs(offset) for offset in offsets), default=0)} away "
                    f"{axis}",
                    hint=partial(_about_reach, offsets, kernel_size, dilation, centre),
                )


def _about_reach(offsets: Sequence[int], kernel_size: int, dilation: int, centre: int) -> str:
    """What to ask where one sample reaches other outputs than it should, which lie so far from it."""
    reach = range(-(kernel_size - 1), kernel_size)
    if list(offsets) == [step * (dilation + 1) for step in reach]:
        return "The taps lie one sample farther apart than asked for: dilation counts from tap to tap, so what is 1?"
    if len(offsets) == 2 * centre + 1:
        return "Every output depends on each sample: which part looks at all positions at once, in evaluation mode too?"
    if offsets and -offsets[0] != offsets[-1]:
        return "It reaches farther to one side than to the other: how many zeros stand on each side?"
    due, found = dilation * (kernel_size - 1), offsets[-1] if offsets else 0
    if dilation > 1 and list(offsets) == list(reach):
        return "It reaches as far as without any dilation: do both convolutions get it, along each axis?"
    if found != due:
        return (
            f"Each of two convolutions reaches {due // 2} to either side, both together {due}: which of them reaches "
            f"{'farther' if found > due else 'less far'}, and what are its kernel size and dilation?"
        )
    return ""


def require_nonlinear(student: Any, expect: Expect, name: str) -> None:
    """For a linear (or affine) map, f(a + b) - f(a) - f(b) + f(0) is 0."""
    shape = shapes(AXES[name], 7, 17)[0]
    with expect.case(f"{name}({shape[1]})", hint="What lies between the two convolutions?"):
        block = residual_block(student, name, shape[1]).eval()
        state, largest = weights(block), 0.0
        for seed in range(6):  # with some weights, every ReLU is open or every one is shut
            load_weights(block, random_state(state, seed))
            a, b = inputs(*shape, seed=seed), inputs(*shape, seed=seed + 10)
            outputs = []
            for x in (a + b, a, b, torch.zeros_like(a)):
                expect.shape(output := block(x), a.shape)
                outputs.append(output.detach())
            size = max(1.0, *(float(output.abs().max()) for output in outputs))
            largest = max(largest, float((outputs[0] - outputs[1] - outputs[2] + outputs[3]).abs().max()) / size)
            if largest > 1e-2:  # of the largest output; rounding leaves 1e-6
                break
        expect.that(largest > 1e-2, expected="f(a + b) different from f(a) + f(b)", got="the same up to rounding")


def require_both_ways(student: Any, block: Any, x: Tensor, name: str, expect: Expect) -> None:
    """Require a gradient of the input that tells how the output y changes with it: through x itself and through f.

    Of sum(y * w) with fixed w, for two steps: along w, where the way through x counts most, and along another one.
    With several weights and inputs, since some lie next to a kink of a ReLU; the majority decides.
    """
    network = student.probe.network(block, x)
    w, state = inputs(*x.shape, seed=1), network.weights()
    for mode in ("eval", "train"):
        told: list[bool] = []
        words = ""
        with expect.case(f"gradient of sum(y * w) for the input x of {name}, {mode} mode", hint=BOTH_WAYS):
            for seed in range(3):
                network.load(random_state(state, seed))
                here, steps = x + seed, (w, inputs(*x.shape, seed=seed + 2))
                gradient = getattr(network, mode)().input_gradient(here, w)
                expect.shape(gradient, x.shape)
                slopes = _slopes(network, here, w, gradient, steps)
                told.append(_tells(gradient, steps, slopes))
                if not told[-1] and words in ("", NO_GRADIENT):  # with every ReLU shut there is none through f
                    words = _one_way(gradient, w, steps, slopes)
            expect.that(told.count(True) >= 2, expected="one that goes through x itself and through f", got=words)
    propose_attested(network, expect)


def _slopes(block: Any, x: Tensor, w: Tensor, gradient: Tensor, steps: Sequence[Tensor]) -> list[float]:
    """How sum(block(x) * w) changes along each step, where a gradient should foretell it."""

    def along(step: Tensor) -> float:
        def moved(size: float) -> float:
            return float((block(x + size * step).detach() * w).double().sum())

        return closest_slope(moved, float((gradient * step).sum()), NEAR * float(gradient.norm()), x.dtype)

    return [along(step) for step in steps]


def _tells(gradient: Tensor, steps: Sequence[Tensor], slopes: Sequence[float]) -> bool:
    """Whether a gradient foretells what was seen along these steps, up to rounding and some kinks."""
    near = NEAR * float(gradient.norm())
    foretold = [float((gradient * step).sum()) for step in steps]
    return all(abs(one - slope) <= near for one, slope in zip(foretold, slopes, strict=True))


def _one_way(gradient: Tensor, w: Tensor, steps: Sequence[Tensor], slopes: Sequence[float]) -> str:
    """On which way alone a gradient has come, in words; y = x + f(x) hands w itself on through x."""
    if not bool(gradient.any()):
        return NO_GRADIENT
    if torch.allclose(gradient, w, atol=1e-5):  # nothing is rounded
        return "w itself, as if f(x) did not depend on x"
    if _tells(gradient + w, steps, slopes):
        return "one through f alone, as if the x that is added were a constant"
    return f"one that foretells a change of {float((gradient * steps[0]).sum()):.4g} where it is {slopes[0]:.4g}"


def require_shape_kept(student: Any, expect: Expect, name: str) -> None:
    """Odd kernels and dilations; batches of one, and one channel."""
    several, *ones = shapes(AXES[name], 7, 19)
    drawn = kernels()
    for shape, settings in ((several, [(3, 1), (5, 1), (3, 2), (1, 1), *drawn]), *((one, drawn[:1]) for one in ones)):
        for kernel_size, dilation in settings:
            with expect.case(
                f"{name}({shape[1]}, kernel_size={kernel_size}, dilation={dilation}) of shape {shape}",
                hint="How far does a dilated kernel reach to each side? That many zeros are needed there.",
            ):
                block = getattr(student.blocks, name)(shape[1], kernel_size=kernel_size, dilation=dilation).float()
                expect.shape(block(inputs(*shape)), shape)


def require_odd(student: Any, expect: Expect, name: str) -> None:
    build = getattr(student.blocks, name)
    with expect.case(f"{name}(4, kernel_size=3)"):  # an answer that refuses everything is none
        build(4, 3)
    for kernel_size, dilation in ((2, 1), (4, 1), (2 * draw().randint(3, 20), 1), (2 * draw("even").randint(1, 3), 2)):
        expect.raises(
            partial(build, 4, kernel_size) if dilation == 1 else partial(build, 4, kernel_size, dilation),
            "ValueError",
            case=f"{name}(4, kernel_size={kernel_size}{'' if dilation == 1 else f', dilation={dilation}'})",
            hint="With an even kernel, how many zeros would each side need?"
            if dilation == 1
            else "Which kernel sizes does the docstring refuse: all even ones, or those whose padding comes out odd?",
        )


def require_skip(student: Any, expect: Expect, name: str) -> None:
    """With every weight at 0 the branch gives 0, so only the skip path is left."""
    for shape in shapes(AXES[name], 5, 19):
        with expect.case(
            f"{name}({shape[1]}) with all weights 0, shape {shape}",
            hint="What is added to the output of the branch, and does anything come after the sum?",
        ):
            block = residual_block(student, name, shape[1])
            silence(block)
            x = inputs(*shape)
            got = block.eval()(x.clone())
            hint = NOTHING_LEFT if same(got, torch.zeros_like(x)) else TWICE if same(got, 2 * x) else ""
            expect.close(got, x, atol=1e-6, what="the input itself", hint=hint)  # x + 0 is exact


def require_usual_momentum(student: Any, expect: Expect, block: Any, axes: int, channels: int) -> None:
    """Of the same batch again, a running average takes a tenth of what was left: the second step is 0.9 of the first.

    That holds whatever comes before a norm.  `block` is in training mode.
    """
    x = inputs(4, channels, *(9,) * axes) + 1
    means = []
    for _ in range(3):
        block(x.clone())
        means.append({part: _running_mean(state) for part, state in student.probe.states(block, list(NORMS)).items()})
    for part in NORMS:
        first, second, third = (one[part] for one in means)
        if first is None or second is None or third is None:
            continue  # what keeps no average is judged by its values
        before, after = second - first, third - second
        size = float((before * before).sum())
        if size < 1e-8:
            continue
        share = float((before * after).sum()) / size
        expect.that(
            abs(share - 0.9) < 0.02,
            expected=f"{part}'s running mean to go on by a tenth of what is left to the batch's mean (momentum 0.1)",
            got=f"by {1 - share:.2g} of it",
        )


def _running_mean(state: Mapping[str, Tensor]) -> Tensor | None:
    found = [value for name, value in state.items() if name.rsplit(".", 1)[-1] == "running_mean"]
    return found[0].detach().double() if found else None
