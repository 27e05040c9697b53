# Your answers go here: save, and run `python -m exercises check transfer recipe`.
"""Task 2: which numbers of the digit network you read, and how strongly you hold the weights back.

The words are cat, dog, fox and bird, somewhere in a second; the digit network has never heard them.  `fit_linear` gets
5, 10 or 20 examples of each word, by 12 speakers, and is judged on words of 12 others: the mean of four draws.  Your
recipe is fitted with the course's own functions, on numbers that are compared with yours first.
"""

from __future__ import annotations

# FEATURES = "logits" for the ten scores of the digits, or "features" for what goes into the network's output;
# PENALTY for `fit_linear`, a finite number larger than 0.

FEATURES = None  # Task 2: choose FEATURES and PENALTY
PENALTY = None  # Task 2: choose FEATURES and PENALTY


# Staff: generated from solutions/transfer/recipe.py by `make release`; edit that file.
