"""What a process says of a network, read as a claim: nothing of it is believed but that it is a record."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from exercises.checking.errors import StudentError

from .record import Record, RecordError, nbytes


class NotRecorded(Exception):  # noqa: N818 - the network is no mistake
    """The network cannot be made data; the message says why, for the student and the TA."""


def read_parts(claim: Any, most_kb: int, built: bool = False) -> dict[str, Any]:
    """What a process says of a network, as it is sent on.

    Args:
        most_kb: that its longest record may have, with how it is built and with all literals.
        built:   whether it has to say how the network is built, so that values of its own are none of its start values.

    Raises:
        NotRecorded: it is larger than it may be.
        StudentError: it is no record.
    """
    try:
        build, values = claim.get("build", ""), claim.get("values", {})
        passes, literals = claim["passes"], claim["literals"]
        names = [list(values), claim["buffers"], [name for name, _ in claim["parameters"]]]
        texts = [build, *(text for _, _, text in passes)]
        if not all(type(one) is str for group in (texts, *names) for one in group):
            raise RecordError("no texts")
        if built and ("values" in claim or not build):
            raise RecordError("it does not say how the network is built")
        if len(set(names[2])) != len(names[2]):
            raise RecordError("a parameter twice")
        if not all(isinstance(one, Tensor) for one in (*literals, *values.values())):
            raise RecordError("no tensors")
        size = nbytes([build, max(texts[1:], key=len, default="")], literals)
        if size > most_kb << 10:
            kb, heavy = -(-size // 1024), sum(one.nbytes for one in literals) // 1024
            raise NotRecorded(
                f"the network's record has {kb} KB, {heavy} of them numbers that it brings along; "
                f"at most {most_kb} are taken as data"
            )
        for text in texts if build else texts[1:]:
            Record.from_text(text, len(literals))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StudentError(f"what was written down of the network is no record: {error}") from error
    return dict(claim)


def named(answer: Any) -> dict[str, Any]:
    """What a process says by names.  Raises StudentError where it is no such thing."""
    kinds = {"outputs": list, "buffers": dict, "gradients": dict}
    if not isinstance(answer, dict) or not all(
        isinstance(answer.get(key, kind()), kind) for key, kind in kinds.items()
    ):
        raise StudentError("what was written down of the network is no record")
    return answer


def listed(answer: Any, count: int) -> list[Any]:
    """So many things that a process says.  Raises StudentError where they are not."""
    if not isinstance(answer, list | tuple) or len(answer) != count:
        raise StudentError("what was written down of the network is no record")
    return list(answer)


def tensors(answer: Any) -> list[Tensor]:
    """Tensors that a process says.  Raises StudentError where they are none."""
    if not isinstance(answer, list) or not all(isinstance(one, Tensor) for one in answer):
        raise StudentError("what was written down of the network is no record")
    return answer


def blame(places: Any) -> str:
    """The first line that is to blame, in words; empty where there is none."""
    for place in places if isinstance(places, list) else ():
        if isinstance(place, list) and [type(one) for one in place] == [str, str, int]:
            what, file, line = place
            return f"{what[:80]}" + (f" ({file[:80]}, line {line})" if file else "")
    return ""
