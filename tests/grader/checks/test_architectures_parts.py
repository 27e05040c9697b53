"""The checks of Inception and of residual networks: what they draw, what they accept, and that a mistake costs once."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from exercises.architectures import standins
from exercises.architectures.checks import inception, resnet
from exercises.architectures.checks.judging import Network, require_count
from exercises.architectures.checks.made_of_parts import alone, require_parts
from exercises.architectures.parts import scaled
from exercises.assignment import load_assignment
from exercises.checking import Expect
from exercises.checking.catalogue import public_checks
from exercises.checking.draw import drawing
from grader.authoring.galleries import solution_files, wrong_answers
from grader.checks.answer import Answer
from grader.measuring.validity.jobs import Job, run_jobs
from solutions.architectures import inception as solved
from solutions.architectures import resnet as solved_resnet

WRONG = [one for one in wrong_answers("architectures") if one.module in ("inception", "resnet") and not one.unwritten]
PUBLIC = {check.id for check in public_checks(load_assignment("architectures"))}


@pytest.fixture
def solution() -> Any:
    return Answer("solutions.architectures", "architectures")


def test_no_two_numbers_of_a_drawn_module_are_alike() -> None:
    for seed in range(50):
        with drawing("inception.module", seed):
            _, *numbers = inception.module(12, (7, 10)).network.arguments
            assert len(set(numbers)) == 6


def test_a_drawn_width_tells_a_sum_of_scaled_numbers_from_a_scaled_sum() -> None:
    for seed in range(50):
        with drawing("inception.same", seed):
            width = inception.narrow("network", (45, 70)).network.named["width"]
            sums = [(row[0], row[2], row[4], row[5]) for row in solved.ROWS.values()]
            assert any(sum(scaled(one, width) for one in row) != scaled(sum(row), width) for row in sums)


def test_a_drawn_resnet_is_no_other_one_read_in_another_way() -> None:
    for seed in range(50):
        with drawing("resnet.same", seed):
            for case in resnet.networks():
                layers, width = case.network.arguments[1], case.network.named["width"]
                assert layers != layers[::-1] and max(layers) == 3
                assert scaled(256, width) != 4 * scaled(64, width)


@pytest.mark.parametrize("name", ["BasicBlock", "Bottleneck"])
def test_drawn_blocks_have_a_shortcut_in_every_way(name: str) -> None:
    for seed in range(50):
        with drawing("resnet.basic", seed):
            found = [bool(resnet.shortcut_counts(network)) for network in resnet.blocks(name, (5, 8))]
            assert found == [False, True, True, True, False, False]


def test_readings_of_googlenet_are_sixteen_different_networks(solution: Any) -> None:
    with drawing("inception.same"):
        (case,) = inception.networks()
        outputs = [case.of(solution, reading).outputs for reading in ("", *case.accepted)]
    assert len(outputs) == 16
    for place, one in enumerate(outputs):
        assert all(float((one - other).abs().max() / one.std()) > 1e-3 for other in outputs[:place])


@pytest.mark.parametrize("made_of_stand_ins", [False, True])
def test_the_solution_has_the_sizes_that_checks_expect(solution: Any, made_of_stand_ins: bool) -> None:
    expect = Expect()
    network, due = inception.network(made_of_stand_ins), inception.parts(made_of_stand_ins)
    require_parts(solution, expect, network, due)
    if made_of_stand_ins:
        require_count(solution, expect, network, inception.stand_in_count())
    for name in resnet.NETWORKS:
        network = Network("resnet", name, alone=made_of_stand_ins)
        require_parts(solution, expect, network, resnet.parts(name, made_of_stand_ins))
        if made_of_stand_ins:
            require_count(solution, expect, network, resnet.stand_in_count(name))


def test_stand_ins_are_there_while_a_network_is_built_and_then_no_more() -> None:
    own = solved_resnet.BasicBlock
    network = standins.Alone(solved_resnet.ResNet)(own, (1, 1, 1, 1), num_classes=3, width=0.1)
    assert not any(isinstance(part, own) for part in network.modules())
    assert solved_resnet.BasicBlock is own
    with pytest.raises(TypeError):
        standins.Alone(solved_resnet.ResNet)(own, None)
    assert solved_resnet.BasicBlock is own


def test_stand_ins_tell_all_their_numbers_apart() -> None:
    maps = torch.randn(2, 5, 6, 7)
    numbers = (4, 6, 8, 3, 7, 5)
    torch.manual_seed(0)
    made = standins.STAND_INS["inception"]["Inception"](5, *numbers)
    assert made(maps).shape == (2, 4 + 8 + 7 + 5, 6, 7)
    assert sum(one.numel() for one in made.parameters()) == 6 * sum(numbers)
    block = standins.STAND_INS["resnet"]["Bottleneck"]
    plain, other = block(5, 3, 2, True), block(5, 3, 2)
    other.load_state_dict(plain.state_dict())
    assert plain(maps).shape == (2, 12, 3, 4) and not torch.equal(plain(maps), other(maps))


def test_keys_of_ones_own_are_no_mistake_of_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    capitals = {name.upper(): row for name, row in solved.ROWS.items()}
    seen: list[list[str]] = []
    monkeypatch.setattr(solved, "ROWS", capitals)
    monkeypatch.setattr(solved, "GoogLeNet", lambda: seen.append(list(solved.ROWS)))
    solved.GoogLeNet.__module__ = solved.__name__
    standins.Alone(solved.GoogLeNet)()
    assert seen == [list(capitals)] and solved.ROWS is capitals


def test_networks_made_of_stand_ins_are_told_apart_at_home() -> None:
    with drawing("resnet.same"):
        names = [str(case) for case in (*resnet.networks(), *alone(resnet.networks()))]
    assert len(set(names)) == 6


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.name)
def test_a_public_check_prepares_for_every_hidden_one(wrong: Any) -> None:
    assert set(wrong.caught_by) & PUBLIC
    assert {check.partition(".")[0] for check in wrong.caught_by} == {wrong.module}


def test_two_mistakes_cost_no_more_than_each_alone() -> None:
    """A module without its last ReLU and a wrong row: GoogLeNet is as it should be."""
    files = solution_files("architectures")
    text = files["inception"].replace(
        "nn.Conv2d(in_channels, pool_proj, 1), nn.ReLU()", "nn.Conv2d(in_channels, pool_proj, 1)"
    )
    files["inception"] = text.replace("(112, 144, 288, 32, 64, 64)", "(112, 144, 288, 24, 64, 64)")
    found = {}
    for outcome in run_jobs([Job("both", "architectures", files, ("inception.*",))]):
        found = {verdict.check: verdict.status for verdict in outcome.verdicts}
    assert {check for check, status in found.items() if status != "passed"} == {
        "inception.module",
        "inception.module_values",
        "inception.rows",
        "inception.rows_values",
    }
