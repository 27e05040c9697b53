class Inception(nn.Module):
    def __init__(self, in_channels, n1x1, n3x3_reduce, n3x3, n5x5_reduce, n5x5, pool_proj):
        super().__init__()
        self.layer = nn.ModuleDict(
            {
                "pool_proj": nn.Conv2d(in_channels, pool_proj, 1),
                "5x5_reduce": nn.Conv2d(in_channels, n5x5_reduce, 1),
                "5x5": nn.Conv2d(n5x5_reduce, n5x5, 5, padding=2),
                "3x3_reduce": nn.Conv2d(in_channels, n3x3_reduce, 1),
                "3x3": nn.Conv2d(n3x3_reduce, n3x3, 3, padding=1),
                "1x1": nn.Conv2d(in_channels, n1x1, 1),
            }
        )
        self.add_module("pool", nn.MaxPool2d(3, stride=1, padding=1))
        self.out_channels = n1x1 + n3x3 + n5x5 + pool_proj

    def forward(self, maps):
        def relu(name, x):
            return torch.relu(self.layer[name](x))

        last = relu("pool_proj", self.pool(maps))
        third = relu("5x5", relu("5x5_reduce", maps))
        second = relu("3x3", relu("3x3_reduce", maps))
        first = relu("1x1", maps)
        return torch.cat([first, second, third, last], dim=1)


class GoogLeNet(nn.Module):
    def __init__(self, num_classes=1000, width=1.0):
        super().__init__()
        self.stem = stem(width)
        channels = scaled(192, width)
        for name in ROWS:
            n1x1, n3x3_reduce, n3x3, n5x5_reduce, n5x5, pool_proj = ROWS[name]
            numbers = {
                "n1x1": n1x1,
                "n3x3_reduce": n3x3_reduce,
                "n3x3": n3x3,
                "n5x5_reduce": n5x5_reduce,
                "n5x5": n5x5,
                "pool_proj": pool_proj,
            }
            numbers = {key: scaled(number, width) for key, number in numbers.items()}
            self.add_module(f"inception_{name}", Inception(in_channels=channels, **numbers))
            channels = numbers["n1x1"] + numbers["n3x3"] + numbers["n5x5"] + numbers["pool_proj"]
            if name == "3b":
                self.add_module("pool_3", nn.MaxPool2d(3, stride=2, padding=1))
            if name == "4e":
                self.add_module("pool_4", nn.MaxPool2d(3, stride=2, padding=1))
        self.head = head(channels, num_classes)

    def forward(self, images):
        x = images
        for _, part in self.named_children():
            x = part(x)
        return x
