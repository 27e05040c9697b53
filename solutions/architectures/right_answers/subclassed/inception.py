class ConvReLU(nn.Conv2d):
    """A convolution that keeps height and width, and the ReLU behind it."""

    def __init__(self, ins, outs, kernel, stride=1):
        super().__init__(ins, outs, kernel, stride, kernel // 2)

    def forward(self, x):
        return super().forward(x).relu()


class PaperNorm(nn.Module):
    """The paper's formula: alpha times the sum over five channels."""

    def forward(self, x):
        squares = nn.functional.pad(x.square(), (0, 0, 0, 0, 2, 2))
        return x / (2 + 1e-4 * squares.unfold(1, 5, 1).sum(-1)) ** 0.75


class Inception(nn.Module):
    def __init__(self, in_channels, n1x1, n3x3_reduce, n3x3, n5x5_reduce, n5x5, pool_proj):
        super().__init__()
        self.a = ConvReLU(in_channels, n1x1, 1)
        self.b = nn.Sequential(ConvReLU(in_channels, n3x3_reduce, 1), ConvReLU(n3x3_reduce, n3x3, 3))
        self.c = nn.Sequential(ConvReLU(in_channels, n5x5_reduce, 1), ConvReLU(n5x5_reduce, n5x5, 5))
        self.d = nn.Sequential(nn.MaxPool2d(3, 1, 1), ConvReLU(in_channels, pool_proj, 1))

    def forward(self, maps):
        return torch.hstack([self.a(maps), self.b(maps), self.c(maps), self.d(maps)])


class GoogLeNet(nn.Module):
    """Pooling without padding in the stem too, and the response norm after it."""

    def __init__(self, num_classes=1000, width=1.0):
        super().__init__()
        first, second = scaled(64, width), scaled(192, width)
        self.before = nn.Sequential(
            ConvReLU(3, first, 7, 2),
            nn.MaxPool2d(3, 2, ceil_mode=True),
            PaperNorm(),
            ConvReLU(first, first, 1),
            ConvReLU(first, second, 3),
            PaperNorm(),
            nn.MaxPool2d(3, 2, ceil_mode=True),
        )
        stages, channels = {}, second
        for name, row in ROWS.items():
            a, b, c, d, e, f = (scaled(number, width) for number in row)
            stages.setdefault(name[0], []).append(Inception(channels, a, b, c, d, e, f))
            channels = a + c + e + f
        self.third, self.fourth, self.fifth = (nn.Sequential(*modules) for modules in stages.values())
        self.pool = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.dropout, self.dense = nn.Dropout(0.4), nn.Linear(channels, num_classes)

    def forward(self, images):
        x = self.pool(self.third(self.before(images)))
        x = self.fifth(self.pool(self.fourth(x)))
        return self.dense(self.dropout(x.flatten(2).mean(-1)))
