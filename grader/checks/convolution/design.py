"""Hidden checks of task 2: other filters, and longer ones."""

from __future__ import annotations

from exercises.checking import Expect, Reference, Student, check
from exercises.convolution.checks import hints
from exercises.convolution.checks.design import (
    compare_bands,
    compare_highpass,
    compare_impulses,
    compare_responses,
    compare_truncated,
)


@check(
    "design.impulse_values",
    points=0.25,
    hints=hints.IMPULSE,
    idea="Impulse responses of filters that nobody knows",
    topic="impulse responses",
)
def impulses(student: Student, solution: Reference, expect: Expect) -> None:
    compare_impulses(student, expect, 300)


@check(
    "design.truncate_values",
    points=0.2,
    hints=hints.TRUNCATE,
    idea="Taps around time 0 of filters that nobody knows",
    topic="truncation",
)
def truncation(student: Student, solution: Reference, expect: Expect) -> None:
    compare_truncated(student, expect, 200)


@check(
    "design.frequency_response_values",
    points=0.3,
    hints=hints.RESPONSE,
    idea="Frequency responses of filters that nobody knows",
    topic="frequency responses",
)
def responses(student: Student, solution: Reference, expect: Expect) -> None:
    compare_responses(student, expect, 300)


@check(
    "design.highpass_values",
    points=0.2,
    hints=hints.BANDS,
    idea="High-pass filters that nobody knows",
    topic="high-pass filters",
)
def highpass(student: Student, solution: Reference, expect: Expect) -> None:
    compare_highpass(student, expect, 100)


@check("design.bandpass_values", points=0.25, hints=hints.BANDS, idea="Bands that nobody knows", topic="bands")
def bands(student: Student, solution: Reference, expect: Expect) -> None:
    compare_bands(student, expect, 200)
