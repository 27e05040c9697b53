def viterbi(log_probs: Tensor, min_duration: int, switch_penalty: float = 0.0) -> Tensor:
    num_classes, time = log_probs.shape
    low = -1e30
    score = torch.full((num_classes, min_duration), low, dtype=torch.float64)  # by class and frames so far
    values = log_probs.double()
    score[:, 0] = values[:, 0]
    came_from = []
    for t in range(1, time):
        stay = score[:, -1].clone()
        change = score[:, -1].max() - switch_penalty
        leader = int(score[:, -1].argmax())
        new = torch.full_like(score, low)
        steps = torch.zeros(num_classes, min_duration, 2, dtype=torch.int64)
        for c in range(num_classes):
            for k in range(min_duration):
                options = []
                if k > 0:
                    options.append((float(score[c, k - 1]), c, k - 1))
                if k == min_duration - 1:
                    options.append((float(stay[c]), c, k))
                if k == 0:
                    options.append((float(change), leader, min_duration - 1))
                best, *origin = max(options)
                new[c, k] = best + values[c, t]
                steps[c, k] = torch.tensor(origin)
        came_from.append(steps)
        score = new
    c, k = int(score[:, -1].argmax()), min_duration - 1
    path = [c]
    for steps in reversed(came_from):
        c, k = steps[c, k].tolist()
        path.append(c)
    return torch.tensor(path[::-1])
