def convolve(x, taps):
    products = x[..., None] * taps.to(x.dtype)  # (..., time, taps)
    time, count = products.shape[-2:]
    wide = torch.cat([products, products.new_zeros(*products.shape[:-1], time)], dim=-1)
    skewed = wide.flatten(-2)[..., : time * (time + count - 1)]
    return skewed.unflatten(-1, (time, time + count - 1)).sum(dim=-2)


def cross_correlate(x, taps):
    count, time = len(taps), x.shape[-1]
    products = x[..., None] * taps.to(x.dtype).flip(0)
    places = torch.arange(time)[:, None] + torch.arange(count)
    result = x.new_zeros(*x.shape[:-1], time + count - 1)
    return result.index_add(-1, places.flatten(), products.flatten(-2))


def energy(x, smooth):
    count, time = len(smooth), x.shape[-1]
    products = (x.pow(2).reshape(-1, 1, time) * smooth.to(x.dtype)[None, :, None]).contiguous()
    full = torch.nn.functional.fold(products, (1, time + count - 1), (1, count))[:, 0, 0]
    return full.reshape(*x.shape[:-1], -1)[..., count // 2 : count // 2 + time]
