class MaskedGlobalAvgPool1d(nn.Module):
    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        return torch.stack([clip[:, :length].mean(dim=1) for clip, length in zip(x, lengths.tolist(), strict=True)])


class MaskedResidualBlock1d(nn.Module):
    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        branch = self.norm1(x)
        branch = F.relu(branch).clone()
        for clip, length in enumerate(lengths.tolist()):
            branch[clip, :, length:] = 0
        branch = F.relu(self.norm2(self.conv1(branch))).clone()
        for clip, length in enumerate(lengths.tolist()):
            branch[clip, :, length:] = 0
        return x + self.conv2(branch)
