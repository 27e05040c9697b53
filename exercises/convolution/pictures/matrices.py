"""A filter as a matrix: a dense layer whose weights are shared along the diagonals."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.figure import Figure
from torch import Tensor

from ...showing.style import new_figure
from ...showing.telling import each


def matrix_row(matrices: Mapping[str, Tensor]) -> Figure:
    """Matrices beside each other on one scale of colours, rows are outputs and columns are inputs.

    Args:
        matrices: (outputs, inputs) by title.
    """
    strongest = max(float(one.detach().abs().max()) for one in matrices.values()) or 1.0
    figure, axes = new_figure(1, len(matrices), size=(0.8 + 3.1 * len(matrices), 3.4), squeeze=False)
    for axis, (name, matrix) in zip(axes[0], matrices.items(), strict=True):
        picture = axis.imshow(matrix.detach().numpy(), cmap="PuOr", vmin=-strongest, vmax=strongest)
        different = len(matrix.detach()[matrix != 0].unique())
        axis.set_title(f"{name}\n{different} different weights", fontsize=9)
        axis.set_xlabel("input")
        axis.set_ylabel("output")
    figure.colorbar(picture, ax=axes, label="weight", shrink=0.8)
    told = {}
    for name, matrix in matrices.items():
        above = float(matrix.detach().triu(1).abs().max())
        told[name] = (
            f"{len(matrix)} x {len(matrix[0])}, {len(matrix.detach()[matrix != 0].unique())} different weights"
            + (", above the diagonal all are 0" if above == 0 else ", some above the diagonal")
        )
    figure.alt = f"Matrices, rows are outputs and columns are inputs: {each(told)}."
    return figure
