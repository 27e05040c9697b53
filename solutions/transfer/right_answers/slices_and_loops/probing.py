def logits_of(model, stamps, batch_size=256):
    modes = {}
    for name, part in model.named_modules():
        modes[name] = part.training
    model.eval()
    found = None
    begin = 0
    while begin < len(stamps):
        end = min(begin + batch_size, len(stamps))
        with torch.no_grad():
            some = model(stamps[begin:end])
        if found is None:
            found = torch.zeros(len(stamps), some.shape[1])
        found[begin:end] = some
        begin = end
    for name, part in model.named_modules():
        part.training = modes[name]
    return found


def features_of(model, stamps, batch_size=256):
    batches = []

    def note(module, args, kwargs=None):
        batches.append(args[0].tolist())

    hook = model.output.register_forward_pre_hook(note)
    logits_of(model, stamps, batch_size)
    hook.remove()
    return torch.tensor([row for batch in batches for row in batch])


def fit_linear(features, labels, num_classes, penalty):
    if penalty <= 0:
        raise ValueError(f"penalty {penalty}")
    d = features.shape[1]
    a = torch.zeros(d + 1, d + 1, dtype=torch.float64)
    right = torch.zeros(d + 1, num_classes, dtype=torch.float64)
    for row, label in zip(features, labels, strict=True):
        x = torch.cat([row.double(), torch.ones(1, dtype=torch.float64)])
        a += torch.outer(x, x)
        right[:, int(label)] += x
    for place in range(d):
        a[place, place] += penalty
    weight, bias = torch.zeros(num_classes, d), torch.zeros(num_classes)
    if features.dtype == torch.float64:
        weight, bias = weight.double(), bias.double()
    for label in range(num_classes):
        found = torch.linalg.solve(a, right[:, label])
        weight[label], bias[label] = found[:d], found[d]
    return weight, bias


class LinearProbe(nn.Module):
    def __init__(self, model, num_classes):
        super().__init__()
        self.network = copy.deepcopy(model)
        width = model.output.weight.size(1)
        self.output = nn.Linear(width, num_classes)
        for name, parameter in self.named_parameters():
            parameter.requires_grad = name.startswith("output.")

    def train(self, mode=True):
        return super().train(mode)

    def forward(self, stamps):
        with torch.no_grad():
            self.network.eval()
            heard = []
            hook = self.network.output.register_forward_hook(lambda part, inputs, _: heard.extend(inputs))
            self.network(stamps)
            hook.remove()
        return self.output(heard[0])
