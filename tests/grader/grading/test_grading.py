"""Grading in the real sandbox, from bytes to verdicts."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from datasets import mnist
from exercises.assignment import load_assignment
from exercises.checking import Status
from grader import repository
from grader.authoring.galleries import solution_files
from grader.checks.private.data import HiddenData
from grader.grading.checked import run
from grader.grading.checked.groups import graded_checks
from grader.grading.checked.notebook import cells_to_run
from grader.grading.checked.plan import CheckedPlan
from grader.grading.checked.reference import Reference
from grader.grading.run import grade, grade_groups
from grader.model.problems import Kind
from grader.model.results import Graded
from grader.model.submission import Submission
from grader.repository import REPOSITORY
from grader.sandbox.errors import SandboxError

REAL_DATA = Path(os.environ.get("COURSE_DATA") or REPOSITORY.parent / "shared" / "data")
PLAN = CheckedPlan("digits", seed=11)
SOLUTION = Submission(
    "a",
    "digits",
    {name: text.encode() for name, text in solution_files("digits").items()},
    repository.notebook("digits").read_bytes(),
)


def points(graded: Graded) -> dict[str, float]:
    return {verdict.check: verdict.points for verdict in graded.verdicts}


@pytest.fixture(scope="module")
def solved() -> Graded:
    return grade(SOLUTION, PLAN)


def test_solution_gets_full_marks_and_nothing_needs_a_person(solved: Graded) -> None:
    assert [v.check for v in solved.verdicts if v.points < v.max_points] == []
    assert solved.problems == ()
    for task in load_assignment("digits").tasks:
        assert solved.task_points(task.name) == pytest.approx(task.points)


def test_notebook_runs_only_on_demand_then_to_its_end_and_shows_pictures(solved: Graded) -> None:
    assert solved.cells == {}
    assert [group.name for group in PLAN.on_demand] == ["notebook"]
    (part,) = grade_groups(SOLUTION, PLAN, ("notebook",))
    outputs = [output for cell in part.cells.values() for output in cell]
    assert part.verdicts == () and not [output for output in outputs if output["output_type"] == "error"]
    assert (
        sum("image/png" in output.get("data", {}) for output in outputs) >= 2
    )  # of the cells that the two written questions are about


def test_notebook_that_is_stopped_keeps_what_it_showed_before(monkeypatch: pytest.MonkeyPatch) -> None:
    def shown(submission: Submission) -> tuple[set[str], str]:
        (part,) = grade_groups(submission, PLAN, ("notebook",))
        (problem,) = part.problems
        assert problem.kind is Kind.CRASHED
        return set(part.cells), problem.text

    aborts = SOLUTION.modules["classifier"] + b"\nimport os\nos.abort()\n"
    kept, said = shown(replace(SOLUTION, modules={**SOLUTION.modules, "classifier": aborts}))
    assert said == "the notebook did not run to its end: the code crashed its process (SIGABRT)"
    everything = [cell for cell, _ in cells_to_run(SOLUTION)]
    assert kept and kept == set(everything[: len(kept)]) and len(kept) < len(everything)

    monkeypatch.setattr(run, "MAX_NOTEBOOK_CHARACTERS", 2000)
    some, said = shown(SOLUTION)
    assert said == "the notebook was stopped: its outputs are too large together" and 0 < len(some) < len(everything)


def test_no_notebook_is_run_where_none_was_handed_in() -> None:
    (part,) = grade_groups(replace(SOLUTION, notebook=None), PLAN, ("notebook",))
    assert part.cells == {} and part.problems == () and part.finished


def test_same_bytes_give_the_same_points_and_words(solved: Graded) -> None:
    again = grade(SOLUTION, PLAN)
    strip = lambda graded: [replace(verdict, seconds=0.0) for verdict in graded.verdicts]  # noqa: E731
    assert strip(again) == strip(solved)


def test_private_data_follow_from_the_student_and_from_nothing_handed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    met: list[HiddenData] = []

    class Noted(Reference):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            met.append(self.hidden)

    monkeypatch.setattr(run, "Reference", Noted)
    text = solution_files("digits")["receptive_field"].replace("return", "return 3 +")
    first, commented = ({"receptive_field": each.encode()} for each in (text, f"{text}\n# a comment\n"))
    said = []
    for student, modules in (("a", first), ("a", commented), ("b", first)):
        (part,) = grade_groups(Submission(student, "digits", modules, None), PLAN, ("receptive_field",))
        assert any(one.status is Status.FAILED for one in part.verdicts)
        said.append([replace(one, seconds=0.0) for one in part.verdicts])
    assert met[0] == met[1] and said[0] == said[1]  # draws, disguise and audit all follow from this
    assert met[2] == replace(met[0], whose=met[2].whose) and met[2] != met[0]
    assert met[0].numbers_seed(shown=True) != met[2].numbers_seed(shown=True)
    assert met[0].drawn("accuracy", 0).test_labels.equal(met[1].drawn("accuracy", 0).test_labels)


def test_hidden_check_words_neither_values_nor_sources() -> None:
    text = solution_files("digits")["receptive_field"].replace("return", "return 3 +")
    wrong = replace(SOLUTION, modules={**SOLUTION.modules, "receptive_field": text.encode()})
    hidden = {c.id for c in graded_checks("digits") if c.run.__module__.startswith("grader.")}
    failed = [v for v in grade(wrong, PLAN).verdicts if v.task == "receptive_field" and v.status is Status.FAILED]
    assert any(v.check in hidden for v in failed)
    for verdict in failed:
        assert str(REPOSITORY) not in verdict.got and "solutions" not in verdict.got and "grader/" not in verdict.got
        if verdict.check in hidden:
            assert not any(character.isdigit() for character in verdict.expected.split("(")[0])


def test_missing_module_costs_what_needs_it(solved: Graded) -> None:
    modules = {name: content for name, content in SOLUTION.modules.items() if name != "blocks"}
    graded = grade(replace(SOLUTION, modules=modules), PLAN)
    lost = {check.split(".")[0] for check, value in points(graded).items() if value < points(solved)[check]}
    assert lost == {"blocks", "classifier", "accuracy"}
    assert graded.task_points("pooling") == solved.task_points("pooling")
    assert "ModuleNotFoundError" in next(v.got for v in graded.verdicts if v.check == "blocks.skip_2d")


def test_checks_do_not_reach_the_sandbox(solved: Graded) -> None:
    shelf = run.shelf("digits")
    files = {**run.files_of(SOLUTION), **run.public_data("digits"), **(shelf.read() if shelf else {})}
    assert any(path.endswith(".toml") for path in files) and any(path.startswith(".cache/") for path in files)
    assert not [path for path in files if path.startswith(("grader", "solutions", "tests"))]
    hidden = [c.id for c in graded_checks("digits") if c.run.__module__.startswith("grader.")]
    everything = b"\n".join(files.values())
    assert not [id for id in hidden if f'"{id}"'.encode() in everything]


def test_fault_of_the_sandbox_books_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise SandboxError("no namespaces here")

    monkeypatch.setattr(run.Container, "__enter__", broken)
    graded = grade(SOLUTION, PLAN)
    assert graded.unfinished and graded.needs_human
    assert {verdict.status for verdict in graded.verdicts} == {Status.ERROR}
    assert all(graded.task_points(task.name) is None for task in load_assignment("digits").tasks)
    assert "no namespaces here" in graded.problems[-1].text


@pytest.mark.skipif(not mnist.find(REAL_DATA), reason="the real MNIST is neither in COURSE_DATA nor in ../shared/data")
def test_solution_passes_its_threshold_on_the_real_mnist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_DATA", str(REAL_DATA))
    graded = grade(SOLUTION, CheckedPlan("digits", seed=11, source="mnist"))
    assert graded.task_points("accuracy") == 2
    assert sum(graded.task_points(task.name) or 0 for task in load_assignment("digits").tasks) == pytest.approx(18)


def test_pooling_of_torch_under_another_name_is_seen_when_it_runs() -> None:
    """The source names no pooling: the function comes from a star import of another module."""
    recipe = (
        SOLUTION.modules["recipe"] + b"\nimport torch.nn.functional as _g\nborrowed = getattr(_g, 'max_' + 'pool2d')\n"
    )
    text = solution_files("digits")["pooling"]
    start = text.index("class MaxPool2d")
    before, after = text[:start], text[start:]
    begin = after.index("### BEGIN SOLUTION", after.index("def forward"))
    end = after.index("### END SOLUTION", begin)
    body = "return borrowed(x, self.kernel_size, self.stride)\n        "
    pooling = "from .recipe import borrowed\n" + before.split("from __future__ import annotations\n", 1)[1]
    source = f"from __future__ import annotations\n{pooling}{after[:begin]}{body}{after[end:]}"
    modules = {**SOLUTION.modules, "recipe": recipe, "pooling": source.encode()}
    verdicts = {v.check: v for v in grade(replace(SOLUTION, modules=modules), PLAN).verdicts}
    assert verdicts["pooling.no_torch_pooling"].status is Status.FAILED
    assert "max_pool2d" in verdicts["pooling.no_torch_pooling"].got
    assert verdicts["pooling.max_2d"].status is Status.FAILED
    assert verdicts["pooling.max_1d"].status is Status.PASSED
