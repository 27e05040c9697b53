"""Whether counts are as good as impossible, if chance alone has made them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

SURE = 6.0  # standard deviations: beyond them lies one right answer in 10**9


@dataclass(frozen=True)
class Table:
    """A table of counts beside those that are expected.

    Attributes:
        distance: sum of (count - expected)**2 / expected, Pearson's chi-square.
        freedom:  how many of the counts could be chosen freely.
    """

    distance: float
    freedom: int

    @classmethod
    def of(cls, counts: Sequence[int]) -> Table:
        """Counts of what is equally likely."""
        expected = max(sum(counts), 1) / len(counts)
        return cls(sum((count - expected) ** 2 / expected for count in counts), len(counts) - 1)


def unlikely(*tables: Table) -> bool:
    """Whether tables lie further from what is expected, all together, than chance brings them in one of 10**9 cases.

    The cube root of chi-square is nearly normal (Wilson and Hilferty 1931, PNAS 17).
    """
    freedom = sum(table.freedom for table in tables)
    if freedom == 0:
        return False
    variance = 2 / (9 * freedom)
    root = (sum(table.distance for table in tables) / freedom) ** (1 / 3)
    return bool(root > 1 - variance + SURE * variance**0.5)


def dependence(first: Sequence[int], second: Sequence[int]) -> bool:
    """Whether values tell something of others beside them: a table of pairs against the product of its margins."""
    pairs, rows, columns = Counter(zip(first, second, strict=True)), Counter(first), Counter(second)
    distance = 0.0
    for row, of_row in rows.items():
        for column, of_column in columns.items():
            expected = of_row * of_column / len(first)
            distance += (pairs[row, column] - expected) ** 2 / expected
    return unlikely(Table(distance, (len(rows) - 1) * (len(columns) - 1)))
