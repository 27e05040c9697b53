class Conv1d(nn.Module):
    def forward(self, x):
        x = nn.functional.pad(x, self.zeros)
        span = self.dilation * (self.weight.shape[2] - 1) + 1
        kernel = x.new_zeros(*self.weight.shape[:2], span)
        kernel[:, :, :: self.dilation] = self.weight
        size = x.shape[2] + span - 1
        product = torch.einsum("bif,oif->bof", torch.fft.rfft(x, size), torch.fft.rfft(kernel, size).conj())
        y = torch.fft.irfft(product, size)[:, :, : x.shape[2] - span + 1 : self.stride]
        return y if self.bias is None else y + self.bias[:, None]


class Conv2d(nn.Module):
    def forward(self, x):
        x = nn.functional.pad(x, self.zeros * 2)
        kernel = self.weight.shape[2]
        size = tuple(side + kernel - 1 for side in x.shape[2:])
        product = torch.einsum("bihw,oihw->bohw", torch.fft.rfft2(x, size), torch.fft.rfft2(self.weight, size).conj())
        rows, columns = (side - kernel + 1 for side in x.shape[2:])
        y = torch.fft.irfft2(product, size)[:, :, : rows : self.stride, : columns : self.stride]
        return y if self.bias is None else y + self.bias[:, None, None]
