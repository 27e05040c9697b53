class ConvNorm(nn.Conv2d):
    """A convolution without bias, padded so that stride 1 keeps the size, and the norm behind it."""

    def __init__(self, ins, outs, kernel, stride=1):
        super().__init__(ins, outs, kernel, stride=stride, padding=kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(outs)

    def forward(self, x):
        return self.norm(super().forward(x))


class Residual(nn.Module):
    """What both blocks share: the shortcut, the sum, the last ReLU. `branch` is the subclasses'."""

    expansion = 1

    def __init__(self, in_channels, channels, stride=1, plain=False):
        super().__init__()
        out = self.expansion * channels
        self.branch = self.make_branch(in_channels, channels, out, stride)
        if plain:
            self.forward = self.plain_forward
        elif stride == 1 and in_channels == out:
            self.shortcut = nn.Identity()
        else:
            self.shortcut = Shortcut(ConvNorm(in_channels, out, 1, stride))

    def plain_forward(self, maps):
        return nn.functional.relu(self.branch(maps))

    def forward(self, maps):
        return nn.functional.relu(self.shortcut(maps) + self.branch(maps))


class BasicBlock(Residual):
    def make_branch(self, ins, channels, out, stride):
        return nn.Sequential(ConvNorm(ins, channels, 3, stride), nn.ReLU(), ConvNorm(channels, out, 3))


class Bottleneck(Residual):
    expansion = 4

    def make_branch(self, ins, channels, out, stride):
        return nn.Sequential(
            ConvNorm(ins, channels, 1),
            nn.ReLU(),
            ConvNorm(channels, channels, 3, stride),
            nn.ReLU(),
            ConvNorm(channels, out, 1),
        )


class ResNet(nn.Sequential):
    def __init__(self, block, layers, num_classes=1000, width=1.0, plain=False):
        first, second, third, fourth = (scaled(number, width) for number in (64, 128, 256, 512))
        before = [first, *(number * block.expansion for number in (first, second, third, fourth))]

        def stage(number, channels, stride):
            yield block(before[number], channels, stride=stride, plain=plain)
            for _ in range(layers[number] - 1):
                yield block(before[number + 1], channels, plain=plain)

        super().__init__(
            ConvNorm(3, first, 7, 2),
            nn.ReLU(),
            nn.MaxPool2d(3, 2, 1),
            *stage(0, first, 1),
            *stage(1, second, 2),
            *stage(2, third, 2),
            *stage(3, fourth, 2),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(before[4], num_classes),
        )
