"""What a process says of a network is read as a claim, and has a cap that assignment.toml may move."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch

import exercises.checking.probe
import exercises.learning
import exercises.recording
from exercises import assignment
from exercises.checking import Expect, StudentError
from exercises.checking.expect import MismatchError
from exercises.checking.student import LocalStudent
from exercises.learning import Recipe
from exercises.limits import USUAL
from exercises.recording import Recording, Replayed
from exercises.recording.claim import NotRecorded, blame, read_parts
from exercises.recording.lesson import Built, Lesson
from grader.checks.trained import learn


class Net(torch.nn.Module):
    def __init__(self, brought: int = 0) -> None:
        super().__init__()
        self.layer = torch.nn.Linear(4, 3)
        self.brought = torch.tensor([float(number) for number in range(brought)])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer(x) + 0 * self.brought.sum()


def parts_of(brought: int = 0) -> dict[str, Any]:
    recording = Recording(Net, (brought,))
    recording.add_pass([torch.ones(2, 4)], training=True)
    return recording.parts()


def record(*nodes: Any, named: Any = None) -> str:
    return json.dumps({"inputs": 0, "nodes": nodes, "outputs": {"u": []}, "named": named or {}})


def test_record_of_a_network_passes() -> None:
    net = Replayed(read_parts(parts_of(), USUAL.record_kb))
    assert net.train()(torch.ones(2, 4)).shape == (2, 3)


def test_numbers_that_are_brought_along_count_with_the_rest() -> None:
    assert read_parts(parts_of(3000), 16)
    with pytest.raises(NotRecorded, match=r"has 17 KB, 15 of them numbers that it brings along; at most 16 are taken"):
        read_parts(parts_of(4000), 16)
    assert read_parts(parts_of(4000), USUAL.record_kb)


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        ({"build": record(["os.system", ["echo"], {}, 0, 1])}, "no operation of the list: 'os.system'"),
        ({"build": record(["torch.zeros", [[2]], {"out": {"t": 0}}, 0, 1])}, "writes elsewhere"),
        ({"build": record(["torch.rand", [[2]], {"generator": None}, 0, 1])}, "draws from elsewhere"),
        ({"build": record(["Tensor.add", [{"t": 5}, 1], {}, 6, 1])}, "uses tensor 5 before it is there"),
        ({"build": record(["literal", [3], {}, 0, 1])}, "a literal that did not come with the record"),
        ({"build": record(["literal", [-1], {}, 0, 1])}, "a literal that did not come with the record"),
        ({"build": record(named={"weight": 4})}, "gives a tensor that is not there"),
        ({"build": record(["torch.zeros", [[1 << 70]], {}, 0, 1])}, "more than 64 bits"),
        ({"build": record(["torch.zeros", [[2]], {}, 1 << 40, 1])}, "no number of a tensor"),
        ({"build": record(["torch.zeros", [{"o": {"a": {"nothing": 1}}}], {}, 0, 1])}, "no value"),
        ({"build": "[" * 20_000}, "not a record"),
        ({"values": {"layer.weight": torch.ones(3, 4)}}, "does not say how the network is built"),
        ({"build": ""}, "does not say how the network is built"),
        ({"build": "{}"}, "not a record"),
        ({"build": 7}, "no texts"),
        ({"passes": [[1, [[2, 4]]]]}, "not enough values"),
        ({"literals": [1.0]}, "no tensors"),
        ({"parameters": [[7, 1]]}, "no texts"),
        ({"buffers": None}, "not iterable"),
    ],
)
def test_claim_that_is_no_record_is_refused(claim: dict[str, Any], told: str) -> None:
    with pytest.raises(StudentError, match="is no record: ") as error:
        read_parts({**parts_of(), **claim}, USUAL.record_kb, built=True)
    assert told in str(error.value)


@pytest.mark.parametrize("claim", [None, 7, "text", [], {}])
def test_claim_of_another_form_is_refused(claim: Any) -> None:
    with pytest.raises(StudentError, match="is no record"):
        read_parts(claim, USUAL.record_kb)


def test_assignment_says_how_large_a_record_may_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert LocalStudent("exercises.digits").clean.record_kb == USUAL.record_kb
    text = (assignment.EXERCISES / "digits" / "assignment.toml").read_text(encoding="utf-8")
    (tmp_path / "digits").mkdir()
    (tmp_path / "digits" / "assignment.toml").write_text(f"{text}\n[limits]\nrecord_kb = 300\n", encoding="utf-8")
    monkeypatch.setattr(assignment, "EXERCISES", tmp_path)
    assert LocalStudent("exercises.digits").clean.record_kb == 300


class Memory(Net):
    """Keeps all that it has seen."""

    def __init__(self, kept: int) -> None:
        super().__init__()
        self.register_buffer("kept", torch.zeros(kept, 4))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.training:
            self.kept = torch.cat([x, self.kept[: -len(x)]])
        return self.layer(x) + 0 * self.kept.sum()


class Local:
    """A student in this process whose network is this one."""

    record_kb = USUAL.record_kb
    seed = staticmethod(torch.manual_seed)
    recording, learning, probe = exercises.recording, exercises.learning, exercises.checking.probe

    def __init__(self, build: Any) -> None:
        self.build, self.clean = build, self

    def fresh_process(self) -> None:
        pass


@pytest.mark.parametrize(("kept", "fits"), [(256, True), (257, False)])
def test_network_as_data_keeps_no_more_than_one_that_is_trained_from_outside(kept: int, fits: bool) -> None:
    inputs = torch.randn(64, 4, generator=torch.Generator().manual_seed(0))
    labels = inputs[:, :3].argmax(1)
    lesson = Lesson(
        "memory", inputs, labels, Recipe(0.1, 8), lambda *_: 160, inputs[:2], inputs[:40], seed=0, chance_like=0.4
    )
    built = Built(lambda who: who.build, args=(kept,))
    expect, reference = Expect(), Local(lambda _: torch.nn.Linear(4, 500))
    if fits:
        (logits,) = learn(Local(Memory), reference, expect, built, lesson, [(inputs, labels)]).logits
        assert logits.shape == (64, 3) and not expect.reasons
    else:
        with pytest.raises(MismatchError) as error:
            learn(Local(Memory), reference, expect, built, lesson, [(inputs, labels)])
        assert error.value.got == "4112 bytes in buffers and fixed parameters"


class Watched:
    """A module that notes all tensors that it is handed, however deep."""

    def __init__(self, module: Any, seen: list[torch.Tensor]) -> None:
        self._module, self._seen = module, seen

    def __getattr__(self, name: str) -> Any:
        given = getattr(self._module, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            self._seen += tensors_in((args, kwargs))
            result = given(*args, **kwargs)
            return Watched(result, self._seen) if name == "Recording" else result

        return given if isinstance(given, torch.nn.Module) or not callable(given) else call


def tensors_in(value: Any) -> list[torch.Tensor]:
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, tuple | list):
        return [tensor for one in value for tensor in tensors_in(one)]
    return [value] if isinstance(value, torch.Tensor) else []


def test_the_students_code_meets_no_example_and_the_clean_room_no_label_of_the_test() -> None:
    random = torch.Generator().manual_seed(0)
    inputs, test, sample = (torch.randn(64, 4, generator=random) for _ in range(3))
    labels, answers = inputs[:, :3].argmax(1), 1000 + test[:, :3].argmax(1)
    lesson = Lesson(
        "watched", inputs, labels, Recipe(0.1, 8), lambda *_: 160, sample[:2], sample[:40], seed=0, chance_like=0.4
    )
    student, clean = Local(Net), Local(Net)
    there: list[torch.Tensor] = []
    here: list[torch.Tensor] = []
    for who, seen in ((student, there), (clean, here)):
        who.recording, who.learning = Watched(exercises.recording, seen), Watched(exercises.learning, seen)
        who.clean = clean
    learn(student, Local(Net), Expect(), Built(lambda who: who.build), lesson, [(test, answers)])
    examples = {tuple(one) for one in (*inputs.tolist(), *test.tolist())}
    assert there and not [
        tuple(row) for one in there if one.dim() == 2 for row in one.tolist() if tuple(row) in examples
    ]
    assert any(one is test for one in here) and any(one is labels for one in here)
    assert not [one for one in here if not one.is_floating_point() and one.numel() and int(one.max()) >= 1000]


def test_words_of_a_place_are_short_and_a_forged_one_is_none() -> None:
    assert blame([["x" * 500, "y" * 500, 3]]) == f"{'x' * 80} ({'y' * 80}, line 3)"
    assert blame([["item", "", 0]]) == "item"
    for forged in (None, 7, "text", [], [[]], [["a", "b", "c"]], [[b"a", "b", 3]], {"a": 1}):
        assert blame(forged) == ""
