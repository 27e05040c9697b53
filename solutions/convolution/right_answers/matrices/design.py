def impulse_response(response):
    n = 2 * len(response) - 2
    whole = torch.cat([response, response[1:-1].flip(0)]).double()
    k = torch.arange(n, dtype=torch.float64)
    times = k - n // 2
    return torch.cos(2 * torch.pi * times[:, None] * k / n) @ whole / n


def frequency_response(taps, num_frequencies):
    f = torch.linspace(0, 0.5, num_frequencies, dtype=torch.float64)
    kernel = torch.exp(-2j * torch.pi * f[:, None] * torch.arange(len(taps)))
    return (kernel * taps).sum(dim=1)
