def convolve(x, taps):
    return fft_convolve(x.double(), taps.to(x.dtype)).to(x.dtype)


def fft_convolve(x, taps):
    due = x.shape[-1] + taps.shape[0] - 1
    points = 1 << (due - 1).bit_length()
    spectrum = torch.fft.fft(x, points) * torch.fft.fft(taps.to(x.dtype), points)
    return torch.fft.ifft(spectrum).real[..., :due]


def fft_cross_correlate(x, taps):
    return fft_convolve(x, taps.flip(0))
