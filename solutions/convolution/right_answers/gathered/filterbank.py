class Bank(nn.Module):
    """A convolution with these filters, by windows."""

    def __init__(self, taps, stride):
        super().__init__()
        self.weight, self.stride = nn.Parameter(taps.unsqueeze(1)), stride

    def forward(self, x):
        windows = x[:, 0].unfold(1, self.weight.shape[2], self.stride)
        return torch.einsum("bmk,fok->bfm", windows, self.weight)


class FrontEnd(nn.Module):
    def __init__(self, num_filters=24, kernel_size=257, stride=40, sample_rate=8000):
        super().__init__()
        edges = band_edges(num_filters, sample_rate) / sample_rate
        window = torch.hann_window(kernel_size, periodic=False, dtype=torch.float64)
        taps = [bandpass(*edges[i : i + 2].tolist(), kernel_size, window) for i in range(num_filters)]
        self.filters = Bank(torch.stack(taps).float(), stride)
