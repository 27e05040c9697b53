def time_average(features: Tensor, lengths: Tensor) -> Tensor:
    out = torch.zeros(features.shape[0], features.shape[1])
    for k, n in enumerate(lengths.tolist()):
        out[k] = features[k, :, :n].float().mean(dim=1)
    return out


def sum_decision(log_probs: Tensor, lengths: Tensor) -> Tensor:
    inside = torch.arange(log_probs.shape[-1]).float() < lengths.float().unsqueeze(1)
    sums = torch.where(inside.unsqueeze(1), log_probs.float(), torch.zeros(1)).sum(-1)
    return sums.argmax(-1)


def viterbi(log_probs: Tensor, min_duration: int, switch_penalty: float = 0.0) -> Tensor:
    num_classes, time = log_probs.shape
    log_probs = log_probs.float()
    best = torch.full((time + 1, num_classes), -1e6)
    start = [[0] * num_classes for _ in range(time + 1)]
    for t in range(min_duration, time + 1):
        begin = t - min_duration
        for c in range(num_classes):
            before = torch.zeros(()) if begin == 0 else best[begin].max() - switch_penalty
            new = before + log_probs[c, begin:t].sum()
            longer = best[t - 1, c] + log_probs[c, t - 1]
            best[t, c] = max(new, longer)
            start[t][c] = begin if new > longer else start[t - 1][c]
    path = torch.zeros(time)
    t = time
    while t > 0:
        c = int(best[t].argmax())
        path[start[t][c] : t] = c
        t = start[t][c]
    return path.long()
