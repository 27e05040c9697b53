"""What judging a training costs beyond its tensors: measured for the answers that train something of their own."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console
from typer.testing import CliRunner

from exercises.assignment import Training, load_assignment
from grader.checks import trained
from grader.checks.private.data import HiddenData
from grader.cli import app
from grader.measuring.training_costs import Spent, TrainingCost, measure_trainings, training_table

SPENT = Spent(tensors=2.0, recording=0.1, comparing=0.2, as_data=-0.1, sandbox=0.3)


def test_beyond_is_all_that_is_no_tensor_of_the_training() -> None:
    assert SPENT.beyond == pytest.approx(0.5)
    cost = TrainingCost("accuracy", "lazy", SPENT, 0.5)
    assert cost.share == pytest.approx(0.25)
    assert json.loads(json.dumps(cost.to_json()))["spent"]["sandbox"] == 0.3


def test_table_shows_the_parts_and_who_is_trained_from_outside() -> None:
    outside = TrainingCost("accuracy", "reader", Spent(0, 0, 0, 0, 0), 0, "it reads values")
    page = io.StringIO()
    Console(width=120, file=page).print(
        training_table("digits", (TrainingCost("accuracy", "lazy", SPENT, 0.5), outside), 3)
    )
    text = page.getvalue()
    assert all(figure in text for figure in ("2000", "500", "25%", "100", "200", "-100", "300"))
    assert "from outside" in text and "0%" not in text.split("reader")[1].splitlines()[0]


@pytest.mark.parametrize(
    ("arguments", "words"), [((0, ()), "repetition"), ((1, ("nobody",)), "no right answer nobody; there are .*lazy")]
)
def test_what_cannot_be_measured_is_said(arguments: tuple[int, tuple[str, ...]], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        measure_trainings("digits", *arguments)


def test_command_measures_one_answer_here_and_in_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """A training of a few steps: all of it is there, and nobody listens any more."""
    monkeypatch.setattr(HiddenData, "rules", _few)
    arguments = ["costs", "digits", "--sandbox", "--answer", "recursive", "--repetitions", "1", "--json"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    (found,) = json.loads(result.stdout)
    assert (found["task"], found["answer"], found["outside"]) == ("accuracy", "recursive", "")
    spent = found["spent"]
    assert min(spent["tensors"], spent["recording"], spent["comparing"], spent["sandbox"]) > 0
    assert found["beyond"] == pytest.approx(sum(spent.values()) - spent["tensors"])
    assert not trained.LISTENING


def _few(hidden: HiddenData, task: str) -> Training:
    rules = load_assignment(hidden.assignment).training[task]
    return replace(rules, examples_seen=320, train_examples=160, test_examples=60)
