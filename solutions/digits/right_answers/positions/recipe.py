"""Small batches, many steps; a slower rate without decay."""

RECIPE = Recipe(0.005, 16, 0.0, hidden=16, num_blocks=2)
