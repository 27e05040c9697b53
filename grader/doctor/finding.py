"""What the doctor says of one thing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that grading rests on.

    Attributes:
        name:  short, the same on every machine.
        ok:    whether grading can rely on it.
        what:  what was found, one sentence.
        mend:  a command to paste, or what to do; empty where nothing is to be done.
        warns: whether it is to be mended though grading can rely on it.
    """

    name: str
    ok: bool
    what: str
    mend: str = ""
    warns: bool = False
