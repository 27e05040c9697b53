from __future__ import annotations

import json

import pytest

from grader.authoring.galleries import wrong_answers
from grader.measuring.bench.cases import cases


def test_cases_are_distinct_finish_and_have_answered_notebooks() -> None:
    found = cases("digits", 40, 2)
    assert len({one.student for one in found}) == len(found) == 40
    texts = [text for one in found for text in one.modules.values()]
    assert len(set(texts)) == len(texts)
    endless = [answer.description for answer in wrong_answers("digits") if not answer.ends]
    assert endless and not [one for one in found if any(text in one.story for text in endless)]
    assert len({one.notebook for one in found}) == 1
    answers = [c["source"] for c in json.loads(found[0].notebook or b"")["cells"] if c["id"].startswith("question-")]
    assert answers and "YOUR ANSWER HERE" not in answers


def test_cases_name_a_first_submission_for_each_job() -> None:
    assert [one.student.split("-")[0] for one in cases("digits", 7, 3)] == ["first"] * 3 + ["then"] * 4


@pytest.mark.parametrize(("count", "jobs"), [(4, 2), (1, 1), (10, 0)])
def test_cases_refuse_too_few_for_the_jobs(count: int, jobs: int) -> None:
    with pytest.raises(ValueError, match="too few"):
        cases("digits", count, jobs)
