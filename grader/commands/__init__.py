"""Commands for staff.  Each is thin: it reads its arguments, calls one stage, and says what came of it."""

from . import adopting, authoring, grading, handing_in, measuring, publishing, releasing, trying
from .common import app

__all__ = ["adopting", "app", "authoring", "grading", "handing_in", "measuring", "publishing", "releasing", "trying"]
