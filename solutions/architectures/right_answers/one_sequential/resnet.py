class Sum(nn.Module):
    """What comes out of several ways, added up."""

    def __init__(self, *ways):
        super().__init__()
        self.ways = nn.ModuleList(ways)

    def forward(self, maps):
        return sum(way(maps) for way in self.ways)


def block_of(branch, in_channels, out_channels, stride, plain):
    if plain:
        return [branch, nn.ReLU()]
    if in_channels == out_channels and stride == 1:
        return [Sum(nn.Identity(), branch), nn.ReLU()]
    projection = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
    return [Sum(Shortcut(projection, nn.BatchNorm2d(out_channels)), branch), nn.ReLU()]


class BasicBlock(nn.Sequential):
    expansion = 1

    def __init__(self, in_channels, channels, stride=1, plain=False):
        branch = nn.Sequential(
            nn.Conv2d(in_channels, channels, 3, stride, 1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 3, 1, 1, bias=False),
            nn.BatchNorm2d(channels),
        )
        super().__init__(*block_of(branch, in_channels, channels, stride, plain))


class Bottleneck(nn.Sequential):
    expansion = 4

    def __init__(self, in_channels, channels, stride=1, plain=False):
        branch = nn.Sequential(
            nn.Conv2d(in_channels, channels, 1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 3, stride, 1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.Conv2d(channels, channels * 4, 1, bias=False),
            nn.BatchNorm2d(channels * 4),
        )
        super().__init__(*block_of(branch, in_channels, channels * 4, stride, plain))


class ResNet(nn.Sequential):
    def __init__(self, block, layers, num_classes=1000, width=1.0, plain=False):
        channels = scaled(64, width)
        conv = nn.Conv2d(3, channels, 7, 2, 3, bias=False)
        super().__init__(conv, nn.BatchNorm2d(channels), nn.ReLU(), nn.MaxPool2d(3, 2, 1))
        for stage in range(4):
            number = scaled(2 ** (6 + stage), width)
            for place in range(layers[stage]):
                self.append(block(channels, number, 2 if place == 0 and stage != 0 else 1, plain))
                channels = number * block.expansion
        self.extend([nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, num_classes)])
