"""The one exception of this package."""


class DataError(Exception):
    """The data asked for cannot be given; the message says why and what to do."""
