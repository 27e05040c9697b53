"""The rules of task 3: pooling and unpooling are the student's own, and no function changes what it is given.

Reading finds torch's pooling by its names.  What runs is listened to: a name may be put together while a program runs.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Any

import torch.nn.functional as F
from torch import Tensor

from exercises.checking import Expect, awkward
from exercises.checking.banned import Ban, banned_in

from .places import SINGLE, each_written

BY_HAND = "Which of unfold, slices, indices, amax and a loop over the pixels of a window gives you all windows at once?"
KEPT = "Which line writes into an argument (x[…] = …, +=, masked_fill_, scatter_)? The switches are used again, too."

POOLING = Ban(
    # `reconstruct` looks for nn.MaxPool2d among its layers; whether one runs elsewhere is heard.
    re.compile(
        r"(?!MaxPool2d\b)(_?(mkldnn_|quantized_|cudnn_|thnn_)?(adaptive_|fractional_)?(max|avg|lp)_(un)?pool(ing)?(\dd)?\w*"
        r"|(Adaptive|Fractional)?(Max|Avg|LP)(Un)?[Pp]ool\dd)"
    ),
    frozenset({"torch", "torchvision", "torchaudio"}),
)
FUNCTIONS = (
    "best_patches",
    "input_box",
    "occlusion_map",
    "max_pool_with_switches",
    "unpool",
    "project_back",
    "reconstruct",
)
BOTH = ("max_pool_with_switches", "unpool")


def require_silent(student: Any, expect: Expect, name: str) -> None:
    """Require that one of BOTH runs no pooling of torch, as far as it runs."""
    function, arguments = _to_listen_to(student, name)
    heard = student.witness.pooling(function, *arguments)
    expect.that(not heard, expected=f"{name} without torch's pooling", got=f"it runs {', '.join(heard)}", hint=BY_HAND)


def run_both(student: Any) -> None:
    """Run BOTH; what stops, where the other does not, is left to its own checks."""

    def run(name: str) -> None:
        function, arguments = _to_listen_to(student, name)
        function(*arguments)

    each_written(partial(run, name) for name in BOTH)


def _to_listen_to(student: Any, name: str) -> tuple[Any, list[Any]]:
    """One of BOTH, and arguments for it."""
    x = awkward(2, 3, 7, 9, dtype=SINGLE)
    pool = student.looking.max_pool_with_switches
    if name == "unpool":
        return student.looking.unpool, [x[:, :, :3, :4].clone(), _switches(pool, x), (7, 9)]
    return pool, [x, 2]


def _switches(pool: Any, x: Tensor) -> Any:
    """The student's switches, or places in the image where nothing comes that has two parts."""
    got = pool(x.clone(), 2)
    right = isinstance(got, tuple | list) and len(got) == 2
    return got[1] if right else F.max_pool2d(x, 2, return_indices=True)[1]


def require_by_hand(student: Any, expect: Expect) -> None:
    """Require that the module, and what of the student's own it imports, names nothing of torch that pools."""
    findings = banned_in(student.sources("looking"), POOLING, asked=FUNCTIONS)
    expect.that(
        not findings,
        expected="looking.py without torch's pooling and unpooling",
        got="; ".join(findings[:3]),
        hint=BY_HAND,
    )


def require_kept(student: Any, expect: Expect, name: str) -> None:
    """Require that one of BOTH changes no argument, the switches neither."""
    pool, unpool = student.looking.max_pool_with_switches, student.looking.unpool
    x = awkward(2, 3, 7, 9, dtype=SINGLE)
    values = awkward(2, 3, 3, 4, seed=1, dtype=SINGLE)
    with expect.case(name, hint=KEPT):
        if name == "max_pool_with_switches":
            changes = student.witness.changed(pool, x, 2)
        else:
            switches = _switches(pool, x)
            changes = student.witness.changed(unpool, values, switches, (7, 9))
        expect.that(not changes, expected="arguments as before", got=f"changed: {', '.join(changes[:3])}")
    if name == "unpool":
        with expect.case("unpool twice, by the same switches", hint=KEPT):
            first, second = student.witness.unpooled(pool, unpool, x, 2, [values, values])
            expect.close(second, expect.tensor(first), atol=0.0, what="the same as at first")
