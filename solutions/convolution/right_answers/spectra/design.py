def impulse_response(response):
    whole = torch.cat([response, response[1:-1].flip(0)]).double()
    return torch.fft.fftshift(torch.fft.ifft(whole).real)


def frequency_response(taps, num_frequencies):
    period = 2 * (num_frequencies - 1)
    folded = torch.zeros(-(-len(taps) // period) * period, dtype=torch.float64)
    folded[: len(taps)] = taps
    return torch.fft.rfft(folded.reshape(-1, period).sum(dim=0))
