class _Listener(nn.Module):
    def __init__(self, output):
        super().__init__()
        self.output = output
        self.heard = []

    def forward(self, features):
        self.heard += [features.detach().clone()]
        return self.output(features)


def logits_of(model, stamps, batch_size=256):
    before = {part: part.training for part in model.modules()}
    on = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    for part in before:
        part.training = False
    results = None
    for batch in torch.split(stamps, batch_size, dim=0):
        found = model(batch)
        results = found if results is None else torch.cat((results, found), 0)
    for part, mode in before.items():
        part.training = mode
    torch.set_grad_enabled(on)
    return results


def features_of(model, stamps, batch_size=256):
    old = model.output
    listener = _Listener(old)
    model.output = listener
    try:
        logits_of(model, stamps, batch_size)
    finally:
        model.output = old
    return torch.cat(listener.heard)


def fit_linear(features, labels, num_classes, penalty):
    if not penalty > 0:
        raise ValueError(penalty)
    ones = torch.ones(len(features), 1, dtype=torch.float64)
    extended = torch.cat((features.double(), ones), dim=1)
    onehot = torch.eye(num_classes, dtype=torch.float64)[labels]
    held = torch.full((extended.shape[1],), float(penalty), dtype=torch.float64)
    held[-1] = 0.0
    found = torch.inverse(extended.T @ extended + torch.diag(held)) @ (extended.T @ onehot)
    return found[:-1].T.contiguous().to(features.dtype), found[-1].to(features.dtype)


class LinearProbe(nn.Module):
    def __init__(self, model, num_classes):
        super().__init__()
        self.model = copy.deepcopy(model)
        self.model.requires_grad_(False)
        self.model.output = self.output = nn.Linear(self.model.output.in_features, num_classes)
        self.model.eval()

    def train(self, mode=True):
        super().train(mode)
        for part in self.model.modules():
            part.training = False
        return self

    def forward(self, stamps):
        return self.model(stamps)
