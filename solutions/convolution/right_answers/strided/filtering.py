def convolve(x, taps):
    return cross_correlate(x, torch.flip(taps, (0,)))


def cross_correlate(x, taps):
    count = len(taps)
    longer = x.new_zeros(*x.shape[:-1], x.shape[-1] + 2 * (count - 1))
    longer[..., count - 1 : count - 1 + x.shape[-1]] = x
    windows = longer.as_strided((*x.shape[:-1], x.shape[-1] + count - 1, count), (*longer.stride()[:-1], 1, 1))
    return (windows * taps.to(x.dtype)).sum(dim=-1)
