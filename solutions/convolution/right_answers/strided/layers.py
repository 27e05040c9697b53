class Conv1d(nn.Module):
    def forward(self, x):
        x = nn.functional.pad(x, self.zeros).contiguous()
        batch, channels, time = x.shape
        kernel = self.weight.shape[2]
        frames = (time - self.dilation * (kernel - 1) - 1) // self.stride + 1
        places = x.as_strided((batch, frames, channels, kernel), (channels * time, self.stride, time, self.dilation))
        y = places.reshape(batch, frames, -1) @ self.weight.flatten(1).T
        if self.bias is not None:
            y = y + self.bias
        return y.transpose(1, 2)


class Conv2d(nn.Module):
    def forward(self, x):
        x = nn.functional.pad(x, self.zeros * 2).contiguous()
        b, c, h, w = x.shape
        k, s = self.weight.shape[2], self.stride
        shape = (b, (h - k) // s + 1, (w - k) // s + 1, c, k, k)
        places = x.as_strided(shape, (c * h * w, s * w, s, h * w, w, 1))
        y = torch.tensordot(places, self.weight, dims=([3, 4, 5], [1, 2, 3]))
        return (y if self.bias is None else y + self.bias).permute(0, 3, 1, 2)
