CONVOLUTIONS = ((1, 6), (6, 16), (16, 120))


class LeNet5(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.convolutions = nn.ModuleList(nn.Conv2d(*channels, 5) for channels in CONVOLUTIONS)
        self.dense = nn.ModuleList(nn.Linear(*numbers) for numbers in ((120, 84), (84, num_classes)))

    def forward(self, images):
        maps = images
        for number, convolution in enumerate(self.convolutions):
            maps = torch.tanh(convolution(nn.functional.avg_pool2d(maps, 2) if number else maps))
        hidden, output = self.dense
        return output(torch.tanh(hidden(torch.flatten(maps, 1))))


# Four slices are added up, in the order of the axes that torch has.
class Subsampling(nn.Module):
    def __init__(self, channels):
        super().__init__()
        for name in ("factor", "offset"):
            setattr(self, name, nn.Parameter(torch.rand(1, channels, 1, 1)))

    def forward(self, maps):
        summed = sum(maps[:, :, row::2, column::2] for row in (0, 1) for column in (0, 1))
        return torch.tanh(summed * self.factor + self.offset)


class LeNet5Original(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.before, self.after = nn.Conv2d(1, 6, 5), nn.Conv2d(16, 120, 5)
        self.kernels = nn.ParameterList(nn.Parameter(torch.randn(len(maps), 5, 5) / 10) for maps in CONNECTIONS)
        self.biases = nn.ParameterList(nn.Parameter(torch.zeros(())) for _ in CONNECTIONS)
        self.pooling = nn.ModuleList(Subsampling(channels) for channels in (6, 16))
        self.dense = nn.ModuleList(nn.Linear(*numbers) for numbers in ((120, 84), (84, num_classes)))

    def forward(self, images):
        maps = self.pooling[0](torch.tanh(self.before(images)))
        found = []
        for seen, kernel, bias in zip(CONNECTIONS, self.kernels, self.biases, strict=True):
            found.append(nn.functional.conv2d(maps[:, seen], kernel[None], bias[None]))
        maps = self.pooling[1](torch.tanh(torch.cat(found, 1)))
        x = torch.tanh(self.after(maps)).flatten(1)
        return self.dense[1](torch.tanh(self.dense[0](x)))
