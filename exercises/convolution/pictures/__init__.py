"""The notebook's pictures and sounds (given).  Most return a matplotlib figure or a player; none trains or checks."""

from ...showing.progress import Progress
from ...showing.sounds import player, player_row
from .bank import bank_picture, score_bars, width_picture, widths
from .equaliser import equaliser
from .matrices import matrix_row
from .photos import blur_slider, photo_row, play_with_filter
from .reach import reach_row
from .responses import WINDOWS, design_steps, in_words, responses_picture, taps_picture, taps_slider
from .sliding import sliding
from .timing import crossing, crossing_picture, timings
from .waves import detected, spectrograms, waveforms
from .windows import window_slider, windows_picture

__all__ = [
    "WINDOWS",
    "Progress",
    "bank_picture",
    "blur_slider",
    "crossing",
    "crossing_picture",
    "design_steps",
    "detected",
    "equaliser",
    "in_words",
    "matrix_row",
    "photo_row",
    "play_with_filter",
    "player",
    "player_row",
    "reach_row",
    "responses_picture",
    "score_bars",
    "sliding",
    "spectrograms",
    "taps_picture",
    "taps_slider",
    "timings",
    "waveforms",
    "width_picture",
    "widths",
    "window_slider",
    "windows_picture",
]
