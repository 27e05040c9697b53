"""The notebook's pictures (given).  Most return a matplotlib figure; none trains or checks."""

from ...showing.progress import Progress
from ...showing.sounds import player_row
from ...spoken_digits.pictures.walls import stamp_wall
from .back import way_back
from .curves import accuracy_curves, forgetting_curves
from .filters import filters_picture, gabors, likeness, neighbours, smooth_noise
from .four import four_clips, four_clips_picture
from .layers import layers_picture
from .logits import logit_map
from .occluded import by_thirds, occlusion_picture
from .patches import commonest, patch_wall, patches_of

__all__ = [
    "Progress",
    "accuracy_curves",
    "by_thirds",
    "commonest",
    "filters_picture",
    "forgetting_curves",
    "four_clips",
    "four_clips_picture",
    "gabors",
    "layers_picture",
    "likeness",
    "logit_map",
    "neighbours",
    "occlusion_picture",
    "patch_wall",
    "patches_of",
    "player_row",
    "smooth_noise",
    "stamp_wall",
    "way_back",
]
