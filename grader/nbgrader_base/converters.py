"""Which of nbgrader's converters a step or an exporter belongs to."""

from __future__ import annotations

from typing import Any


def converter_of(configurable: Any) -> Any:
    """nbgrader's converter (Autograde or GenerateFeedback) that an exporter or a step belongs to.

    Raises:
        RuntimeError: it belongs to none; these steps only mean something inside nbgrader.
    """
    while configurable is not None and getattr(configurable, "coursedir", None) is None:
        configurable = configurable.parent
    if configurable is None:
        raise RuntimeError("this step works inside nbgrader autograde or generate_feedback only")
    return configurable
