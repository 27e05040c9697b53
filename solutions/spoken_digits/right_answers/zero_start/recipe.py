"""Small batches: branches that start at zero need more steps to get going."""

from __future__ import annotations

from exercises.digits.training import Recipe

RECIPE = Recipe(learning_rate=0.01, batch_size=16, weight_decay=0.01, hidden=24, num_blocks=3)
STAMP_RECIPE = Recipe(learning_rate=0.01, batch_size=32, weight_decay=0.01, hidden=24, num_blocks=3)
