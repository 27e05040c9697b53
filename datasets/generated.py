"""The generated data that everybody has, as files."""

from __future__ import annotations

from pathlib import Path

from .cache import cache_path, speech_cache_path
from .digits import GENERATED_SIZES, derived_seed, load_digits
from .speech import GENERATED_CLIPS, load_speech


def generated_files(kind: str) -> list[Path]:
    """The cache's files of `load_digits("generated")` or `load_speech("generated")`, made first where they are missing.

    A file that could not be written (a full disk, say) is left out.

    Args:
        kind: "digits" or "speech".

    Raises:
        ValueError: another kind.
    """
    if kind == "digits":
        load_digits("generated")
        paths = [cache_path(n, derived_seed(0, split)) for split, n in GENERATED_SIZES.items()]
    elif kind == "speech":
        load_speech("generated")
        paths = [speech_cache_path(n, derived_seed(0, split)) for split, n in GENERATED_CLIPS.items()]
    else:
        raise ValueError(f"there are no generated data of the kind {kind!r}: choose digits or speech")
    return [path for path in paths if path.exists()]
