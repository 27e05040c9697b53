import numpy as np


def impulse_response(response):
    return torch.from_numpy(np.fft.fftshift(np.fft.irfft(response.double().numpy())))


def frequency_response(taps, num_frequencies):
    f = np.linspace(0, 0.5, num_frequencies)
    return torch.from_numpy(np.exp(-2j * np.pi * np.outer(f, np.arange(len(taps)))) @ taps.double().numpy())


def highpass(taps):
    return torch.from_numpy(np.eye(len(taps))[len(taps) // 2] - taps.numpy())
