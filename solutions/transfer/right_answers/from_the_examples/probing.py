def _as_it_was(model, modes):
    for part, mode in modes:
        nn.Module.train(part, mode)


@torch.no_grad()
def logits_of(model, stamps, batch_size=256):
    modes = [(part, part.training) for part in model.modules()]  # from outside to inside: the inner ones come last
    model.train(False)
    number = -(-stamps.shape[0] // batch_size)
    found = torch.concat(list(map(model, torch.tensor_split(stamps, number))))
    _as_it_was(model, modes)
    return found


@torch.no_grad()
def features_of(model, stamps, batch_size=256):
    heard = []
    forward = model.output.forward

    def spy(x):
        heard.append(x.clone())
        return forward(x)

    model.output.forward = spy
    logits_of(model, stamps, batch_size)
    model.output.forward = forward
    return torch.concat(heard)


def fit_linear(features, labels, num_classes, penalty):
    if penalty > 0:
        x = features.double()
        n = len(x)
        centre = torch.eye(n, dtype=x.dtype) - 1 / n
        y = torch.zeros(n, num_classes, dtype=x.dtype).scatter_(1, labels[:, None], 1.0)
        kernel = centre @ x @ x.T @ centre
        each = torch.cholesky_solve(centre @ y, torch.linalg.cholesky(kernel + penalty * torch.eye(n, dtype=x.dtype)))
        weight = each.T @ centre @ x
        return weight, (y - x @ weight.T).mean(0)
    raise ValueError("penalty")


class LinearProbe(nn.Module):
    def __init__(self, model, num_classes):
        super().__init__()
        self.stem = copy.deepcopy(model)
        self.stem.output = nn.Sequential()
        self.stem.requires_grad_(False).train(False)
        self.output = nn.Linear(model.output.in_features, num_classes)

    def train(self, mode=True):
        self.training = mode
        for part in self.children():
            part.train(mode)
        self.stem.eval()
        return self

    def forward(self, stamps):
        return self.output(self.stem(stamps).detach())
