class MaskedGlobalAvgPool1d(nn.Module):
    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        x = x.float()
        out = torch.zeros(x.shape[0], x.shape[1])
        for k in range(len(lengths)):
            out[k] = x[k, :, : lengths[k]].sum(dim=1) / lengths[k].float()
        return out


class MaskedResidualBlock1d(nn.Module):
    def __init__(self, channels: int, kernel_size: int = 3) -> None:
        super().__init__()
        block = ResidualBlock1d(channels, kernel_size)
        self.norm1, self.norm2 = block.norm1, block.norm2
        self.conv1, self.conv2 = block.conv1, block.conv2

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        mask = torch.zeros(x.shape[0], 1, x.shape[2])
        for k, n in enumerate(lengths.tolist()):
            mask[k, :, :n] = 1.0
        y = F.relu(self.norm1(x.float())) * mask
        y = F.relu(self.norm2(self.conv1(y))) * mask
        return x + self.conv2(y)
