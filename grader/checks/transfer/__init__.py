"""Hidden checks of the assignment `transfer`, one module for each task."""

from . import trusted as trusted  # here the solutions stand in for the stubs of earlier assignments
