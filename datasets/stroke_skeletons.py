"""The ten digits as pen strokes: a table of skeletons, and their division into short straight segments.

A skeleton is a list of strokes, a stroke is a polyline (points, 2). Coordinates are (x to the right, y downwards) in a
box of about [-1, 1] x [-1, 1]. Every digit has two to four ways in which people write it.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Skeleton = tuple[Points, ...]

SEGMENTS = 32
"""Straight segments per digit. The longest digit (8) is about 60 pixels long, so a segment is at most 2 pixels."""


def _line(*points: tuple[float, float]) -> Points:
    """Polyline through the given points."""
    return np.array(points, dtype=np.float64)


def _arc(cx: float, cy: float, rx: float, ry: float, start: float, stop: float) -> Points:
    """Part of an ellipse with centre (cx, cy) and radii (rx, ry), from angle `start` to `stop` in degrees.

    Angle 0 points to the right and, as y points downwards, 90 points down; stop < start runs anticlockwise.
    """
    angle = np.radians(np.linspace(start, stop, 24))
    return np.stack([cx + rx * np.cos(angle), cy + ry * np.sin(angle)], axis=1)


def _stroke(*parts: Points) -> Points:
    """One stroke out of several parts, joined by straight lines where they do not meet."""
    return np.concatenate(parts)


SKELETONS: dict[int, tuple[Skeleton, ...]] = {
    0: (
        (_arc(0, 0, 0.62, 0.95, -90, 270),),
        # Round, and not quite closed.
        (_arc(0, 0, 0.85, 0.9, -110, 230),),
    ),
    1: (
        (_line((0, -1), (0, 1)),),
        (_line((-0.35, -0.65), (0.05, -1), (0.05, 1)),),
        (_line((-0.35, -0.65), (0.05, -1), (0.05, 1)), _line((-0.4, 1), (0.5, 1))),
    ),
    2: (
        (_stroke(_arc(0, -0.45, 0.6, 0.52, -170, 35), _line((-0.1, 0.45), (-0.65, 1), (0.7, 1))),),
        # A loop at the lower left.
        (
            _stroke(
                _arc(-0.02, -0.42, 0.58, 0.55, -160, 50),
                _line((-0.2, 0.62)),
                _arc(-0.4, 0.8, 0.22, 0.2, -60, -300),
                _line((0.1, 0.85), (0.7, 1)),
            ),
        ),
        # A small head and a long foot.
        (
            _stroke(
                _arc(-0.05, -0.55, 0.42, 0.42, -170, 40), _line((-0.1, 0.3), (-0.6, 0.75), (0.2, 0.7), (0.95, 0.85))
            ),
        ),
    ),
    3: (
        (_stroke(_arc(-0.05, -0.5, 0.55, 0.5, -150, 80), _arc(-0.05, 0.47, 0.62, 0.53, -80, 150)),),
        (_stroke(_line((-0.55, -1), (0.5, -1), (-0.02, -0.2)), _arc(-0.05, 0.42, 0.6, 0.56, -70, 150)),),
        # A tight head over a large open belly.
        (_stroke(_arc(-0.05, -0.6, 0.45, 0.38, -170, 70), _arc(-0.1, 0.38, 0.7, 0.62, -75, 120)),),
    ),
    4: (
        (_line((-0.35, -1), (-0.55, 0.1), (0.6, 0.1)), _line((0.4, -0.9), (0.3, 1))),
        (_line((0.3, 1), (0.3, -1), (-0.6, 0.25), (0.65, 0.25)),),
        (_stroke(_line((-0.45, -0.9)), _arc(-0.05, -0.3, 0.45, 0.42, 180, 60), _line((0.42, -0.9), (0.35, 1))),),
    ),
    5: (
        (_stroke(_line((0.6, -1), (-0.4, -1), (-0.5, -0.2)), _arc(-0.05, 0.38, 0.6, 0.6, -120, 140)),),
        (
            _stroke(_line((-0.4, -1), (-0.45, -0.2)), _arc(-0.05, 0.38, 0.6, 0.6, -120, 150)),
            _line((-0.4, -1), (0.65, -1.02)),
        ),
    ),
    6: (
        (_stroke(_line((0.4, -1), (-0.1, -0.6)), _arc(0, 0.42, 0.53, 0.55, -165, -540)),),
        (_stroke(_line((0.2, -1), (-0.3, -0.35), (-0.5, 0.4)), _arc(0, 0.45, 0.5, 0.52, 180, -170)),),
        # A long straight stem with a small loop at its foot.
        (_stroke(_line((0.05, -1), (-0.3, -0.3), (-0.42, 0.4)), _arc(-0.02, 0.6, 0.42, 0.36, 170, -150)),),
        # The loop stays open.
        (_stroke(_line((0.1, -1), (-0.35, -0.2)), _arc(0, 0.5, 0.48, 0.48, -180, -460), _line((-0.2, 0.35))),),
    ),
    7: (
        (_line((-0.6, -0.95), (0.6, -0.95), (-0.1, 1)),),
        (_line((-0.6, -0.95), (0.6, -0.95), (-0.1, 1)), _line((-0.3, 0.05), (0.5, 0))),
        (_line((-0.6, -0.75), (-0.5, -0.95), (0.55, -0.9), (0.15, -0.1), (-0.05, 1)),),
        # A round shoulder.
        (_stroke(_line((-0.65, -0.75)), _arc(0.1, -0.55, 0.45, 0.4, -120, 20), _line((0.2, 0.2), (0.05, 1))),),
    ),
    8: (
        (_stroke(_arc(0, -0.48, 0.48, 0.48, 450, 90), _arc(0, 0.5, 0.58, 0.5, -90, 270)),),
        (
            _stroke(
                _arc(0, -0.5, 0.5, 0.48, -20, -230),
                _line((0.1, 0.1)),
                _arc(0, 0.52, 0.52, 0.48, -10, 190),
                _line((0, 0.05), (0.47, -0.62)),
            ),
        ),
        # Two loops with a gap at the upper right, written like an S that returns.
        (
            _stroke(
                _line((0.5, -0.75)),
                _arc(0, -0.55, 0.42, 0.42, -50, -215),
                _arc(0, 0.5, 0.42, 0.48, -40, 200),
                _line((0.45, -0.55)),
            ),
        ),
    ),
    9: (
        (_stroke(_arc(0, -0.45, 0.5, 0.52, 0, -360), _line((0.5, -0.4), (0.42, 1))),),
        (
            _stroke(
                _arc(-0.02, -0.45, 0.5, 0.5, -10, -350),
                _line((0.48, -0.5), (0.5, 0.1)),
                _arc(0, 0.45, 0.48, 0.5, -10, 100),
            ),
        ),
        # A small loop on a long stem.
        (_stroke(_arc(-0.05, -0.6, 0.4, 0.38, -20, -370), _line((0.35, -0.7), (0.2, 0.2), (0.1, 1))),),
    ),
}


def _lengths(stroke: Points) -> NDArray[np.float64]:
    """Length of each piece of a polyline: (points, 2) -> (points - 1,)."""
    steps = np.diff(stroke, axis=0)
    return np.hypot(steps[:, 0], steps[:, 1])


def _resample(stroke: Points, n_points: int) -> Points:
    """`n_points` points at equal distances along a polyline."""
    travelled = np.concatenate([[0.0], np.cumsum(_lengths(stroke))])
    wanted = np.linspace(0, travelled[-1], n_points)
    return np.stack([np.interp(wanted, travelled, stroke[:, axis]) for axis in (0, 1)], axis=1)


def segments_of(skeleton: Skeleton) -> Points:
    """Divide a skeleton into SEGMENTS straight pieces of nearly equal length: (SEGMENTS, 2 ends, 2 coordinates)."""
    lengths = np.array([_lengths(stroke).sum() for stroke in skeleton])
    counts = np.maximum(3, np.floor(SEGMENTS * lengths / lengths.sum()).astype(int))
    counts[counts.argmax()] += SEGMENTS - counts.sum()  # what rounding left over goes to the longest stroke
    pieces = []
    for stroke, count in zip(skeleton, counts, strict=True):
        points = _resample(stroke, count + 1)
        pieces.append(np.stack([points[:-1], points[1:]], axis=1))
    return np.concatenate(pieces)


@cache
def segment_table() -> tuple[Points, NDArray[np.int64]]:
    """All skeletons as arrays: segments (skeletons, SEGMENTS, 2, 2), and how many skeletons each digit has (10,).

    The skeletons of digit 0 come first, then those of 1, and so on.
    """
    segments = np.stack([segments_of(skeleton) for digit in range(10) for skeleton in SKELETONS[digit]])
    counts = np.array([len(SKELETONS[digit]) for digit in range(10)])
    segments.setflags(write=False)  # cached, so shared by all callers
    counts.setflags(write=False)
    return segments, counts
