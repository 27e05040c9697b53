class MaskedGlobalAvgPool1d(nn.Module):
    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        time = torch.arange(x.shape[2], dtype=lengths.dtype)
        x = x.where((time < lengths[:, None])[:, None, :], 0.0)
        return torch.div(x.sum(-1), lengths.unsqueeze(-1))


class MaskedResidualBlock1d(nn.Module):
    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        def convolve(layer: nn.Conv1d, values: Tensor) -> Tensor:
            values = values.where(inside, 0.0)
            return F.conv1d(values, layer.weight, layer.bias, padding=layer.weight.shape[2] // 2)

        def normalise(layer: nn.BatchNorm1d, values: Tensor) -> Tensor:
            mean, variance, weight, bias = layer.running_mean, layer.running_var, layer.weight, layer.bias
            return F.batch_norm(values, mean, variance, weight, bias, self.training, layer.momentum, layer.eps)

        inside = (torch.arange(x.shape[2]) < lengths[:, None])[:, None]
        y = convolve(self.conv1, F.relu(normalise(self.norm1, x)))
        return x + convolve(self.conv2, F.relu(normalise(self.norm2, y)))
