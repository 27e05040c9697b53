"""Hidden checks of `spoken_digits`, a module for each task."""
