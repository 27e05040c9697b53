"""Handwriting-like digits drawn by a program: no file needed, the same pictures for the same seed.

The way of one picture: a skeleton of pen strokes (stroke_skeletons.py) -> a smooth warp -> slant, width and rotation ->
fitted and centred as MNIST does it -> drawn with a pen of random thickness. All pictures go this way together.

Only numpy is used, and no matrix product: the generator may run in a process that must stay free of the threads that
torch and linear algebra libraries start.
"""

import numpy as np
from numpy.typing import NDArray

from .stroke_skeletons import segment_table

GENERATOR_VERSION = 1
"""Part of the cache's file names. Raise it with every change that alters the pictures."""

IMAGE_SIZE = 28
_CENTRE = (IMAGE_SIZE - 1) / 2

Floats = NDArray[np.float32]


def generate(n: int, seed: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Draw `n` digits, all ten equally often (to within one), in random order.

    Returns:
        images (n, 28, 28) uint8, 0 = paper and 255 = ink; labels (n,) int64.
    Raises:
        ValueError: `n` or `seed` is negative.
    """
    if n < 0 or seed < 0:
        raise ValueError(f"n and seed must not be negative, got n={n} and seed={seed}")
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.arange(n) % 10)
    segments = choose_skeletons(labels, rng)
    segments = apply_affine(warp(segments, draw_bend(labels, rng), rng), rng)
    radius = np.clip(np.exp(rng.normal(0.25, 0.28, n)), 0.6, 2.4).astype(np.float32)  # of the pen, in pixels
    segments = fit_and_centre(segments, extent=19 - rng.uniform(0, 1.5, n))
    return render(segments, radius), labels


def choose_skeletons(labels: NDArray[np.int64], rng: np.random.Generator) -> Floats:
    """One of the skeletons of each label, at random: (n,) -> segments (n, SEGMENTS, 2 ends, 2 coordinates)."""
    table, counts = segment_table()
    first = np.cumsum(counts) - counts
    variant = rng.integers(counts[labels])
    segments: Floats = table[first[labels] + variant].astype(np.float32)
    return segments


def draw_bend(labels: NDArray[np.int64], rng: np.random.Generator) -> Floats:
    """How strongly each digit is bent (n,): some people write neatly and some do not.

    A one has so few strokes that the same bend would turn it into something else, so it gets half.
    """
    bend = rng.uniform(0.06, 0.2, len(labels)) * np.where(labels == 1, 0.5, 1.0)
    return bend.astype(np.float32)


def warp(segments: Floats, bend: Floats, rng: np.random.Generator) -> Floats:
    """Bend each digit smoothly: every coordinate is moved by three low sine waves along x and three along y."""
    n = len(segments)
    moved = segments.copy()
    for target in (0, 1):
        for source in (0, 1):
            for frequency in (1, 2, 3):
                amplitude = bend * rng.normal(0, 1, n) / frequency**0.7
                phase = rng.uniform(0, 2 * np.pi, n)
                angle = np.float32(1.3 * frequency) * segments[..., source] + _per_image(phase)
                moved[..., target] += _per_image(amplitude) * np.sin(angle)
    return moved


def apply_affine(segments: Floats, rng: np.random.Generator) -> Floats:
    """Random width, height, slant (on average a little to the right, as in most handwriting) and rotation."""
    n = len(segments)
    width = _per_image(np.exp(rng.normal(0, 0.22, n)))
    height = _per_image(np.exp(rng.normal(0, 0.06, n)))
    slant = _per_image(rng.normal(0.18, 0.22, n))
    angle = _per_image(rng.normal(0, 0.12, n))  # radians
    y = height * segments[..., 1]
    x = width * segments[..., 0] - slant * y
    cos, sin = np.cos(angle), np.sin(angle)
    return np.stack([cos * x - sin * y, sin * x + cos * y], axis=-1)


def fit_and_centre(segments: Floats, extent: NDArray[np.float64]) -> Floats:
    """Scale to pixels and centre, as MNIST was made: a box of 20 x 20, then the centre of mass in the middle.

    Args:
        segments: (n, SEGMENTS, 2, 2) in any unit.
        extent:   (n,) larger side of the skeleton's bounding box, in pixels (the pen adds its radius on each side).
    Returns:
        segments in pixel coordinates: pixel (row r, column c) has its centre at x = c, y = r.
    """
    low, high = segments.min(axis=(1, 2)), segments.max(axis=(1, 2))  # (n, 2)
    scale = extent / np.maximum((high - low).max(axis=1), 1e-6)
    # The ink lies along the segments, so their mean weighted by length is the centre of mass.
    lengths = np.linalg.norm(segments[:, :, 1] - segments[:, :, 0], axis=-1)
    weights = lengths / lengths.sum(axis=1, keepdims=True)
    mass = (segments.mean(axis=2) * weights[..., None]).sum(axis=1)  # (n, 2)
    scaled: Floats = (segments - mass[:, None, None]) * _per_image(scale)[..., None] + np.float32(_CENTRE)
    return scaled


# All ink of a segment lies within a window of 11 x 11 pixels around its middle: the pen's radius is at most 2.4, its
# soft edge 0.5, half a segment rarely more than 1.5. (A window of 17 x 17 gives the same 6,000 pictures, bit for bit.)
_REACH = 5
_WINDOW = np.arange(-_REACH, _REACH + 1)
_CANVAS = IMAGE_SIZE + 2 * _REACH
_CHUNK = 500  # images drawn at once, so that the canvas stays in the processor's cache


def render(segments: Floats, radius: Floats) -> NDArray[np.uint8]:
    """Draw the segments with a round pen: (n, SEGMENTS, 2, 2) in pixels, radius (n,) in pixels -> (n, 28, 28) uint8.

    The ink at a pixel falls from 1 to 0 with its distance to the nearest segment, over 1.2 pixels around the radius.
    """
    images = np.empty((len(segments), IMAGE_SIZE, IMAGE_SIZE), dtype=np.uint8)
    for start in range(0, len(segments), _CHUNK):
        part = slice(start, start + _CHUNK)
        distance = np.sqrt(_squared_distances(segments[part]))
        ink = np.clip((radius[part, None, None] + 0.5 - distance) / 1.2, 0, 1)
        images[part] = np.rint(255 * ink)
    return images


def _squared_distances(segments: Floats) -> Floats:
    """Squared distance of every pixel to the nearest segment, large where no segment is near: -> (n, 28, 28)."""
    n = len(segments)
    canvas = np.full((n, _CANVAS * _CANVAS), 1e6, dtype=np.float32)  # with a margin: no window leaves it
    image = np.arange(n)[:, None, None]
    for k in range(segments.shape[1]):
        start, end = segments[:, k, 0], segments[:, k, 1]  # (n, 2)
        middle = np.clip(np.rint((start + end) / 2), 0, IMAGE_SIZE - 1).astype(np.int64)
        pixels = middle[:, :, None] + _WINDOW  # (n, 2, 11): the window's columns, the window's rows
        place = (pixels[:, 1, :, None] + _REACH) * _CANVAS + (pixels[:, 0, None, :] + _REACH)  # (n, 11, 11)
        # Within one k no place occurs twice in an image, so reading, comparing and writing back is safe.
        canvas[image, place] = np.minimum(canvas[image, place], _window_distances(pixels, start, end))
    framed = canvas.reshape(n, _CANVAS, _CANVAS)
    return framed[:, _REACH:-_REACH, _REACH:-_REACH]


def _window_distances(pixels: NDArray[np.int64], start: Floats, end: Floats) -> Floats:
    """Squared distance from the pixels of a window to one segment per image.

    The nearest point of the segment is start + t (end - start), t = (pixel - start)·(end - start) / |end - start|²,
    t limited to [0, 1].

    Args:
        pixels:     (n, 2, w) columns and rows of the window.
        start, end: (n, 2) ends of the segment.
    Returns:
        (n, w, w), rows first.
    """
    along = end - start
    offset = pixels.astype(np.float32) - start[:, :, None]
    x, y = offset[:, 0, None, :], offset[:, 1, :, None]  # (n, 1, w) and (n, w, 1)
    dx, dy = along[:, 0, None, None], along[:, 1, None, None]
    t = np.clip((x * dx + y * dy) / np.maximum(dx * dx + dy * dy, 1e-6), 0, 1)
    squared: Floats = (x - t * dx) ** 2 + (y - t * dy) ** 2
    return squared


def _per_image(values: NDArray[np.floating]) -> Floats:
    """(n,) -> (n, 1, 1) float32, to be combined with one coordinate of all segment ends (n, SEGMENTS, 2)."""
    return values.astype(np.float32)[:, None, None]
