"""The notebook's pictures (given).  Most functions return a matplotlib figure; none of them trains or checks."""

from ...showing.progress import Progress
from .colours import colour_kernel_picture, in_colours
from .compare import accuracy_bars, parameter_bars, prediction_bars
from .curves import gradient_curves, loss_curves, shift_curves, size_curves
from .digits import digit_grid, side_by_side
from .drawing import draw_digit, image_from_text
from .errors import confusion_picture, worst_errors
from .fields import measured_gradient, receptive_field_picture
from .filters import best_patches
from .kernels import kernel_picture, kernel_slider
from .live import LiveCurve

__all__ = [
    "LiveCurve",
    "Progress",
    "accuracy_bars",
    "best_patches",
    "colour_kernel_picture",
    "confusion_picture",
    "digit_grid",
    "draw_digit",
    "gradient_curves",
    "image_from_text",
    "in_colours",
    "kernel_picture",
    "kernel_slider",
    "loss_curves",
    "measured_gradient",
    "parameter_bars",
    "prediction_bars",
    "receptive_field_picture",
    "shift_curves",
    "side_by_side",
    "size_curves",
    "worst_errors",
]
