"""Further hints that several assignments have, see `check`: from questions to the line of thought."""

from __future__ import annotations

INPUT_KEPT = (
    (
        "Which lines write into something that came from outside: by an index on the left, by adding in place, or by "
        "a function whose name ends with an underscore?"
    ),
    "Is each result made of something new, or does it share its memory with an argument, as a slice or a view does?",
    (
        "Line of thought: whoever calls may still need what they handed over. Every operation without an "
        "underscore makes something new; work on with that, and give what changes a name of its own."
    ),
)

RECIPE = (
    "Which of three curves is yours: flat from the beginning, jumping up and down, or still falling at the end?",
    (
        "Flat: is the rate far too low or far too high, and which of the two shows if you try a tenth of it? "
        "Jumping: what makes steps smaller or steadier? Still falling: what buys more steps for the same budget?"
    ),
    (
        "Line of thought: the budget counts examples. Look for the largest learning rate at which the loss falls "
        "smoothly, with a network cheap enough for some hundred steps; then change one number at a time, and keep "
        "what helps."
    ),
)
