def fourier_kernels(n_fft):
    n = torch.arange(n_fft, dtype=torch.float64)
    window = torch.sin(math.pi * n / n_fft) ** 2
    turning = torch.exp(-2j * math.pi * n[: n_fft // 2 + 1, None] * n / n_fft) * window
    return torch.stack([turning.real, turning.imag])


def spectrogram(x, n_fft, hop_length):
    frames = x.unfold(-1, n_fft, hop_length)
    cosines, sines = fourier_kernels(n_fft).to(x.dtype)
    return ((frames @ cosines.T) ** 2 + (frames @ sines.T) ** 2).mT
