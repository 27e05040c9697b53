def logits_of(model, stamps, batch_size=256):
    asked = copy.deepcopy(model).eval()
    with torch.inference_mode():
        found = [asked(stamps[begin : begin + batch_size]) for begin in range(0, len(stamps), batch_size)]
    return torch.vstack(found)


def features_of(model, stamps, batch_size=256):
    without = copy.deepcopy(model)
    without.output = nn.Identity()
    return logits_of(without, stamps, batch_size)


def fit_linear(features, labels, num_classes, penalty):
    if penalty <= 0:
        raise ValueError("a penalty larger than 0, please")
    x = features.to(torch.float64)
    n, d = x.shape
    above = torch.cat([x, x.new_ones(n, 1)], dim=1)
    below = torch.cat([penalty**0.5 * torch.eye(d, dtype=x.dtype), x.new_zeros(d, 1)], dim=1)
    targets = torch.zeros(n + d, num_classes, dtype=x.dtype)
    targets[range(n), labels] = 1
    found = torch.linalg.lstsq(torch.cat([above, below]), targets).solution
    return found[:-1].T, found[-1]


class LinearProbe(nn.Module):
    def __init__(self, model, num_classes):
        super().__init__()
        self.backbone = copy.deepcopy(model)
        self.backbone.eval()
        for parameter in self.backbone.parameters():
            parameter.requires_grad = False
        width = model.output.weight.shape[1]
        self.output = nn.Linear(width, num_classes, bias=True)

    def train(self, mode=True):
        self.training = mode
        self.output.train(mode)
        return self

    def forward(self, stamps):
        return self.output(features_of(self.backbone, stamps, len(stamps)))
