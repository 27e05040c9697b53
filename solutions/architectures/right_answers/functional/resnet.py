import torch.nn.functional as F


class BasicBlock(nn.Module):
    def __init__(self, in_channels, channels, stride=1, plain=False):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, channels, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(channels)
        self.plain = plain
        self.projection = None
        if not plain and (stride > 1 or in_channels != channels):
            self.projection = Shortcut(
                nn.Conv2d(in_channels, channels, 1, stride, bias=False), nn.BatchNorm2d(channels)
            )

    def forward(self, maps):
        out = F.relu(self.norm1(self.conv1(maps)))
        out = self.norm2(self.conv2(out))
        if not self.plain:
            out = out + (maps if self.projection is None else self.projection(maps))
        return F.relu(out)


class Bottleneck(nn.Module):
    def __init__(self, in_channels, channels, stride=1, plain=False):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, channels, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, stride, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(channels)
        self.conv3 = nn.Conv2d(channels, 4 * channels, 1, bias=False)
        self.norm3 = nn.BatchNorm2d(4 * channels)
        self.plain = plain
        self.projection = None
        if not plain and (stride > 1 or in_channels != 4 * channels):
            self.projection = Shortcut(
                nn.Conv2d(in_channels, 4 * channels, 1, stride, bias=False), nn.BatchNorm2d(4 * channels)
            )

    def forward(self, maps):
        out = F.relu(self.norm1(self.conv1(maps)))
        out = F.relu(self.norm2(self.conv2(out)))
        out = self.norm3(self.conv3(out))
        if not self.plain:
            out = out + (maps if self.projection is None else self.projection(maps))
        return F.relu(out)


class ResNet(nn.Module):
    def __init__(self, block, layers, num_classes=1000, width=1.0, plain=False):
        super().__init__()
        numbers = [scaled(number, width) for number in (64, 128, 256, 512)]
        self.conv = nn.Conv2d(3, numbers[0], 7, 2, 3, bias=False)
        self.norm = nn.BatchNorm2d(numbers[0])
        before = numbers[0]
        self.blocks = nn.ModuleList()
        for number, count, stride in zip(numbers, layers, (1, 2, 2, 2), strict=True):
            for place in range(count):
                self.blocks.append(block(before, number, 1 if place else stride, plain))
                before = number * block.expansion
        self.output = nn.Linear(before, num_classes)

    def forward(self, images):
        x = F.max_pool2d(F.relu(self.norm(self.conv(images))), 3, 2, 1)
        for one in self.blocks:
            x = one(x)
        return self.output(F.adaptive_avg_pool2d(x, 1).flatten(1))
