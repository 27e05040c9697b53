class LeNet5(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        stages = [nn.Sequential(nn.Conv2d(a, b, 5), nn.Tanh()) for a, b in ((1, 6), (6, 16), (16, 120))]
        head = nn.Flatten(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, num_classes)
        self.all = nn.Sequential(stages[0], nn.AvgPool2d(2), stages[1], nn.AvgPool2d((2, 2)), stages[2], *head)

    def forward(self, images):
        return self.all(images)


class Subsampling(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.values = nn.ParameterDict({name: torch.ones(channels, 1, 1) for name in ("times", "plus")})

    def forward(self, maps):
        windows = maps.unfold(2, 2, 2).unfold(3, 2, 2)
        return torch.tanh(windows.sum((4, 5)) * self.values["times"] + self.values["plus"])


class Some(nn.Module):
    """Picks maps."""

    def __init__(self, maps):
        super().__init__()
        self.register_buffer("maps", torch.tensor(maps), persistent=False)

    def forward(self, maps):
        return maps[:, self.maps]


class Beside(nn.ModuleList):
    """Several on the same maps, side by side."""

    def forward(self, maps):
        return torch.cat([one(maps) for one in self], dim=1)


# The maps that see as many come one behind the other, so three grouped convolutions are enough.
def partial(number):
    kinds = [maps for maps in CONNECTIONS if len(maps) == number]
    seen = [one for maps in kinds for one in maps]
    return nn.Sequential(Some(seen), nn.Conv2d(len(seen), len(kinds), 5, groups=len(kinds)))


class LeNet5Original(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.all = nn.Sequential(
            *(nn.Conv2d(1, 6, 5), nn.Tanh(), Subsampling(6)),
            *(Beside(map(partial, (3, 4, 6))), nn.Tanh(), Subsampling(16)),
            *(nn.Conv2d(16, 120, 5), nn.Tanh(), nn.Flatten(), nn.Linear(120, 84), nn.Tanh()),
            nn.Linear(84, num_classes),
        )

    def forward(self, images):
        return self.all(images)
