import cmath
import math


def impulse_response(response):
    n = 2 * (len(response) - 1)
    values = response.tolist()
    found = []
    for time in range(-(n // 2), n - n // 2):
        total = values[0] + values[-1] * (-1) ** time
        for k in range(1, len(values) - 1):
            total += 2 * values[k] * math.cos(2 * math.pi * k * time / n)
        found.append(total / n)
    return torch.tensor(found, dtype=torch.float64)


def frequency_response(taps, num_frequencies):
    found = []
    for k in range(num_frequencies):
        f = 0.5 * k / (num_frequencies - 1)
        found.append(sum(float(tap) * cmath.exp(-2j * math.pi * f * i) for i, tap in enumerate(taps)))
    return torch.tensor(found, dtype=torch.complex128)


def highpass(taps):
    impulse = torch.zeros(len(taps), dtype=torch.float64)
    impulse[(len(taps) - 1) // 2] = 1
    return impulse - taps
