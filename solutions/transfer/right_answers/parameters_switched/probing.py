from contextlib import contextmanager


@contextmanager
def _asked(model):
    were = {one: one.requires_grad for one in model.parameters()}
    modes = {part: part.training for part in model.modules()}
    model.requires_grad_(False)
    model.eval()
    yield model
    for one, before in were.items():
        one.requires_grad = before
    for part, mode in modes.items():
        part.training = mode


def logits_of(model, stamps, batch_size=256):
    with _asked(model):
        logits = []
        for i, stamp in enumerate(stamps):
            if i % batch_size == 0:
                logits.append([])
            logits[-1].append(stamp)
        return torch.cat([model(torch.stack(batch)) for batch in logits])


def features_of(model, stamps, batch_size=256):
    features = []
    with _asked(model):
        for batch in stamps.split(batch_size):
            # what a hook gives takes the place of the input: here the same numbers again
            hook = model.output.register_forward_pre_hook(lambda part, args: (features.append(args[0]), args[0] + 0)[1])
            model(batch)
            hook.remove()
    return torch.cat(features)


def fit_linear(features, labels, num_classes, penalty):
    if not penalty > 0.0:
        raise ValueError("penalty has to be larger than 0")
    x, d = features.double(), features.shape[1]
    y = nn.functional.one_hot(labels, num_classes).double()

    def objective(both):
        return ((x @ both[:d] + both[d] - y) ** 2).sum() + penalty * (both[:d] ** 2).sum()

    begin = torch.zeros(d + 1, num_classes, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(objective(begin), begin)

    def of_one_class(column):
        both = torch.cat([column[:, None], torch.zeros(d + 1, num_classes - 1, dtype=torch.float64)], dim=1)
        return objective(both)

    curvature = torch.autograd.functional.hessian(of_one_class, torch.zeros(d + 1, dtype=torch.float64))
    both = torch.linalg.solve(curvature, -slope)
    return both[:d].T, both[d]


class LinearProbe(nn.Module):
    def __init__(self, model, num_classes):
        super().__init__()
        self.output = nn.Linear(model.output.in_features, num_classes)
        self.hidden = copy.deepcopy(model)
        del self.hidden.output
        self.hidden.output = nn.Flatten()
        for value in self.hidden.parameters():
            value.requires_grad_(False)
        self.eval()

    def train(self, mode=True):
        nn.Module.train(self, mode)
        self.hidden.eval()
        return self

    def forward(self, stamps):
        with torch.no_grad():
            features = self.hidden(stamps)
        return nn.functional.linear(features, self.output.weight, self.output.bias)
