import torch.nn.functional as F


def convolve(x, taps):
    zeros = len(taps) - 1
    return F.pad(x, (zeros, zeros)).unfold(-1, len(taps), 1) @ taps.to(x.dtype).flip(0)


def cross_correlate(x, taps):
    zeros = len(taps) - 1
    return F.pad(x, (zeros, zeros)).unfold(-1, len(taps), 1) @ taps.to(x.dtype)


def find(x, template):
    return torch.argmax(x.unfold(-1, len(template), 1) @ template.to(x.dtype), dim=-1)


def energy(x, smooth):
    zeros = len(smooth) // 2
    return F.pad(x**2, (zeros, zeros)).unfold(-1, len(smooth), 1) @ smooth.flip(-1).to(x.dtype)
