"""Small batches: branches that start at zero, and a maximum at the end, need more steps to get going."""

RECIPE = Recipe(learning_rate=0.01, batch_size=16, weight_decay=0.01, hidden=16, num_blocks=2)
