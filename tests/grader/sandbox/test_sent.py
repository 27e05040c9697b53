"""What a check can send, and what it can ask of a thing: the same at home and in the sandbox."""

from __future__ import annotations

import math
import random
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from exercises.checking import CannotTravelError, Expect, LocalStudent, Status, StudentError, by_name
from exercises.checking.check import Check
from exercises.checking.run import run_check
from exercises.checking.thing import Thing

from .answers import ANSWERS

SENT: dict[str, tuple[Any, str]] = {  # what a check sends, and what the student's code says that it is
    "nothing": (None, "builtins.NoneType None"),
    "complex": (complex(0.0, math.inf), "builtins.complex infj"),
    "large": (2**2047, f"builtins.int {2**2047}"),
    "numpy_scalar": (np.int64(3), "builtins.int 3"),
    "named_tuple": (torch.ones(1).max(dim=0), "builtins.tuple (tensor(1.), tensor(0))"),
    "size": (torch.Size([2]), "builtins.tuple (2,)"),
    "dict": ({2: "a", "b": [1.5]}, "builtins.dict {2: 'a', 'b': [1.5]}"),
    "bfloat16": (torch.ones(1, dtype=torch.bfloat16), "torch.Tensor tensor([1.], dtype=torch.bfloat16)"),
    "conj": (torch.tensor([1j]).conj(), "torch.Tensor tensor([0.-1.j])"),
    "parameter": (torch.nn.Parameter(torch.ones(1)), "torch.Tensor tensor([1.])"),
    "array": (np.arange(4)[::-2], "numpy.ndarray array([3, 1])"),
    "array_without_axes": (np.array(True), "numpy.ndarray array(True)"),
    "dtype": (torch.float16, "torch.dtype torch.float16"),
    "slice": (slice(1, None, -1), "builtins.slice slice(1, None, -1)"),
    "ellipsis": (..., "builtins.ellipsis Ellipsis"),
    "function": (by_name("math.sqrt"), "builtins.builtin_function_or_method <built-in function sqrt>"),
    "inside": ((by_name("abs"), [slice(2)]), "builtins.tuple (<built-in function abs>, [slice(None, 2, None)])"),
}


@pytest.mark.parametrize("case", SENT)
def test_what_a_check_sends_arrives_alike(student: Any, case: str) -> None:
    value, words = SENT[case]
    assert student.answer.words(value) == words


NO_TRAVELLERS: dict[str, Any] = {
    "lambda": lambda x: x,
    "function": torch.relu,
    "builtin": len,
    "class": torch.nn.Linear,
    "module": torch.nn.Linear(1, 1),
    "python_module": math,
    "object": object(),
    "file": sys.stdin,
    "bytes": b"ab",
    "set": {1},
    "range": range(3),
    "path": Path("a"),
    "large_int": 2**2048,
    "float_keys": {0.5: 1},
    "in_a_list": [1, (2, {"a": object()})],
    "meta": torch.ones(1, device="meta"),
    "sparse": torch.eye(2).to_sparse(),
    "float8": torch.ones(1).to(torch.float8_e4m3fn),
    "text_array": np.array(["a"]),
    "seeds": np.random.SeedSequence(0),
    "too_large": torch.zeros((64 << 20) + 1, dtype=torch.uint8),
    "too_many": [torch.zeros(1)] * 4097,
    "expanded": torch.zeros(1).expand(1 << 30),
    "too_long": "x" * (5 << 20),
    "too_long_list": [0.5] * 200_000,
    "around_itself": (loop := [1], loop.append(loop))[0],
    "iterator": iter([1]),
    "local_module": LocalStudent("exercises.digits").probe,
}


@pytest.mark.parametrize("case", NO_TRAVELLERS)
@pytest.mark.parametrize("named", [False, True])
def test_what_cannot_travel_is_a_fault_of_the_check(student: Any, case: str, named: bool) -> None:
    value = NO_TRAVELLERS[case]
    with pytest.raises(CannotTravelError, match="a check sends "):
        student.answer.echo(x=value) if named else student.answer.echo(torch.ones(1), value)
    assert student.answer.echo(torch.ones(1))[0][0] == 1  # and nothing is left of it


