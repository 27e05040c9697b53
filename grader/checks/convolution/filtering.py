"""Hidden checks of task 1: longer signals, other numbers, and nothing that convolves."""

from __future__ import annotations

from exercises.checking import Expect, Reference, Student, check
from exercises.convolution.checks import hints
from exercises.convolution.checks.filtering import (
    FULL,
    LAG,
    TURNED,
    compare,
    compare_energy,
    compare_found,
    require_transforms,
    searches,
)
from exercises.convolution.checks.judging import require_own
from exercises.convolution.checks.signals import cases

LONGEST = 190  # samples: loops in Python are right answers


@check(
    "filtering.convolve_values",
    points=0.45,
    hints=hints.CONVOLVE,
    idea="Convolution of signals that nobody knows",
    topic="convolution",
)
def convolution(student: Student, solution: Reference, expect: Expect) -> None:
    drawn = cases(longest=LONGEST)
    compare(student, expect, "convolve", drawn, TURNED)
    require_own(student, expect, "filtering", "convolve", drawn[0].x, drawn[0].taps)


@check(
    "filtering.cross_correlate_values",
    points=0.3,
    hints=hints.CORRELATE,
    idea="Cross-correlation of signals that nobody knows",
    topic="cross-correlation",
)
def cross_correlation(student: Student, solution: Reference, expect: Expect) -> None:
    drawn = cases(longest=LONGEST)
    compare(student, expect, "cross_correlate", drawn, LAG)
    require_own(student, expect, "filtering", "cross_correlate", drawn[0].x, drawn[0].taps)


@check(
    "filtering.fft_convolve_values",
    points=0.3,
    hints=hints.SPECTRA,
    idea="The product of two spectra, and nothing else",
    topic="product of spectra",
)
def product_of_spectra(student: Student, solution: Reference, expect: Expect) -> None:
    drawn = cases(longest=LONGEST)
    compare(student, expect, "fft_convolve", drawn, FULL)
    for case in drawn:
        require_transforms(student, expect, "fft_convolve", case)
    require_own(student, expect, "filtering", "fft_convolve", drawn[0].x, drawn[0].taps)


@check(
    "filtering.fft_cross_correlate_values",
    points=0.25,
    extra=True,
    hints=hints.CORRELATE_BY_SPECTRA,
    idea="Cross-correlation by spectra, of signals that nobody knows",
    topic="cross-correlation by spectra",
)
def product_with_a_conjugate(student: Student, solution: Reference, expect: Expect) -> None:
    drawn = cases(longest=LONGEST)
    compare(student, expect, "fft_cross_correlate", drawn, LAG)
    for case in drawn:
        require_transforms(student, expect, "fft_cross_correlate", case)
    require_own(student, expect, "filtering", "fft_cross_correlate", drawn[0].x, drawn[0].taps)


@check(
    "filtering.find_values",
    points=0.25,
    hints=hints.FIND,
    idea="Templates in signals that nobody knows",
    topic="templates",
)
def finding(student: Student, solution: Reference, expect: Expect) -> None:
    drawn = searches(longest=LONGEST)
    compare_found(student, expect, drawn)
    require_own(student, expect, "filtering", "find", drawn[0].x, drawn[0].taps)


@check(
    "filtering.energy_values",
    points=0.2,
    hints=hints.ENERGY,
    idea="The energy of signals that nobody knows",
    topic="energy",
)
def energy(student: Student, solution: Reference, expect: Expect) -> None:
    drawn = cases(longest=LONGEST, odd=True)
    compare_energy(student, expect, drawn)
    require_own(student, expect, "filtering", "energy", drawn[0].x, drawn[0].taps)
