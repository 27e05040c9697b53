import torch


class BasicBlock(nn.Module):
    def __init__(self, in_channels, channels, stride=1, plain=False):
        super().__init__()
        self.branch = nn.Sequential()
        self.branch.add_module(
            "conv1", nn.Conv2d(in_channels, channels, (3, 3), stride=stride, padding=(1, 1), bias=False)
        )
        self.branch.add_module("bn1", nn.BatchNorm2d(channels))
        self.branch.add_module("relu", nn.ReLU())
        self.branch.add_module("conv2", nn.Conv2d(channels, channels, (3, 3), padding=(1, 1), bias=False))
        self.branch.add_module("bn2", nn.BatchNorm2d(channels))
        self.ways = nn.ModuleDict({"branch": self.branch})
        if not plain:
            around = nn.Identity()
            if in_channels != channels or stride != 1:
                around = Shortcut()
                around.add_module("conv", nn.Conv2d(in_channels, channels, 1, stride=stride, bias=False))
                around.add_module("bn", nn.BatchNorm2d(channels))
            self.ways["downsample"] = around

    def forward(self, maps):
        ways = [way(maps) for way in self.ways.values()]
        return torch.stack(ways).sum(0).relu()


class Bottleneck(nn.Module):
    def __init__(self, in_channels, channels, stride=1, plain=False):
        super().__init__()
        self.branch = nn.Sequential()
        sizes = {"1x1a": (in_channels, channels, 1, 1), "3x3": (channels, channels, 3, stride)}
        sizes["1x1b"] = (channels, 4 * channels, 1, 1)
        for name, (ins, outs, kernel, step) in sizes.items():
            self.branch.add_module(f"conv_{name}", nn.Conv2d(ins, outs, kernel, step, kernel // 2, bias=False))
            self.branch.add_module(f"bn_{name}", nn.BatchNorm2d(outs))
            if name != "1x1b":
                self.branch.add_module(f"relu_{name}", nn.ReLU())
        self.ways = nn.ModuleDict({"branch": self.branch})
        if not plain:
            around = nn.Identity()
            if in_channels != 4 * channels or stride != 1:
                around = Shortcut()
                around.add_module("conv", nn.Conv2d(in_channels, 4 * channels, 1, stride=stride, bias=False))
                around.add_module("bn", nn.BatchNorm2d(4 * channels))
            self.ways["downsample"] = around

    def forward(self, maps):
        ways = [way(maps) for way in self.ways.values()]
        return torch.stack(ways).sum(0).relu()


class ResNet(nn.Module):
    """Names of torchvision's; it knows its two blocks by name."""

    def __init__(self, block, layers, num_classes=1000, width=1.0, plain=False):
        super().__init__()
        self.inplanes = scaled(64, width)
        self.expansion = 4 if block is Bottleneck else 1
        self.conv1 = nn.Conv2d(3, self.inplanes, kernel_size=7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(self.inplanes)
        self.maxpool = nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
        self.layer1 = self.make_layer(block, scaled(64, width), layers[0], 1, plain)
        self.layer2 = self.make_layer(block, scaled(128, width), layers[1], 2, plain)
        self.layer3 = self.make_layer(block, scaled(256, width), layers[2], 2, plain)
        self.layer4 = self.make_layer(block, scaled(512, width), layers[3], 2, plain)
        self.fc = nn.Linear(self.inplanes, num_classes)

    def make_layer(self, block, channels, blocks, stride, plain):
        made = nn.Sequential()
        for number in range(blocks):
            made.add_module(str(number), block(self.inplanes, channels, 1 if number else stride, plain=plain))
            self.inplanes = channels * self.expansion
        return made

    def forward(self, images):
        x = self.maxpool(self.bn1(self.conv1(images)).relu())
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean(dim=(2, 3)))
