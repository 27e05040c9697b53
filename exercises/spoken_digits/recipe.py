# Your answers go here: save, and run `python -m exercises check spoken_digits recipe`.
"""Task 6: two recipes, one for each network.

As in `digits`: the training loop is given, its budget is the number of clips that a network hears, and a costlier
network hears fewer.  Each network is judged twice: on new clips of speakers that it knows, and on speakers that it has
never heard.  The second one is the honest judgement.
"""

from __future__ import annotations

from exercises.digits.training import Recipe

# RECIPE is for CNNClassifier1d on log-mel spectrograms, STAMP_RECIPE for CNNClassifier2d of `digits` on stamps:
# Recipe(learning_rate=..., batch_size=..., weight_decay=..., hidden=..., num_blocks=...); learning_rate above 0 and at
# most 1, batch_size from 8 to 512, weight_decay 0 or larger, hidden up to 32, num_blocks up to 3.

RECIPE = None  # Task 6: choose the numbers of RECIPE and STAMP_RECIPE
STAMP_RECIPE = None  # Task 6: choose the numbers of RECIPE and STAMP_RECIPE


# Staff: generated from solutions/spoken_digits/recipe.py by `make release`; edit that file.
