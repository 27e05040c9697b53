class BasicBlock(nn.Module):
    def __init__(self, in_channels, channels, stride=1, plain=False):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, channels, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.plain = plain
        self.downsample = None
        if not plain and not (stride == 1 and in_channels == channels):
            self.downsample = Shortcut(
                nn.Conv2d(in_channels, channels, 1, stride=stride, bias=False), nn.BatchNorm2d(channels)
            )

    def forward(self, maps):
        out = self.relu(self.bn1(self.conv1(maps)))
        out = self.bn2(self.conv2(out))
        if self.downsample is not None:
            out += self.downsample(maps)
        elif not self.plain:
            out += maps
        return self.relu(out)


class Bottleneck(nn.Module):
    def forward(self, maps):
        found = self.branch(maps)
        if self.shortcut is not None:
            found += self.shortcut(maps)
        return found.relu_()


class ResNet(nn.Module):
    def forward(self, images):
        x = images
        for part in self.features:
            x = x.relu_() if isinstance(part, nn.ReLU) else part(x)
        return self.head(x)
