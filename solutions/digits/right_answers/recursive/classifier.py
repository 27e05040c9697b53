"""Each block holds the blocks behind it; images in channels_last memory."""

from .blocks import make_block


class Nested(nn.Module):
    """A block, and behind it all the others."""

    def __init__(self, count: int, hidden: int, kernel_size: int) -> None:
        super().__init__()
        self.first = make_block(hidden, hidden, kernel_size)
        self.others = Nested(count - 1, hidden, kernel_size) if count > 1 else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        return self.others(self.first(x))


class CNNClassifier2d(nn.Module):
    def __init__(
        self, in_channels: int = 1, num_classes: int = 10, hidden: int = 16, num_blocks: int = 2, kernel_size: int = 3
    ) -> None:
        super().__init__()
        self.output = nn.Linear(in_features=hidden, out_features=num_classes)
        self.input = nn.Conv2d(in_channels, hidden, kernel_size=(7, 7), stride=(4, 4), padding="valid")
        self.blocks = Nested(num_blocks, hidden, kernel_size)
        self.border = nn.ConstantPad2d(3, 0.0)
        nn.init.orthogonal_(self.output.weight, gain=0.5)

    def forward(self, x: Tensor) -> Tensor:
        x = self.border(x).contiguous(memory_format=torch.channels_last)
        features = GlobalAvgPool2d()(self.blocks(self.input(x)))
        return torch.addmm(self.output.bias, features, self.output.weight.T)
