"""Task 3: which language is this?"""

from __future__ import annotations

from torch import Tensor, nn

from exercises.learning import Recipe
from exercises.toolkit.practice import LANGUAGES, SYMBOLS

from ..spoken_digits.masking import MaskedGlobalAvgPool1d, MaskedResidualBlock1d


class Reader(nn.Module):
    """Tells languages apart: an embedding, a masked residual block, a masked average, a linear layer.

    Args:
        hidden: numbers that stand for a symbol.
    """

    def __init__(self, hidden: int = 16, num_classes: int = LANGUAGES) -> None:
        super().__init__()
        # Task 3.1: write Reader.__init__
        ### BEGIN SOLUTION
        self.embedding = nn.Embedding(SYMBOLS + 1, hidden, padding_idx=0)
        self.block = MaskedResidualBlock1d(hidden)
        self.pool = MaskedGlobalAvgPool1d()
        self.output = nn.Linear(hidden, num_classes)
        ### END SOLUTION

    def forward(self, texts: Tensor) -> Tensor:
        """texts: (batch, length) int64, symbols from 1 to 26 with 0 behind the end of each -> logits (batch, num_classes).

        However many 0 stand behind a text, its logits are the same.
        """
        # Task 3.1: write Reader.forward
        ### BEGIN SOLUTION
        lengths = (texts != 0).sum(dim=1)
        x = self.embedding(texts).transpose(1, 2)  # (batch, hidden, length)
        x = self.block(x, lengths)
        return self.output(self.pool(x, lengths))
        ### END SOLUTION


# Task 3.2: learning rate and batch size of the reader's training
### BEGIN SOLUTION
READING = Recipe(learning_rate=0.02, batch_size=16)
### END SOLUTION