def test_a_check_that_sends_what_cannot_travel_is_an_error_and_no_mark(student: Any) -> None:
    def run(student: Any, solution: Any, expect: Expect) -> None:
        student.answer.echo(lambda x: x)

    found = run_check(Check("t.one", 1.0, "an idea", (), False, run), student, student, reveal=False, earlier={})
    assert found.status is Status.ERROR and found.got == ""
    assert "name a function, by_name(" in found.note and "CannotTravelError" in found.note


def test_more_than_one_frame_holds_travels_in_several(students: dict[str, Any]) -> None:
    """Steps that nobody waits for join the next request, as long as there is room."""
    student = students["sandbox"]
    net = student.answer.give(list(ANSWERS).index("nn.Linear(1, 1)"))
    half = torch.ones(40 << 20, dtype=torch.uint8)
    for _ in range(2):
        net.load_state_dict({"other": half}, False)
    args, _ = student.answer.echo(half[: 8 << 20])
    assert args[0].shape == (8 << 20,)


def test_a_named_function_is_the_function_itself(student: Any) -> None:
    assert student.answer.same(by_name("torch.relu")) is True
    x = torch.tensor([-1.0, 2.0])
    assert torch.equal(student.answer.apply(by_name("torch.nn.functional.relu"), x), torch.relu(x))
    built = student.answer.apply(by_name("torch.nn.ReLU"))
    assert torch.equal(built(x), torch.relu(x)) and torch.equal(by_name("torch.relu")(x), torch.relu(x))


def test_a_method_of_a_thing_can_be_sent(student: Any) -> None:
    net = student.answer.give(list(ANSWERS).index("nn.Linear(1, 1)"))
    assert student.answer.apply(net.forward, torch.ones(2, 1)).shape == (2, 1)
    assert student.answer.echo([net.eval, net.forward])[0][0][0].type_name == "method"
    assert len(student.answer.apply(net.state_dict)) == 2


def test_a_function_of_a_given_module_may_be_named(student: Any) -> None:
    net = student.answer.give(list(ANSWERS).index("nn.Linear(1, 1)"))
    found = student.answer.apply(by_name("exercises.checking.probe.parameter_shapes"), net)
    assert found == {"weight": (1, 1), "bias": (1,)}


def test_a_generator_arrives_in_its_state_and_stays_as_it_is(student: Any) -> None:
    mine = torch.Generator().manual_seed(3)
    torch.rand(5, generator=mine)
    first = student.answer.draw(mine)
    assert torch.equal(first, student.answer.draw(mine))
    assert torch.equal(first, torch.rand(3, generator=mine))


@pytest.mark.parametrize("bits", [np.random.PCG64, np.random.MT19937, np.random.Philox, np.random.SFC64])
def test_a_numpy_generator_arrives_in_its_state(student: Any, bits: Any) -> None:
    mine = np.random.Generator(bits(3))
    mine.integers(10, size=3, dtype=np.int32)  # keeps half of a number for later
    first = student.answer.draw_numpy(mine)
    assert np.array_equal(first, student.answer.draw_numpy(mine))
    assert np.array_equal(first, mine.random(3))


@pytest.mark.parametrize("made", [random.Random, np.random.RandomState])
def test_an_older_generator_arrives_in_its_state(student: Any, made: Any) -> None:
    mine = made(3)
    normal = "gauss" if made is random.Random else "normal"
    getattr(mine, normal)(0, 1)  # keeps a second number for later
    first = student.answer.draw_normal(mine, normal)
    assert first == student.answer.draw_normal(mine, normal) == [getattr(mine, normal)(0, 1) for _ in range(3)]


def test_what_is_sent_and_answered_are_copies(student: Any) -> None:
    x, y = torch.ones(2), np.ones(2)
    args, _ = student.answer.echo(x, y)
    args[0].fill_(2)
    args[1].fill(2)
    assert x.tolist() == y.tolist() == [1, 1]


