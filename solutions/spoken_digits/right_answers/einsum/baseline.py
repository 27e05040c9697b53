def time_average(features: Tensor, lengths: Tensor) -> Tensor:
    weights = (torch.arange(features.shape[2])[None] < lengths[:, None]).to(features.dtype) / lengths[:, None]
    return torch.einsum("bft,bt->bf", features, weights)


def sum_decision(log_probs: Tensor, lengths: Tensor) -> Tensor:
    weights = (torch.arange(log_probs.shape[2])[None] < lengths[:, None]).to(log_probs.dtype)
    return torch.einsum("bct,bt->bc", log_probs, weights).argmax(1)
