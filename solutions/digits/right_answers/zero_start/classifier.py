"""A ModuleList of blocks, a small input kernel, global max pooling."""

from .pooling import GlobalMaxPool2d


class CNNClassifier2d(nn.Module):
    def __init__(
        self, in_channels: int = 1, num_classes: int = 10, hidden: int = 16, num_blocks: int = 2, kernel_size: int = 3
    ) -> None:
        super().__init__()
        self.output = nn.Linear(hidden, num_classes)
        self.blocks = nn.ModuleList()
        for _ in range(num_blocks):
            self.blocks.append(ConvBlock2d(hidden, hidden, kernel_size))
        self.input = nn.Conv2d(in_channels, hidden, kernel_size=5, stride=2, padding=2)
        self.pool = GlobalMaxPool2d()

    def forward(self, x: Tensor) -> Tensor:
        x = self.input(x)
        for block in self.blocks:
            x = block(x)
        return self.output(self.pool(x))
