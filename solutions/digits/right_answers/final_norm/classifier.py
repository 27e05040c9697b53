"""A last norm and ReLU, as in the networks with pre-activation; patches as the input layer."""


class CNNClassifier2d(nn.Module):
    def __init__(
        self, in_channels: int = 1, num_classes: int = 10, hidden: int = 16, num_blocks: int = 2, kernel_size: int = 3
    ) -> None:
        super().__init__()
        self.input = nn.Conv2d(in_channels, hidden, 4, stride=4)
        self.blocks = nn.ModuleDict({f"block{i}": ConvBlock2d(hidden, hidden, kernel_size) for i in range(num_blocks)})
        self.norm = nn.BatchNorm2d(hidden)
        self.output = nn.Linear(hidden, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.input(x)
        for block in self.blocks.values():
            x = block(x)
        return self.output(torch.relu(self.norm(x)).mean(dim=(2, 3)))
