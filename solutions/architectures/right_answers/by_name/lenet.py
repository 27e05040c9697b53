class LeNet5(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.add_module("C1", nn.Conv2d(1, 6, 5))
        self.add_module("S2", nn.AvgPool2d(2, stride=2))
        self.add_module("C3", nn.Conv2d(6, 16, 5))
        self.add_module("S4", nn.AvgPool2d(2, stride=2))
        self.add_module("C5", nn.Conv2d(16, 120, 5))
        self.add_module("F6", nn.Linear(120, 84))
        self.add_module("OUTPUT", nn.Linear(84, num_classes))

    def forward(self, images):
        x = images
        for name, layer in self.named_children():
            if name == "F6":
                x = x.reshape(len(x), -1)
            x = layer(x)
            if name[0] in "CF":
                x = x.tanh()
        return x


class Subsampling(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.register_parameter("bias", nn.Parameter(torch.zeros(channels)))
        self.register_parameter("coefficient", nn.Parameter(torch.ones(channels)))

    def forward(self, maps):
        batch, channels, height, width = maps.shape
        sums = maps.view(batch, channels, height // 2, 2, width // 2, 2).sum(dim=5).sum(dim=3)
        return torch.tanh(torch.einsum("bchw,c->bchw", sums, self.coefficient) + self.bias.view(-1, 1, 1))


# Each map of the first pooling has a layer of its own, which gives its share of all maps that see it.
class LeNet5Original(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.seen_by = [[o for o, maps in enumerate(CONNECTIONS) if i in maps] for i in range(6)]
        self.layers = nn.ModuleDict(
            {
                "C1": nn.Conv2d(1, 6, 5),
                "S2": Subsampling(6),
                "C3": nn.ModuleList(nn.Conv2d(1, len(some), 5, bias=False) for some in self.seen_by),
                "S4": Subsampling(16),
                "C5": nn.Conv2d(16, 120, 5),
                "F6": nn.Linear(120, 84),
                "OUTPUT": nn.Linear(84, num_classes),
            }
        )
        self.bias = nn.Parameter(torch.zeros(16, 1, 1))

    def forward(self, images):
        named = self.layers
        maps = named["S2"](named["C1"](images).tanh())
        total = self.bias.expand(len(maps), 16, 10, 10).clone()
        for i, layer in enumerate(named["C3"]):
            total[:, self.seen_by[i]] += layer(maps[:, i : i + 1])
        x = named["C5"](named["S4"](total.tanh())).tanh()
        return named["OUTPUT"](named["F6"](x.flatten(1)).tanh())
