from __future__ import annotations

import json
from dataclasses import replace

import pytest

from grader.authoring.cohort import MODEL_OUTPUTS, NO_OUTPUTS, Simulated, cohort
from grader.authoring.galleries import wrong_answers
from grader.measuring.bench.cases import cases


def test_cases_are_distinct_finish_and_have_answered_notebooks() -> None:
    found = cases("digits", 40, 2)
    assert len({one.student for one in found}) == len(found) == 40
    texts = [text for one in found for text in one.modules.values()]
    assert len(set(texts)) == len(texts)
    endless = [answer.description for answer in wrong_answers("digits") if not answer.ends or answer.unwritten]
    assert endless and not [one for one in found if any(text in one.story for text in endless)]
    assert len({one.notebook for one in found}) == 1
    answers = [c["source"] for c in json.loads(found[0].notebook or b"")["cells"] if c["id"].startswith("question-")]
    assert answers and "YOUR ANSWER HERE" not in answers
    assert {one.saved for one in found} == {NO_OUTPUTS}


def test_cases_were_saved_with_the_outputs_that_they_are_given() -> None:
    shown = [{"output_type": "stream", "name": "stdout", "text": "87 %"}]
    found = cases("digits", 6, 2, {"cell-002": shown})
    cells = {cell["id"]: cell.get("outputs") for cell in json.loads(found[-1].notebook or b"")["cells"]}
    assert cells["cell-002"] == shown and {one.saved for one in found} == {MODEL_OUTPUTS}


def test_cases_do_not_hang_on_the_words_of_a_story(monkeypatch: pytest.MonkeyPatch) -> None:
    def retold(assignment: str, size: int, outputs: object = None) -> list[Simulated]:
        return [replace(one, story="somebody") for one in cohort(assignment, size)]

    expected = [replace(one, story="somebody") for one in cases("digits", 20, 2)]
    monkeypatch.setattr("grader.measuring.bench.cases.cohort", retold)
    assert cases("digits", 20, 2) == expected


def test_cases_name_a_first_submission_for_each_job() -> None:
    assert [one.student.split("-")[0] for one in cases("digits", 7, 3)] == ["first"] * 3 + ["then"] * 4


@pytest.mark.parametrize(("count", "jobs"), [(4, 2), (1, 1), (10, 0)])
def test_cases_refuse_too_few_for_the_jobs(count: int, jobs: int) -> None:
    with pytest.raises(ValueError, match="too few"):
        cases("digits", count, jobs)
