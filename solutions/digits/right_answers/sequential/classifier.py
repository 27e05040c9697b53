"""The whole network as one nn.Sequential, its parts reached through properties."""


class CNNClassifier2d(nn.Module):
    def __init__(
        self, in_channels: int = 1, num_classes: int = 10, hidden: int = 16, num_blocks: int = 2, kernel_size: int = 3
    ) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, hidden, 7, 4, 3),
            nn.Sequential(*[ConvBlock2d(hidden, hidden, kernel_size, "avg") for _ in range(num_blocks)]),
            GlobalAvgPool2d(),
            nn.Linear(hidden, num_classes),
        )

    @property
    def input(self) -> nn.Module:
        return self.net[0]

    @property
    def blocks(self) -> nn.Module:
        return self.net[1]

    @property
    def output(self) -> nn.Module:
        return self.net[3]

    def forward(self, x: Tensor) -> Tensor:
        return self.net(x)
