class Conv1d(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, bias=True):
        super().__init__()
        if padding not in ("same", "valid") and not (isinstance(padding, int) and padding >= 0):
            raise ValueError(f"padding {padding!r}")
        if padding == "same" and stride > 1:
            raise ValueError("same takes no stride")
        self.in_channels, self.stride, self.padding, self.dilation = in_channels, stride, padding, dilation
        self.weight = nn.Parameter(torch.zeros(out_channels, in_channels, kernel_size))
        nn.init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        bound = (in_channels * kernel_size) ** -0.5
        self.bias = nn.Parameter(2 * bound * torch.rand(out_channels) - bound) if bias else None

    def forward(self, x):
        kernel = self.weight.shape[2]
        reach = (kernel - 1) * self.dilation
        if self.padding == "same":
            before, after = reach // 2, (reach + 1) // 2
        else:
            before = after = 0 if self.padding == "valid" else self.padding
        x = torch.cat([x.new_zeros(*x.shape[:2], before), x, x.new_zeros(*x.shape[:2], after)], dim=2)
        starts = torch.arange(0, x.shape[2] - reach, self.stride)
        table = starts[:, None] + self.dilation * torch.arange(kernel)
        places = x[:, :, table]  # (batch, in, frames, kernel)
        y = places.transpose(1, 2).flatten(2) @ self.weight.flatten(1).t()
        return (y + self.bias if self.bias is not None else y).transpose(1, 2)


class Conv2d(nn.Module):
    def forward(self, x):
        x = nn.functional.pad(x, self.zeros * 2)
        kernel = self.weight.shape[2]
        rows, columns = (
            torch.arange(0, size - kernel + 1, self.stride)[:, None] + torch.arange(kernel) for size in x.shape[2:]
        )
        places = x[:, :, rows[:, None, :, None], columns[None, :, None, :]]  # (batch, in, rows, columns, k, k)
        y = (places.permute(0, 2, 3, 1, 4, 5).flatten(3) @ self.weight.flatten(1).T).permute(0, 3, 1, 2)
        if self.bias is not None:
            y += self.bias[:, None, None]
        return y
