def lazily(number, kernel):
    return nn.Sequential(nn.LazyConv2d(number, kernel, padding=kernel // 2), nn.ReLU())


class Inception(nn.Module):
    def __init__(self, in_channels, n1x1, n3x3_reduce, n3x3, n5x5_reduce, n5x5, pool_proj):
        super().__init__()
        self.ways = nn.ModuleList(
            [
                lazily(n1x1, 1),
                nn.Sequential(lazily(n3x3_reduce, 1), lazily(n3x3, 3)),
                nn.Sequential(lazily(n5x5_reduce, 1), lazily(n5x5, 5)),
                nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), lazily(pool_proj, 1)),
            ]
        )

    def forward(self, maps):
        return torch.concat([way(maps) for way in self.ways], dim=-3)


class GoogLeNet(nn.Module):
    def __init__(self, num_classes=1000, width=1.0):
        super().__init__()
        self.stem = stem(width)
        self.rows = nn.ModuleDict(
            {name: Inception(None, *[scaled(number, width) for number in row]) for name, row in ROWS.items()}
        )
        self.dense = nn.LazyLinear(num_classes)
        self.dropout = nn.Dropout(0.4)

    def forward(self, images):
        x = self.stem(images)
        for name, module in self.rows.items():
            if name.endswith("a") and not name.startswith("3"):
                x = nn.functional.max_pool2d(x, 3, 2, 1)
            x = module(x)
        return self.dense(self.dropout(x.mean((-2, -1))))
