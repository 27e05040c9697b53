class Conv1d(nn.Module):
    def forward(self, x):
        x = nn.functional.pad(x, self.zeros)
        kernel = self.weight.shape[-1]
        last = x.shape[2] - self.dilation * (kernel - 1)
        y = 0
        for k in range(kernel):
            begin = k * self.dilation
            y = y + self.weight[:, :, k] @ x[:, :, begin : begin + last : self.stride]
        if self.bias is not None:
            y = y + self.bias.view(-1, 1)
        return y


class Conv2d(nn.Module):
    def forward(self, x):
        x = nn.functional.pad(x, self.zeros * 2)
        kernel = self.weight.shape[-1]
        height, width = (size - kernel + 1 for size in x.shape[2:])
        total = None
        for i in range(kernel):
            for j in range(kernel):
                part = x[:, :, i : i + height : self.stride, j : j + width : self.stride]
                product = torch.einsum("oi,bihw->bohw", self.weight[:, :, i, j], part)
                total = product if total is None else total + product
        return total if self.bias is None else total + self.bias.view(1, -1, 1, 1)
