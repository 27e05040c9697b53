"""Hidden checks of task 1: values against the reference, in every type, on inputs from the private seed."""

from __future__ import annotations

from typing import Any

import torch

from exercises.checking import Expect, check
from grader.checks.private import numbers, private

TYPES = {  # of the input and of the result, with what the result may differ by: sums of at most 20 values near 1
    torch.float32: (torch.complex64, 1e-4),
    torch.complex64: (torch.complex64, 1e-4),
    torch.float64: (torch.complex128, 1e-9),
    torch.complex128: (torch.complex128, 1e-9),
}


@check("spectra.values", points=1.5, idea="A spectrum is right in its real and its imaginary part, in every type")
def every_type(student: Any, solution: Any, expect: Expect) -> None:
    sizes = numbers(solution)
    for dtype, (due, atol) in TYPES.items():
        shape = (2, sizes.randint(1, 3), sizes.randint(8, 20))
        x = private(solution, *shape)
        if dtype.is_complex:
            x = torch.complex(x, private(solution, *shape, seed=1))
        got = student.spectra.spectrum(x.to(dtype))
        case = f"spectrum of {dtype} of shape {shape}".replace("torch.", "")
        expect.close(got, solution.spectra.spectrum(x.to(dtype)), atol=atol, case=case, hint="Along which axis?")
        expect.that(got.dtype == due, expected=f"{due}", got=f"{case}: {got.dtype}", hint="See the docstring: types.")


@check("spectra.respond", points=0.5, idea="A filter multiplies the spectrum")
def any_response(student: Any, solution: Any, expect: Expect) -> None:
    time = numbers(solution).randint(8, 20)
    x = private(solution, 3, time)
    response = torch.complex(private(solution, time, seed=1), private(solution, time, seed=2))
    due = solution.spectra.respond(x, response)
    expect.close(student.spectra.respond(x, response), due, atol=1e-9, hint="Is the response that of a complex filter?")


@check("spectra.hidden_peak", points=0.5, idea="The peak is found in any signal")
def any_peak(student: Any, solution: Any, expect: Expect) -> None:
    x = private(solution, numbers(solution).randint(12, 20), dtype=torch.float32)
    expect.close(student.spectra.peak(x), solution.spectra.peak(x), atol=1e-4, hint="From 0 to time // 2.")
