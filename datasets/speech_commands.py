"""Speech Commands (P. Warden 2018, arXiv:1804.03209, CC BY 4.0): single words by many speakers, at 16 kHz.

Read where they lie on disk, unpacked, in the layout of torchaudio's own download or below a folder of their own:

    <root>/SpeechCommands/speech_commands_v0.02/<word>/*.wav
    <root>/speech_commands*/…/speech_commands_v0.01/<word>/*.wav

torchaudio lists the files and splits them; soundfile reads them, since torchaudio's own reading needs more libraries.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from .errors import DataError
from .recordings import Recording, read_wav

SAMPLE_RATE = 16000
Subset = Literal["training", "validation", "testing"]


def find(root: Path) -> Path | None:
    """The folder that holds one folder for each word, or None."""
    found = [*root.glob("SpeechCommands/*"), *root.glob("speech_commands*/*")]
    return next((path for path in sorted(found) if (path / "testing_list.txt").is_file()), None)


def load(root: Path, words: tuple[str, ...], subset: Subset | None = None) -> list[Recording]:
    """The recordings of these words that lie there, sorted by their file names.

    Args:
        subset: of torchaudio's split by the official lists; None for all of them.

    Raises:
        DataError: the data set is missing, has none of the words, or a file is damaged.
    """
    folder = find(root)
    if folder is None:
        raise DataError(
            f"Speech Commands is not in the data folder {root}: unpack speech_commands_v0.02.tar.gz into "
            f"{root / 'SpeechCommands' / 'speech_commands_v0.02'} (torchaudio.datasets.SPEECHCOMMANDS downloads it)"
        )
    from torchaudio.datasets import SPEECHCOMMANDS  # slow to import

    listed = SPEECHCOMMANDS(str(folder.parent.parent), folder.name, folder.parent.name, subset=subset)
    found = []
    for number in range(len(listed)):
        path, _, word, speaker, index = listed.get_metadata(number)
        file = folder.parent / path
        if word in words and file.is_file():  # the lists name more than a part of the data set has
            found.append(Recording(read_wav(file.read_bytes(), str(file), SAMPLE_RATE), word, speaker, index))
    if not found:
        raise DataError(f"{folder} has no recordings of {', '.join(words)}")
    return found
