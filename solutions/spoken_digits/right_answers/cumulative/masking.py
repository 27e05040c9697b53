class MaskedGlobalAvgPool1d(nn.Module):
    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        sums = x.double().cumsum(dim=-1)
        last = (lengths - 1).view(-1, 1, 1).expand(-1, x.shape[1], 1)
        return (sums.gather(2, last).squeeze(2) / lengths.view(-1, 1)).to(x.dtype)
