from .layers import Conv1d


def spectrogram(x, n_fft, hop_length):
    kernels = fourier_kernels(n_fft).to(x)
    cosines, sines = (F.conv1d(x.unsqueeze(1), one.unsqueeze(1), stride=hop_length) for one in kernels)
    return cosines**2 + sines**2


class FrontEnd(nn.Module):
    def __init__(self, num_filters=24, kernel_size=257, stride=40, sample_rate=8000):
        super().__init__()
        self.filters = Conv1d(1, num_filters, kernel_size, stride, bias=False)
        edges = band_edges(num_filters, sample_rate).div(sample_rate)
        window = torch.hann_window(kernel_size, periodic=False)
        with torch.no_grad():
            for i in range(num_filters):
                band = bandpass(float(edges[i]), float(edges[i + 1]), kernel_size, window)
                self.filters.weight[i, 0] = band.to(torch.float32)
