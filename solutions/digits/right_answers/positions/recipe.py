"""Small batches, many steps; a slower rate without decay."""

from __future__ import annotations

from exercises.digits.training import Recipe

RECIPE = Recipe(0.005, 16, 0.0, hidden=16, num_blocks=2)
