"""The checks of transfer's task 3: what they draw, which answers they accept, and that a mistake costs once."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from exercises.checking import Expect, MismatchError, StudentError
from exercises.checking.banned import banned
from exercises.checking.draw import drawing
from exercises.transfer import standins, witness
from exercises.transfer.checks import deconvolution, occlusion, own_pooling, patches, switches

SOLUTION: Any = importlib.import_module("solutions.transfer.looking")
X = torch.randn(2, 3, 7, 9, generator=torch.Generator().manual_seed(1))


def student(**functions: Callable[..., Any]) -> Any:
    """The model solution with other functions."""
    return SimpleNamespace(
        looking=SimpleNamespace(**{**vars(SOLUTION), **functions}), witness=witness, standins=standins
    )


def unwritten(*_: Any) -> Any:
    raise StudentError("not written yet")


def test_what_is_drawn_leaves_no_room_for_luck() -> None:
    for seed in range(40):
        with drawing("looking.drawn", seed):
            for case in switches.poolings(9):
                height, width = case.size
                assert height != width
                assert bool((case.others != 0).all())
            assert {case.size[0] % case.kernel for case in switches.poolings(9)[:2]} != {0}
            assert all(len({*one.activations.shape[1:]}) > 1 for one in patches.maps(9))
            deep = patches.stacks(3)[-1]
            assert patches.box_of(deep.places[0], deep.layers) != patches.box_of(deep.places[0], deep.layers[::-1])
            for covering in occlusion.coverings(9):
                assert covering.due.dim() == 2
                assert covering.best is (int(covering.model(covering.pixels[None]).argmax()) == covering.label)
            for convolution in deconvolution.convolutions():
                made = witness.layer("Conv2d", convolution.named)
                assert made(torch.zeros(1, convolution.named["in_channels"], *convolution.size)).shape[2:] == (
                    convolution.rows,
                    convolution.columns,
                )
            for picture in (*deconvolution.pictures(), *deconvolution.one_filter()):
                assert bool(picture.due.any())
                assert picture.index[1] != picture.index[2]


@pytest.mark.parametrize(
    "form",
    [
        lambda rows: rows,
        lambda rows: rows.tolist(),
        lambda rows: [tuple(row) for row in rows.tolist()],
        lambda rows: list(rows),
        lambda rows: [list(row) for row in rows],
    ],
)
def test_rows_may_be_a_tensor_or_a_list(form: Callable[[Tensor], Any]) -> None:
    patches.compare_patches(
        student(best_patches=lambda *arguments: form(SOLUTION.best_patches(*arguments))), Expect(), patches.maps(9)
    )


def test_of_equal_activations_any_is_right() -> None:
    case = patches.Maps(torch.ones(3, 2, 2, 3), 1, 2)
    for rows in ([[0, 0, 0], [1, 1, 2]], [[2, 1, 0], [0, 0, 2]]):
        patches.require_best(Expect(), torch.tensor(rows), case)
    with pytest.raises(MismatchError, match="each image at most once"):
        patches.require_best(Expect(), torch.tensor([[0, 0, 0], [0, 1, 2]]), case)


def test_the_box_of_the_gradient_is_the_solutions() -> None:
    layer = importlib.import_module("exercises.digits.receptive_field").Layer
    for seed in range(20):
        with drawing("looking.box", seed):
            for stack in patches.stacks(4):
                layers = [layer(*numbers) for numbers in stack.layers]
                for place in stack.places:
                    assert SOLUTION.input_box(*place, layers) == patches.box_of(place, stack.layers)


def test_hidden_checks_show_nothing_that_is_due() -> None:
    hidden = Expect(reveal=False)
    with pytest.raises(MismatchError) as found:
        patches.compare_patches(
            student(best_patches=lambda maps, channel, k: torch.zeros(k, 3, dtype=torch.int64)), hidden, patches.maps(9)
        )
    assert "the largest activation of image 0" in str(found.value)
    with pytest.raises(MismatchError, match="another number as top"):
        patches.compare_boxes(student(input_box=lambda *_: (99, 0, 0, 0)), hidden, patches.stacks(2))
    with pytest.raises(MismatchError, match="its value once, in the window of image 0, channel 0, row 0, column 0"):
        switches.compare_unpooled(
            student(unpool=lambda values, _, size: torch.zeros(*values.shape[:2], *size)), hidden, switches.poolings(9)
        )


def in_a_list(x: Tensor, kernel_size: int) -> tuple[Tensor, Any]:
    values, places = SOLUTION.max_pool_with_switches(x, kernel_size)
    return values, [places // x.shape[3], places % x.shape[3]]


def as_a_mask(x: Tensor, kernel_size: int) -> tuple[Tensor, Any]:
    values, places = SOLUTION.max_pool_with_switches(x, kernel_size)
    return values, SOLUTION.unpool(torch.ones_like(values), places, (x.shape[2], x.shape[3])) != 0


@pytest.mark.parametrize("pool", [SOLUTION.max_pool_with_switches, in_a_list, as_a_mask])
def test_switches_of_a_usual_form_need_no_unpool(pool: Any) -> None:
    switches.compare_switches(student(max_pool_with_switches=pool, unpool=unwritten), Expect(), switches.poolings(9))


def shifted(x: Tensor, kernel_size: int) -> tuple[Tensor, Any]:
    values, places = SOLUTION.max_pool_with_switches(x, kernel_size)
    return values, (places + 1) % (x.shape[2] * x.shape[3])


@pytest.mark.parametrize("pool", [unwritten, shifted])
def test_a_mistake_in_the_switches_is_none_of_unpool(pool: Any) -> None:
    one, drawn = student(max_pool_with_switches=pool), switches.poolings(9)
    switches.compare_unpooled(one, Expect(), drawn)
    with pytest.raises((MismatchError, StudentError)):
        switches.compare_switches(one, Expect(), drawn)


def test_two_that_do_not_fit_together_cost_one_of_them() -> None:
    one, drawn = student(max_pool_with_switches=in_a_list), switches.poolings(9)

    def unpool(values: Tensor, places: Any, size: tuple[int, int]) -> Any:
        return SOLUTION.unpool(values, places, size) if isinstance(places, Tensor) else unwritten()

    one.looking.unpool = unpool
    switches.compare_switches(one, Expect(), drawn)
    with pytest.raises(StudentError):
        switches.compare_unpooled(one, Expect(), drawn)


def test_reconstruct_is_judged_without_the_functions_it_uses(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = deconvolution.pictures()
    monkeypatch.setattr(SOLUTION, "unpool", unwritten)
    monkeypatch.setattr(SOLUTION, "project_back", lambda features, convolution, size: features)
    deconvolution.compare_pictures(student(), Expect(), drawn)
    assert SOLUTION.unpool is unwritten


HEARD: dict[str, Callable[[Tensor], Any]] = {
    "function": lambda x: F.max_pool2d(x, 2),
    "layer": lambda x: nn.MaxPool2d(2, return_indices=True)(x),
    "adaptive": lambda x: F.adaptive_max_pool2d(x, (3, 4)),
    "operator": lambda x: torch.ops.aten.max_pool2d_with_indices(x, [2, 2]),
    "before_it_stops": lambda x: F.max_pool2d(x, 2).reshape(5),
}
UNHEARD: dict[str, Callable[[Tensor], Any]] = {
    "unfold": lambda x: x.unfold(2, 2, 2).unfold(3, 2, 2).amax(dim=(4, 5)),
    "columns": lambda x: F.unfold(x, 2, stride=2).topk(1, dim=1),
    "solution": lambda x: SOLUTION.max_pool_with_switches(x, 2),
}


@pytest.mark.parametrize("name", HEARD)
def test_what_pools_is_heard_under_any_name(name: str) -> None:
    assert witness.pooling(HEARD[name], X)


@pytest.mark.parametrize("name", UNHEARD)
def test_nothing_else_is_heard(name: str) -> None:
    assert witness.pooling(UNHEARD[name], X) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("isinstance(layer, nn.MaxPool2d)", False),
        ("x.unfold(2, 2, 2).amax(dim=-1)", False),
        ("F.max_pool2d(x, 2)", True),
        ("nn.MaxUnpool2d(2)(x, places)", True),
        ("nn.AdaptiveMaxPool2d((3, 4))(x)", True),
        ("getattr(F, 'max_' + 'unpool2d')(x, places, 2)", True),
        ("torch.ops.aten.max_pool2d_with_indices(x, 2)", True),
    ],
)
def test_what_pools_is_read(text: str, found: bool) -> None:
    lines = f"import torch\nfrom torch import nn\nimport torch.nn.functional as F\nlayer = x = places = None\n{text}\n"
    assert bool(banned(lines, own_pooling.POOLING)) is found
