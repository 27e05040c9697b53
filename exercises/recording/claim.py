"""What a process says of a network, read as a claim: nothing of it is believed but that it is a record."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from .record import MAX_BYTES, Record, RecordError, nbytes


class NotRecorded(Exception):  # noqa: N818 - the network is no mistake
    """The network cannot be made data; the message says why, for the student and the TA."""


def read_parts(claim: Any, most: int = MAX_BYTES) -> dict[str, Any]:
    """What a process says of a network, as it is sent on.

    Args:
        most: bytes of all records together, with their literals.

    Raises:
        NotRecorded: it is larger than it may be.
        RecordError: it is no record.
    """
    try:
        build, values = claim.get("build", ""), claim.get("values", {})
        passes, literals = claim["passes"], claim["literals"]
        names = [list(values), claim["buffers"], [name for name, _ in claim["parameters"]]]
        texts = [build, *(text for _, _, text in passes)]
        if not all(type(one) is str for group in (texts, *names) for one in group):
            raise RecordError("no texts")
        if not all(isinstance(one, Tensor) for one in (*literals, *values.values())):
            raise RecordError("no tensors")
        size = nbytes(texts, literals)
        if size > most:
            heavy = sum(one.nbytes for one in literals)
            raise NotRecorded(
                f"the network's record has {size // 1024} KB, {heavy // 1024} of them numbers that it brings along; "
                f"at most {most // 1024} are taken as data"
            )
        for text in texts if build else texts[1:]:
            Record.from_text(text, len(literals))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RecordError(f"what was written down of the network is no record: {error}") from error
    return dict(claim)


def blame(places: Any) -> str:
    """The first line that is to blame, in words; empty where there is none."""
    for place in places if isinstance(places, list) else ():
        if isinstance(place, list) and [type(one) for one in place] == [str, str, int]:
            what, file, line = place
            return f"{what[:80]}" + (f" ({file[:80]}, line {line})" if file else "")
    return ""
