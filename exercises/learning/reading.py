"""A recipe as a student's module has it, read as numbers within the limits."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

from ..checking.plain import is_plain
from ..checking.verdict import Cause
from .recipe import Recipe

if TYPE_CHECKING:
    from ..checking import Expect

SomeRecipe = TypeVar("SomeRecipe", bound=Recipe)


def read_recipe(module: Any, expect: Expect, name: str, kind: type[SomeRecipe]) -> SomeRecipe:
    """The recipe of this name in a student's module, made anew here; anything else is a mismatch that says why.

    Args:
        module: of the student's, local or in the sandbox.
        kind:   the assignment's own kind of recipe.
    """
    recipe = getattr(module, name)
    expect.that(
        not is_plain(recipe),
        expected=f"{name} = {kind.__name__}(...)",
        got=f"not written yet: {name}" if recipe is None else f"{type(recipe).__name__}: {recipe!r}"[:200],
        hint="" if recipe is None else f"From where does this module import {kind.__name__}?",
        cause=Cause.NOT_WRITTEN if recipe is None else Cause.WRONG,
        about=name if recipe is None else "",
    )
    numbers = {field.name: getattr(recipe, field.name) for field in fields(kind)}
    try:
        return kind(**numbers)
    except (ValueError, OverflowError) as error:
        expect.that(
            False,
            expected="a recipe within the limits",
            got=str(error)[:300],
            hint=f"The docstring of {kind.__name__} has the limits.",
        )
        raise
