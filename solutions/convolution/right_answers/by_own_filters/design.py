from . import filtering


def highpass(taps):
    """The taps as a filter of a unit impulse, taken from the impulse."""
    impulse = torch.zeros(len(taps), dtype=torch.float64)
    impulse[len(taps) // 2] = 1
    half = len(taps) // 2
    passed = filtering.convolve(impulse, taps.double())[half : half + len(taps)]
    return impulse - passed
