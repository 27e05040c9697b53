def time_average(features: Tensor, lengths: Tensor) -> Tensor:
    averages = []
    for clip, length in zip(features, lengths.tolist(), strict=True):
        averages.append(clip[:, :length].mean(dim=1))
    return torch.stack(averages)


def sum_decision(log_probs: Tensor, lengths: Tensor) -> Tensor:
    decisions = []
    for clip, length in zip(log_probs, lengths.tolist(), strict=True):
        decisions.append(int(clip[:, :length].sum(dim=1).argmax()))
    return torch.tensor(decisions)
