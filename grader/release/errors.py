"""What a release raises."""

from __future__ import annotations


class ReleaseError(ValueError):
    """The release cannot be built; the message names the file (and line) and says what to do."""
