"""Learning in `convolution`: whose front end is trained, what of it is worth points, and what learns alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from exercises.assignment import load_assignment
from exercises.checking import Expect, Status, Verdict
from exercises.checking.run import run_check
from exercises.convolution import training
from exercises.convolution.checks.filterbank import usual_bank
from exercises.convolution.checks.learning import BEGIN, COSTLY, MOVE, WORDS, built_with, judge
from exercises.convolution.training import SmallNetwork, filters_alone
from exercises.learning import multiply_adds
from exercises.recording import Recording, Replayed
from grader.authoring.answers import laid_out
from grader.authoring.galleries import solution_files, wrong_answers
from grader.checks.convolution.filterbank import words_heard
from grader.grading.checked.reference import Reference
from grader.measuring.validity.jobs import checks_in
from solutions.convolution.filterbank import FrontEnd

SOLUTION = solution_files("convolution")
WRONG = {one.name: one for one in wrong_answers("convolution")}
RULES = load_assignment("convolution").training["filterbank"]
CHECKS = {one.id: one for one in checks_in("convolution")}


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    with training.one_thread(), torch.random.fork_rng(devices=[]):
        yield


def judged(right: float, left: float | None, doubt: str = "", steps: int = 90) -> Expect:
    expect = Expect()
    judge(expect, {"words": right}, left, {"words": 0.7}, 0.5, steps, doubt)
    return expect


def test_points_grow_with_what_is_heard_and_filters_that_learn_have_their_own() -> None:
    assert judged(0.7, 0.8).fraction == judged(0.9, 0.999).fraction == 1.0
    assert judged(0.6, 0.8).fraction == pytest.approx(0.7)
    assert judged(0.3, 0.95).fraction == pytest.approx(0.4)
    assert judged(0.8, 1.0).fraction == pytest.approx(0.6)
    assert judged(0.8, float("nan")).fraction == pytest.approx(0.6)
    assert judged(0.2, 1.0).fraction == 0.0


def test_what_is_missing_is_asked_for() -> None:
    expected, got, hint = judged(0.7, 0.8).scored
    assert f"at least 70.0% {WORDS}" in expected and "at most 99.9% of the loss" in expected
    assert (got, hint) == (f"70.0% {WORDS}, 80.0% of the loss left", "")
    assert judged(0.6, 0.8).scored[1:] == (f"60.0% {WORDS}, 80.0% of the loss left, after 90 steps", BEGIN)
    assert judged(0.7, 1.0).scored[2] == MOVE
    assert judged(0.3, 1.0).scored[2] == f"{BEGIN} {MOVE}"
    assert judged(0.1, 0.998, steps=5).scored[2].endswith(COSTLY)


def test_where_nobody_could_be_asked_a_person_looks() -> None:
    expect = Expect()
    expect.propose("it prints")
    judge(expect, {"words": 0.7}, None, {"words": 0.7}, 0.5, 90)
    assert expect.fraction == 1.0 and expect.scored[2] == ""
    assert judged(0.7, None).fraction == pytest.approx(0.6)
    assert judged(0.7, 0.8, "it prints").scored[1].endswith("a person will look at these points: it prints")


def start_of(files: dict[str, str]) -> Tensor:
    with laid_out("convolution", files) as student:
        weight: Tensor = built_with(student, usual_bank()).by_itself(student, 0).trained
        return weight.detach()[:, 0] / training.SLOWER


@pytest.mark.parametrize("name", ["design_unwritten", "cutoff_twice"])
def test_a_mistake_in_the_design_costs_nothing_here(name: str) -> None:
    design = SOLUTION["design"].replace("lowpass(high, num_taps, window)", "lowpass(2 * high, num_taps, window)")
    assert design != SOLUTION["design"]
    if name == "design_unwritten":
        design += "\n\ndef bandpass(*_):\n    raise NotImplementedError\n"
    assert torch.allclose(start_of({**SOLUTION, "design": design}).double(), usual_bank()[:, 0], atol=1e-4)


@pytest.mark.slow
def test_no_mistake_of_an_earlier_task_reaches_the_training() -> None:
    spoilt = []
    for answer in WRONG.values():
        if answer.ends and answer.module not in ("filterbank", ""):
            with laid_out("convolution", answer.files()) as student:
                weight = built_with(student, usual_bank()).build(student)().filters.weight
                if not torch.allclose(weight.detach().double(), usual_bank(), atol=1e-4):
                    spoilt.append(answer.name)
    assert spoilt == []


def test_a_wrong_start_is_trained_as_it_is() -> None:
    found = start_of(WRONG["bands_in_reverse"].files()).double()
    assert torch.allclose(found.flip(0), usual_bank()[:, 0], atol=1e-4)
    unwritten = SOLUTION["design"] + "\n\ndef bandpass(*_):\n    raise NotImplementedError\n"
    both = start_of({**WRONG["bands_in_reverse"].files(), "design": unwritten}).double()
    assert torch.allclose(both, found, atol=1e-4)


def test_filters_in_double_precision_are_trained_as_the_others() -> None:
    found = start_of(WRONG["filters_in_double_precision"].files())
    assert found.dtype is torch.float32
    assert torch.allclose(found.double(), usual_bank()[:, 0], atol=1e-4)


def test_a_network_hears_as_many_words_as_it_can_afford() -> None:
    network = SmallNetwork(FrontEnd())
    assert multiply_adds(network, (training.LONGEST,)) == training.MULTIPLY_ADDS
    budget = training.EXAMPLES_SEEN
    assert training.word_budget(network, budget) == budget == RULES.examples_seen
    assert training.word_budget(SmallNetwork(FrontEnd(stride=10)), budget) < budget / 2


class Front(nn.Module):
    """A small front end."""

    def __init__(self) -> None:
        super().__init__()
        self.filters: Any = nn.Conv1d(1, 3, 33, stride=40, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return torch.as_tensor((self.filters(x[:, None]).square() + 1e-6).log())


class Detached(nn.Conv1d):
    def forward(self, x: Tensor) -> Tensor:
        return F.conv1d(x, self.weight.detach(), stride=self.stride)


class WithoutGradients(nn.Conv1d):
    def forward(self, x: Tensor) -> Tensor:
        with torch.no_grad():
            return super().forward(x)


class InABuffer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("weight", torch.randn(3, 1, 33))

    def forward(self, x: Tensor) -> Tensor:
        return F.conv1d(x, self.get_buffer("weight"), stride=40)


def front_of(kind: str) -> Front:
    front = Front()
    if kind == "buffer":
        front.filters = InABuffer()
    elif kind in ("detached", "no_grad"):
        front.filters = (Detached if kind == "detached" else WithoutGradients)(1, 3, 33, stride=40, bias=False)
    elif kind == "fixed":
        front.filters.requires_grad_(False)
    return front


@pytest.mark.parametrize("kind", ["learns", "buffer", "detached", "no_grad", "fixed"])
def test_a_record_says_of_filters_what_the_network_says(kind: str) -> None:
    words = torch.randn(64, training.LONGEST, generator=torch.Generator().manual_seed(0))
    labels = torch.arange(64) % 10
    recording = Recording(front_of, [kind], {}, 0, [], SmallNetwork)
    recording.add_pass([words[:32]], True)
    recording.add_pass([words[:2]], False)
    torch.manual_seed(0)
    found = []
    for network in (SmallNetwork(front_of(kind)), Replayed(recording.parts(), 0)):
        training.train(network, words, labels, training.RECIPE, budget=160)
        before = {name: value.clone() for name, value in network.state_dict().items()}
        found.append(filters_alone(network, words, labels))
        assert all(torch.equal(network.state_dict()[name], value) for name, value in before.items())
    assert found[0] == pytest.approx(found[1], abs=1e-4)
    assert found[0] < 0.9999 if kind == "learns" else found == [1.0, 1.0]


def graded(files: dict[str, str], seed: int = 5) -> Verdict:
    with laid_out("convolution", files) as student:
        solution = Reference("convolution", seed, student="ada")
        return run_check(CHECKS["filterbank.learning"], student, solution, reveal=False, earlier={})


@pytest.mark.slow
def test_the_solution_has_full_marks_and_a_flawed_front_end_what_is_due() -> None:
    verdict = graded(SOLUTION)
    assert (verdict.status, verdict.points, verdict.proposed) == (Status.PASSED, 0.5, "")
    for name in ("filters_not_learnt", "filters_in_a_buffer", "filters_detached", "filters_slide_without_gradients"):
        verdict = graded(WRONG[name].files())
        assert verdict.points == pytest.approx(0.3) and verdict.hint == MOVE and not verdict.proposed, name
    verdict = graded(WRONG["random_start"].files())
    assert verdict.points == pytest.approx(0.2, abs=0.1) and verdict.hint == BEGIN
    verdict = graded(WRONG["front_without_stride"].files())
    assert verdict.points <= 0.2 and COSTLY in verdict.hint


@pytest.mark.slow
def test_no_word_of_a_training_or_a_test_meets_the_front_end(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Tensor] = []
    spied = FrontEnd.forward

    def forward(self: FrontEnd, x: Tensor) -> Tensor:
        seen.append(x.detach().clone().as_subclass(Tensor))
        return spied(self, x)

    solution = Reference("convolution", 5, student="ada")
    data = solution.hidden.drawn("filterbank", 0)
    with laid_out("convolution", SOLUTION) as student:
        own: Any = student.filterbank.FrontEnd
        monkeypatch.setattr(own._thing, "forward", forward)
        words_heard(student, solution, Expect(), 0, 0)
    assert seen
    known = {row.numpy().tobytes() for part in (data.train, data.unknown) for row in training.inputs(part)}
    for batch in seen:
        assert not {row.contiguous().numpy().tobytes() for row in batch.float()} & known
