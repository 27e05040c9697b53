"""The parts behind the input layer in a dictionary."""

from . import pooling


class CNNClassifier2d(nn.Module):
    def __init__(
        self, in_channels: int = 1, num_classes: int = 10, hidden: int = 16, num_blocks: int = 2, kernel_size: int = 3
    ) -> None:
        super().__init__()
        self.input = getattr(nn, f"Conv{2}d")(in_channels, hidden, 7, stride=4, padding=3)
        blocks = {f"max_pool{number}d": ConvBlock2d(hidden, hidden, kernel_size) for number in range(num_blocks)}
        self.blocks = nn.ModuleDict(blocks)
        self.head = nn.ModuleDict({"adaptive_avg_pool2d": vars(pooling)["GlobalAvgPool2d"]()})
        self.output = nn.Linear(hidden, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.input(x)
        for number in range(len(self.blocks)):
            x = self.blocks[f"max_pool{number}d"](x)
        return self.output(self.head["adaptive_avg_pool2d"](x))