def test_what_a_class_has_built_stays_one_of_its_own(student: Any) -> None:
    """Its functions get back what they know how to read; what a function gives is a plain tuple."""
    pair = student.answer.Pair(4, 5)
    assert isinstance(pair, Thing) and student.answer.first_of(pair) == 4
    assert tuple(pair) == (4, 5) and pair.second == 5 and len(pair) == 2
    assert student.answer.pairs() == [(1, 2)]


def test_a_thing_has_length_items_and_iteration(student: Any) -> None:
    loader = student.answer.Loader(3)
    assert len(loader) == 3
    (first, layer), *others = loader
    assert torch.equal(first, torch.zeros(2)) and layer.size == 0 and len(others) == 2
    assert list(student.answer.squares(4)) == [0, 1, 4, 9]
    assert [n for n, _ in zip(student.answer.squares(10**9), range(3), strict=False)] == [0, 1, 4]
    net = student.answer.apply(by_name("torch.nn.Sequential"), layer_of(student), layer_of(student))
    assert len(net) == 2 and [one.type_name for one in net] == ["ReLU", "ReLU"]
    assert net[-1].type_name == "ReLU" and len(net[1:]) == 1
    array = student.answer.give(list(ANSWERS).index("np.zeros(2, [('a', 'f4')])"))
    assert array["a"].tolist() == [0, 0] and array[..., None].shape == (2, 1)
    assert len(student.answer.give(list(ANSWERS).index("list(range(100_000))"))[:5]) == 5
    assert [one.type_name for one in reversed(net)] == ["ReLU", "ReLU"]


def test_torchs_own_containers_have_items(student: Any) -> None:
    several, named = student.answer.layers()
    assert [one.type_name for one in several] == ["ReLU", "Tanh"] and several[-1].type_name == "Tanh"
    assert len(named) == 1 and list(named) == ["first"] and named["first"].type_name == "ReLU"
    assert torch.equal(several[0](torch.tensor([-1.0])), torch.zeros(1))
    loader = student.answer.batches()
    assert len(loader) == 3 and len(loader.dataset) == 5
    last, doubled = list(loader)[-1]
    assert last.tolist() == [4] and doubled.tolist() == [8]
    assert loader.dataset[1:3][1].tolist() == [2, 4]


def test_names_of_a_thing_are_the_students(student: Any) -> None:
    axes = student.answer.Axes()
    assert (axes.origin, axes.number, axes.session) == ("lower", 3, None)


def layer_of(student: Any) -> Any:
    return student.answer.apply(by_name("torch.nn.ReLU"))


@pytest.mark.parametrize(
    ("use", "words"),
    [
        (lambda answer: len(answer.squares(3)), "TypeError: object of type 'generator' has no len()"),
        (lambda answer: len(answer.Odd()), "__len__() should return >= 0"),
        (lambda answer: len(answer.Broken()), "ValueError: no length today"),
        (lambda answer: answer.squares(3)[0], "TypeError: 'generator' object is not subscriptable"),
        (lambda answer: answer.Layer()["a"], "TypeError: 'Layer' object is not subscriptable"),
        (lambda answer: list(answer.Layer()), "TypeError: 'Layer' object is not iterable"),
        (lambda answer: answer.apply(answer.squares, 2)[3], "not subscriptable"),
        (lambda answer: list(answer.breaks()), "KeyError: 'broken'"),
    ],
)
def test_what_a_thing_does_not_have_is_said_in_words(student: Any, use: Any, words: str) -> None:
    with pytest.raises(StudentError) as caught:
        use(student.answer)
    assert words in caught.value.summary


def test_an_iteration_that_never_ends_is_ended(student: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exercises.checking.thing.MAX_ITEMS", 20)
    for endless in (student.answer.Endless(), student.answer.squares(10**9)):
        with pytest.raises(StudentError, match="more than 20 items: does it ever end"):
            list(endless)
    assert list(student.answer.squares(20)) == [n * n for n in range(20)]
