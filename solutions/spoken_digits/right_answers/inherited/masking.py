class MaskedResidualBlock1d(ResidualBlock1d):
    def __init__(self, channels: int, kernel_size: int = 3) -> None:
        super().__init__(channels, kernel_size)

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        zeros = torch.zeros((), dtype=x.dtype)
        inside = (torch.arange(x.size(-1)).expand(len(x), -1) < lengths.unsqueeze(1)).unsqueeze(1)
        y = torch.where(inside, torch.relu(self.norm1(x)), zeros)
        y = torch.where(inside, torch.relu(self.norm2(self.conv1(y))), zeros)
        return torch.add(x, self.conv2(y))
