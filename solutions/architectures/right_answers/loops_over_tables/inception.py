class Inception(nn.Module):
    def __init__(self, in_channels, n1x1, n3x3_reduce, n3x3, n5x5_reduce, n5x5, pool_proj):
        super().__init__()
        table = [
            [("conv", 1, n1x1)],
            [("conv", 1, n3x3_reduce), ("conv", 3, n3x3)],
            [("conv", 1, n5x5_reduce), ("conv", 5, n5x5)],
            [("pool", 3, 1), ("conv", 1, pool_proj)],
        ]
        self.branches = nn.ModuleList()
        for entries in table:
            branch, channels = nn.ModuleList(), in_channels
            for kind, kernel, number in entries:
                if kind == "pool":
                    branch.append(nn.MaxPool2d(kernel, number, kernel // 2))
                    continue
                branch.append(nn.Conv2d(channels, number, kernel, padding=(kernel - 1) // 2))
                branch.append(nn.ReLU())
                channels = number
            self.branches.append(branch)

    def forward(self, maps):
        found = []
        for branch in self.branches:
            x = maps
            for layer in branch:
                x = layer(x)
            found.append(x)
        return torch.cat(found, dim=1)


class GoogLeNet(nn.Module):
    """Pooling between modules without padding, with ceil_mode; the stem as it is given."""

    def __init__(self, num_classes=1000, width=1.0):
        super().__init__()
        self.stem = stem(width)
        plan = ["3a", "3b", "pool", "4a", "4b", "4c", "4d", "4e", "pool", "5a", "5b"]
        channels = scaled(192, width)
        self.plan = nn.ModuleList()
        for name in plan:
            if name == "pool":
                self.plan.append(nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True))
            else:
                numbers = tuple(map(lambda number: scaled(number, width), ROWS[name]))
                self.plan.append(Inception(channels, *numbers))
                channels = sum(numbers) - numbers[1] - numbers[3]
        self.head = head(channels, num_classes)

    def forward(self, images):
        x = self.stem(images)
        for part in self.plan:
            x = part(x)
        return self.head(x)
