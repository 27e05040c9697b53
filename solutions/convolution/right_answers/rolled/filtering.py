def convolve(x, taps):
    longer = torch.cat([x, x.new_zeros(*x.shape[:-1], len(taps) - 1)], dim=-1)
    return sum(tap * longer.roll(i, dims=-1) for i, tap in enumerate(taps.to(x.dtype)))


def cross_correlate(x, taps):
    longer = torch.cat([x.new_zeros(*x.shape[:-1], len(taps) - 1), x], dim=-1)
    return sum(tap * longer.roll(-i, dims=-1) for i, tap in enumerate(taps.to(x.dtype)))
