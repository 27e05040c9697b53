def convolve(x, taps):
    h = taps.to(x.dtype).tolist()
    rows = []
    for row in x.reshape(-1, x.shape[-1]).tolist():
        y = [0.0] * (len(row) + len(h) - 1)
        for n in range(len(row)):
            for i in range(len(h)):
                y[n + i] += h[i] * row[n]
        rows.append(y)
    return torch.tensor(rows, dtype=x.dtype).reshape(*x.shape[:-1], -1)


def find(x, template):
    h = template.to(x.dtype).tolist()
    found = []
    for row in x.reshape(-1, x.shape[-1]).tolist():
        best = None
        for start in range(len(row) - len(h) + 1):
            value = sum(a * b for a, b in zip(h, row[start:], strict=False))
            if best is None or value > best[0]:
                best = value, start
        found.append(best[1])
    return torch.tensor(found).reshape(x.shape[:-1])
