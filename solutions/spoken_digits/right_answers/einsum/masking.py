class MaskedGlobalAvgPool1d(nn.Module):
    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        weights = (torch.arange(x.shape[2])[None] < lengths[:, None]).to(x.dtype) / lengths[:, None]
        return torch.bmm(x, weights[:, :, None])[:, :, 0]


class MaskedResidualBlock1d(nn.Module):
    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        inside = (torch.arange(x.shape[2])[None] < lengths[:, None]).to(x.dtype)[:, None]
        branch = self.conv1(inside * self.norm1(x).clamp(min=0))
        return self.conv2(inside * self.norm2(branch).clamp(min=0)) + x
