"""Starts a new assignment, which grades at once and is then changed into what it should be (docs/authoring.md)."""

from .new import NameRefused, new_assignment

__all__ = ["NameRefused", "new_assignment"]
