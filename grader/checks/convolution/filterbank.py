"""Hidden checks of task 5: other sizes, longer sounds."""

from __future__ import annotations

from exercises.checking import Expect, Reference, Student, check
from exercises.convolution.checks.filterbank import (
    compare_front_gradients,
    compare_fronts,
    compare_kernels,
    compare_spectrograms,
    compare_starts,
    fronts,
    require_no_transforms,
)

USUAL = (24, 257, 40, 8000)  # a FrontEnd without arguments


@check("filterbank.kernels_values", points=0.3, idea="Kernels of sizes that nobody knows")
def kernels(student: Student, solution: Reference, expect: Expect) -> None:
    compare_kernels(student, expect, 100)


@check("filterbank.spectrogram_values", points=0.4, idea="Spectrograms of sounds that nobody knows")
def spectrograms(student: Student, solution: Reference, expect: Expect) -> None:
    compare_spectrograms(student, expect, 60)
    require_no_transforms(student, expect)


@check("filterbank.start_values", points=0.35, idea="Filter banks of sizes that nobody knows")
def starts(student: Student, solution: Reference, expect: Expect) -> None:
    compare_starts(student, expect, [*fronts(20), USUAL])


@check("filterbank.front_values", points=0.3, idea="What filter banks give for sounds that nobody knows")
def outputs(student: Student, solution: Reference, expect: Expect) -> None:
    compare_fronts(student, expect, fronts(20))
    compare_front_gradients(student, expect, fronts(20))
