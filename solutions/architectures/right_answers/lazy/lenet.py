class LeNet5(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.convolutions = nn.Sequential(
            nn.LazyConv2d(6, 5), nn.Tanh(), nn.AvgPool2d(2), nn.LazyConv2d(16, 5), nn.Tanh(), nn.AvgPool2d(2)
        )
        # The third convolution, as a dense layer.
        self.hidden = nn.ModuleList([nn.LazyLinear(120), nn.LazyLinear(84)])
        self.output = nn.LazyLinear(num_classes)

    def forward(self, images):
        x = self.convolutions(images).flatten(start_dim=1)
        for layer in self.hidden:
            x = layer(x).tanh()
        return self.output(x)


class Subsampling(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.scaled = nn.Conv2d(channels, channels, 1, groups=channels)

    def forward(self, maps):
        rows = maps[:, :, ::2] + maps[:, :, 1::2]
        return self.scaled(rows[..., ::2] + rows[..., 1::2]).tanh()


# No tanh before the pooling, which has one.
class LeNet5Original(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.first = nn.Sequential(nn.LazyConv2d(6, 5), Subsampling(6))
        self.second = nn.ModuleList(nn.LazyConv2d(1, 5) for _ in range(16))
        self.rest = nn.Sequential(
            Subsampling(16), nn.Flatten(), nn.LazyLinear(120), nn.Tanh(), nn.LazyLinear(84), nn.Tanh()
        )
        self.output = nn.LazyLinear(num_classes)

    def forward(self, images):
        maps = self.first(images)
        seen = [layer(maps.index_select(1, torch.tensor(CONNECTIONS[o]))) for o, layer in enumerate(self.second)]
        return self.output(self.rest(torch.cat(seen, 1)))
