"""The input layer finds its channels, the output layer its inputs."""


class CNNClassifier2d(nn.Module):
    def __init__(
        self, in_channels: int = 1, num_classes: int = 10, hidden: int = 16, num_blocks: int = 2, kernel_size: int = 3
    ) -> None:
        super().__init__()
        self.input = nn.LazyConv2d(hidden, 7, 4, 3)
        self.blocks = nn.Sequential(*[ConvBlock2d(hidden, hidden, kernel_size) for _ in range(num_blocks)])
        self.pool, self.output = GlobalAvgPool2d(), nn.LazyLinear(num_classes)
