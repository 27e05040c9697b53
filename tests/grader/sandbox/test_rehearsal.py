"""The small training before the warm process is forked."""

from __future__ import annotations

import os
import random
from typing import Any

import numpy
import torch

from grader.sandbox.inside import rehearsal


def _drawn() -> list[Any]:
    return [random.random(), numpy.random.random(), torch.rand(()).item()]


def test_random_numbers_go_on_as_without_it() -> None:
    states = random.getstate(), numpy.random.get_state(), torch.get_rng_state()
    without = _drawn()
    random.setstate(states[0])
    numpy.random.set_state(states[1])
    torch.set_rng_state(states[2])
    rehearsal.rehearse()
    assert _drawn() == without


def test_it_leaves_settings_as_they_are_and_starts_no_thread() -> None:
    before = torch.is_grad_enabled(), torch.get_default_dtype(), len(os.listdir("/proc/self/task"))
    rehearsal.rehearse()
    assert (torch.is_grad_enabled(), torch.get_default_dtype(), len(os.listdir("/proc/self/task"))) == before
