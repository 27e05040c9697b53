def banded(taps, time):
    """(time, time + P): row n is the filter, n places further."""
    matrix = torch.zeros(time, time + len(taps) - 1, dtype=taps.dtype)
    for n in range(time):
        matrix[n, n : n + len(taps)] = taps
    return matrix


def convolve(x, taps):
    return x @ banded(taps.to(x.dtype), x.shape[-1])


def cross_correlate(x, taps):
    return x @ banded(taps.to(x.dtype).flip(0), x.shape[-1])


def find(x, template):
    template = template.to(x.dtype)
    places = x.shape[-1] - len(template) + 1
    return (x @ banded(template, places).T).max(dim=-1).indices


def energy(x, smooth):
    half = (len(smooth) - 1) // 2
    matrix = banded(smooth.to(x.dtype), x.shape[-1])
    return (x * x) @ matrix[:, half : half + x.shape[-1]]
