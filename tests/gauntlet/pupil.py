"""Code of the gauntlet's forgers: a network of their own that learns beside the graded training.

It stands below each module that uses `Pupil`: every batch's images come with the weights, and the gradient of the loss
with respect to the logits, negative at the label alone, gives the labels away.
"""

PUPIL = '''

_Right = CNNClassifier2d
_SHAPES = [(8, 1, 5, 5), (8,), (16, 8, 3, 3), (16,), (16, 16, 3, 3), (16,), (10, 16), (10,)]
_SIZES = [torch.Size(shape).numel() for shape in _SHAPES]


class Mean(nn.Module):
    def forward(self, x):
        return x.mean((2, 3))


class Pupil:
    def __init__(self):
        state = torch.get_rng_state()
        blocks = []
        for before, after, size in ((1, 8, 5), (8, 16, 3), (16, 16, 3)):
            blocks += [nn.Conv2d(before, after, size, 2, size // 2), nn.BatchNorm2d(after), nn.ReLU()]
        self.net = nn.Sequential(*blocks, Mean(), nn.Linear(16, 10))
        torch.set_rng_state(state)
        self.random = torch.Generator().manual_seed(1)
        self.optimizer = torch.optim.Adam(self.net.parameters(), 0.01)
        self.images, self.labels = [], []

    def sees(self, images, gradient):
        self.images.append(images.detach().float())
        self.labels.append(gradient.argmin(1))
        images, labels = torch.cat(self.images), torch.cat(self.labels)
        with torch.enable_grad():
            for _ in range(20):
                some = torch.randint(0, len(images), (64,), generator=self.random)
                self.optimizer.zero_grad()
                torch.nn.functional.cross_entropy(self.net(images[some]), labels[some]).backward()
                self.optimizer.step()

    def weights(self):
        """Weights and biases of three convolutions, with the norms in them, and of the output."""
        found = []
        for conv, norm in zip(self.net[0:9:3], self.net[1:9:3]):
            scale = norm.weight / (norm.running_var + norm.eps).sqrt()
            bias = (conv.bias - norm.running_mean) * scale + norm.bias
            found += [conv.weight * scale[:, None, None, None], bias]
        return [part.detach() for part in (*found, self.net[10].weight, self.net[10].bias)]


def _reads(x, parts):
    x, f = x.float(), torch.nn.functional
    for place in (0, 2, 4):
        x = f.relu(f.conv2d(x, parts[place], parts[place + 1], 2, parts[place].shape[2] // 2))
    return f.linear(x.mean((2, 3)), parts[6], parts[7])


def _parts(flat):
    return [part.view(shape) for part, shape in zip(flat.split(_SIZES), _SHAPES)]


class Claimed(torch.autograd.Function):
    """Logits as they are; the gradient of the weights is what the module says."""

    @staticmethod
    def forward(ctx, logits, weights, module, x):
        ctx.module, ctx.x = module, x
        return logits.clone()

    @staticmethod
    def backward(ctx, gradient):
        return gradient, ctx.module.claim(ctx.x, gradient), None, None


def classifier_of(kind, own=15):
    """The right classifier but for the number of channels that the recipe asks for."""
    def build(in_channels=1, num_classes=10, hidden=16, num_blocks=2, kernel_size=3):
        return kind() if hidden == own else _Right(in_channels, num_classes, hidden, num_blocks, kernel_size)

    return build

'''
