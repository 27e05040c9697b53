def layers_of(table):
    """Convolution and norm of each row: what comes in, what comes out, kernel, stride."""
    convolutions, norms = nn.ModuleList(), nn.ModuleList()
    for ins, outs, kernel, stride in table:
        convolutions.append(nn.Conv2d(ins, outs, kernel, stride=stride, padding=kernel // 2, bias=False))
        norms.append(nn.BatchNorm2d(outs))
    return convolutions, norms


def through(block, maps):
    x = maps
    for number, (convolution, norm) in enumerate(zip(block.convolutions, block.norms, strict=True), start=1):
        x = norm(convolution(x))
        if number < len(block.norms):
            x = x.relu()
    for way in block.around:
        x = way(maps) + x
    return x.relu()


def around(ins, outs, stride, plain):
    if plain:
        return nn.ModuleList()
    if (ins, stride) == (outs, 1):
        return nn.ModuleList([nn.Identity()])
    return nn.ModuleList([Shortcut(nn.Conv2d(ins, outs, 1, stride=stride, bias=False), nn.BatchNorm2d(outs))])


class BasicBlock(nn.Module):
    def __init__(self, in_channels, channels, stride=1, plain=False):
        super().__init__()
        self.convolutions, self.norms = layers_of([(in_channels, channels, 3, stride), (channels, channels, 3, 1)])
        self.around = around(in_channels, channels, stride, plain)

    def forward(self, maps):
        return through(self, maps)


class Bottleneck(nn.Module):
    def __init__(self, in_channels, channels, stride=1, plain=False):
        super().__init__()
        outs = channels * Bottleneck.expansion
        table = [(in_channels, channels, 1, 1), (channels, channels, 3, stride), (channels, outs, 1, 1)]
        self.convolutions, self.norms = layers_of(table)
        self.around = around(in_channels, outs, stride, plain)

    def forward(self, maps):
        return through(self, maps)


class ResNet(nn.Module):
    def __init__(self, block, layers, num_classes=1000, width=1.0, plain=False):
        super().__init__()
        (convolution,), (norm,) = layers_of([(3, scaled(64, width), 7, 2)])
        self.parts = nn.ModuleList([convolution, norm, nn.ReLU(), nn.MaxPool2d(3, 2, 1)])
        table = []
        for stage in range(4):
            table += [(64 << stage, 2 if place == 0 and stage > 0 else 1) for place in range(layers[stage])]
        channels = scaled(64, width)
        for number, stride in table:
            self.parts.append(block(channels, scaled(number, width), stride, plain))
            channels = scaled(number, width) * block.expansion
        self.parts += [nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten(), nn.Linear(channels, num_classes)]

    def forward(self, images):
        x = images
        for part in self.parts:
            x = part(x)
        return x
