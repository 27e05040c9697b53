"""Hidden checks of task 1: other models, other sizes."""

from __future__ import annotations

from exercises.checking import Expect, Reference, Student, check
from exercises.transfer.checks import hints
from exercises.transfer.checks.probes import compare_probes, probed
from exercises.transfer.checks.problems import drawn, require_minimum
from exercises.transfer.checks.readers import cases, compare


@check(
    "probing.logits_values",
    points=0.35,
    hints=hints.LOGITS,
    idea="The logits of models that nobody knows",
    topic="logits",
)
def logits(student: Student, solution: Reference, expect: Expect) -> None:
    compare(student, expect, "logits_of", cases(12))


@check(
    "probing.features_values",
    points=0.45,
    hints=hints.FEATURES,
    idea="The features of models that nobody knows",
    topic="features",
)
def features(student: Student, solution: Reference, expect: Expect) -> None:
    compare(student, expect, "features_of", cases(12))


@check(
    "probing.fit_values",
    points=0.6,
    hints=hints.FIT,
    idea="Linear classifiers of features that nobody knows",
    topic="fits",
)
def fits(student: Student, solution: Reference, expect: Expect) -> None:
    for problem in drawn(50):
        require_minimum(student.probing.fit_linear, expect, problem)


@check(
    "probing.probe_values",
    points=0.5,
    hints=hints.PROBE,
    idea="What probes of models that nobody knows give",
    topic="the probe",
)
def probes(student: Student, solution: Reference, expect: Expect) -> None:
    compare_probes(student, expect, probed(12))
