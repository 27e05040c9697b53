def convolved(number, kernel, stride=1):
    return [nn.LazyConv2d(number, kernel, stride, kernel // 2, bias=False), nn.LazyBatchNorm2d()]


class BasicBlock(nn.Module):
    def __init__(self, in_channels, channels, stride=1, plain=False):
        super().__init__()
        self.branch = nn.Sequential(*convolved(channels, 3, stride), nn.ReLU(), *convolved(channels, 3))
        self.shortcut = None if plain else nn.Identity()
        if not plain and (stride, in_channels) != (1, channels):
            self.shortcut = Shortcut(*convolved(channels, 1, stride))


class Bottleneck(nn.Module):
    def __init__(self, in_channels, channels, stride=1, plain=False):
        super().__init__()
        self.branch = nn.Sequential(
            *convolved(channels, 1),
            nn.ReLU(),
            *convolved(channels, 3, stride),
            nn.ReLU(),
            *convolved(4 * channels, 1),
        )
        self.shortcut = None if plain else nn.Identity()
        if not plain and (stride, in_channels) != (1, 4 * channels):
            self.shortcut = Shortcut(*convolved(4 * channels, 1, stride))


class ResNet(nn.Module):
    def __init__(self, block, layers, num_classes=1000, width=1.0, plain=False):
        super().__init__()
        parts = [*convolved(scaled(64, width), 7, 2), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
        before = scaled(64, width)
        for stage, count in enumerate(layers):
            channels = scaled((64, 128, 256, 512)[stage], width)
            strides = [min(stage, 1) + 1] + [1] * (count - 1)
            for stride in strides:
                parts.append(block(before, channels, stride, plain))
                before = channels * block.expansion
        self.features = nn.Sequential(*parts)
        self.head = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.LazyLinear(num_classes))
