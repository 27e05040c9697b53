"""The notebook's pictures (given).  Most return a matplotlib figure; none trains or checks."""

from ...showing.progress import Progress
from .blocks import block_diagram
from .branches import inception_picture
from .costs import Cost, cost_picture, cost_table, dense_share, where_they_lie
from .forms import FormOf2016, block_forms, passed_through, silenced
from .history import depth_cost_error, error_history, imagenet_picture
from .kernels import kernel_row
from .layers import layers_of
from .outcomes import accuracy_by_size, depth_picture, depth_time_results, training_curves
from .table import vgg_table
from .widths import width_slider

__all__ = [
    "Cost",
    "FormOf2016",
    "Progress",
    "accuracy_by_size",
    "block_diagram",
    "block_forms",
    "cost_picture",
    "cost_table",
    "dense_share",
    "depth_cost_error",
    "depth_picture",
    "depth_time_results",
    "error_history",
    "imagenet_picture",
    "inception_picture",
    "kernel_row",
    "layers_of",
    "passed_through",
    "silenced",
    "training_curves",
    "vgg_table",
    "where_they_lie",
    "width_slider",
]
