"""The notebook's pictures and sounds (given).  Most return a matplotlib figure or a player; none trains or checks."""

from ...digits.pictures import (
    LiveCurve,
    Progress,
    accuracy_bars,
    confusion_picture,
    loss_curves,
    prediction_bars,
)
from ...showing.sounds import player, player_row
from .augmentation import augmentation_picture
from .bands import band_of_sound, mel_triangles
from .confusion import hear_confusions
from .drawn import draw_stamp, sound_of_stamp
from .errors import error_images, error_table, worst_errors
from .filters import filters_and_bands
from .frames import average_curves, path_picture, posteriorgram
from .padding import padding_curves
from .speakers import speaker_bars
from .spectra import three_views
from .walls import stamp_wall
from .yourself import hear_yourself, read_word

__all__ = [
    "LiveCurve",
    "Progress",
    "accuracy_bars",
    "augmentation_picture",
    "average_curves",
    "band_of_sound",
    "confusion_picture",
    "draw_stamp",
    "error_images",
    "error_table",
    "filters_and_bands",
    "hear_confusions",
    "hear_yourself",
    "loss_curves",
    "mel_triangles",
    "padding_curves",
    "path_picture",
    "player",
    "player_row",
    "posteriorgram",
    "prediction_bars",
    "read_word",
    "sound_of_stamp",
    "speaker_bars",
    "stamp_wall",
    "three_views",
    "worst_errors",
]
