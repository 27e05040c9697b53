class Behind(nn.ModuleList):
    """Branches, whose outputs lie one behind the other."""

    def forward(self, maps):
        return torch.cat([branch(maps) for branch in self], dim=1)


class Inception(nn.Sequential):
    def __init__(self, in_channels, n1x1, n3x3_reduce, n3x3, n5x5_reduce, n5x5, pool_proj):
        chain = nn.Sequential
        super().__init__(
            Behind(
                [
                    nn.Conv2d(in_channels, n1x1, 1),
                    chain(nn.Conv2d(in_channels, n3x3_reduce, 1), nn.ReLU(), nn.Conv2d(n3x3_reduce, n3x3, 3, 1, 1)),
                    chain(nn.Conv2d(in_channels, n5x5_reduce, 1), nn.ReLU(), nn.Conv2d(n5x5_reduce, n5x5, 5, 1, 2)),
                    chain(nn.MaxPool2d(3, 1, 1), nn.Conv2d(in_channels, pool_proj, 1)),
                ]
            ),
            nn.ReLU(),  # one for all four
        )


class GoogLeNet(nn.Sequential):
    def __init__(self, num_classes=1000, width=1.0):
        channels, parts = scaled(192, width), []
        for name, row in ROWS.items():
            row = [scaled(number, width) for number in row]
            parts.append(Inception(channels, *row))
            channels = sum(row[0:3:2]) + sum(row[4:])
            if name in ("3b", "4e"):
                parts.append(nn.MaxPool2d((3, 3), (2, 2), (1, 1)))
        super().__init__(*stem(width), *parts, *head(channels, num_classes))
