"""Training within a budget (given): recipes, the loop, what a network costs, and what its results are worth.

    recipe.py    hyperparameters within limits, which an assignment adds to
    loop.py      AdamW on a budget of examples, and predictions
    counting.py  multiply-adds of a network, and how many examples it may see for them
    scores.py    accuracy, and how results become points
    reading.py   a recipe as a student's module has it

Checks reach it as `student.learning`, where the student's code runs, as it was before any of that code did.
"""

from .counting import OVERHEAD_MULTIPLY_ADDS, budget_of, multiply_adds
from .loop import History, Loss, as_parameters, one_thread, predict, train
from .reading import read_recipe
from .recipe import Recipe, Whole, far_off
from .scores import Measure, accuracy, require_numbers, score, way

__all__ = [
    "OVERHEAD_MULTIPLY_ADDS",
    "History",
    "Loss",
    "Measure",
    "Recipe",
    "Whole",
    "accuracy",
    "as_parameters",
    "budget_of",
    "far_off",
    "multiply_adds",
    "one_thread",
    "predict",
    "read_recipe",
    "require_numbers",
    "score",
    "train",
    "way",
]
