"""Pooling on views of the memory."""


def windows_1d(x: Tensor, k: int, s: int) -> Tensor:
    x = x.contiguous()
    b, c, n = x.shape
    return x.as_strided((b, c, (n - k) // s + 1, k), (c * n, n, s, 1))


def windows_2d(x: Tensor, k: int, s: int) -> Tensor:
    x = x.contiguous()
    b, c, h, w = x.shape
    shape = (b, c, (h - k) // s + 1, (w - k) // s + 1, k, k)
    return x.as_strided(shape, (c * h * w, h * w, s * w, s, w, 1))


class MaxPool1d(nn.Module):
    def __init__(self, kernel_size: int, stride: int | None = None) -> None:
        super().__init__()
        self.window = (kernel_size, kernel_size if stride is None else stride)

    def forward(self, x: Tensor) -> Tensor:
        return windows_1d(x, *self.window).sort(dim=-1).values[..., -1]


class MaxPool2d(MaxPool1d):
    def forward(self, x: Tensor) -> Tensor:
        return windows_2d(x, *self.window).max(dim=-1)[0].max(dim=-1)[0]


class AvgPool1d(MaxPool1d):
    def forward(self, x: Tensor) -> Tensor:
        return windows_1d(x, *self.window).mean(dim=-1)


class AvgPool2d(MaxPool1d):
    def forward(self, x: Tensor) -> Tensor:
        return windows_2d(x, *self.window).mean(dim=(-1, -2))


class GlobalAvgPool1d(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.einsum("bct->bc", x) / x.shape[-1]


class GlobalAvgPool2d(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.einsum("bchw->bc", x).div(x[0, 0].numel())


class StochasticPool2d(MaxPool1d):
    def forward(self, x: Tensor) -> Tensor:
        values = windows_2d(x, *self.window).flatten(-2)
        if self.training:
            # Gumbel-max trick: the largest of log p + Gumbel noise is drawn with probability p.
            noise = -torch.log(-torch.log(torch.rand_like(values)))
            best = (values.clamp(min=1e-30).log() + noise).argmax(dim=-1, keepdim=True)
            return values.gather(-1, best).squeeze(-1)
        shares = F.normalize(values, p=1.0, dim=-1)
        return torch.einsum("...k,...k->...", shares, values)
