class Conv1d(nn.Module):
    def forward(self, x):
        x = nn.functional.pad(x, self.zeros).unsqueeze(2)
        kernel, d = self.weight.shape[2], self.dilation
        windows = x.unfold(3, d * (kernel - 1) + 1, self.stride)[..., ::d]
        y = (windows.movedim(1, 3).unsqueeze(3) * self.weight).sum(dim=(4, 5))
        y = y.squeeze(1).transpose(1, 2)
        return y if self.bias is None else y + self.bias.unsqueeze(1)


def linear_as_conv1d(linear):
    layer = Conv1d(linear.in_features, linear.out_features, 1, bias=False)
    layer.weight = nn.Parameter(linear.weight.unsqueeze(-1))
    layer.bias = linear.bias
    return layer


def dense_as_conv2d(linear, channels, size):
    layer = Conv2d(channels, linear.out_features, size, bias=linear.bias is not None)
    with torch.no_grad():
        layer.weight.copy_(linear.weight.reshape(layer.weight.shape))
        if linear.bias is not None:
            layer.bias.copy_(linear.bias)
    return layer
