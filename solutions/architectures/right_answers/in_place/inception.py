def conv(ins, outs, kernel):
    return nn.Sequential(nn.Conv2d(ins, outs, kernel, padding=kernel // 2), nn.ReLU(inplace=True))


class Inception(nn.Module):
    def __init__(self, in_channels, n1x1, n3x3_reduce, n3x3, n5x5_reduce, n5x5, pool_proj):
        super().__init__()
        self.branch1 = conv(in_channels, n1x1, 1)
        self.branch2 = nn.Sequential(conv(in_channels, n3x3_reduce, 1), conv(n3x3_reduce, n3x3, 3))
        self.branch3 = nn.Sequential(conv(in_channels, n5x5_reduce, 1), conv(n5x5_reduce, n5x5, 5))
        self.branch4 = nn.Sequential(nn.MaxPool2d(3, 1, 1), conv(in_channels, pool_proj, 1))

    def forward(self, maps):
        found = [self.branch1(maps)]
        found += [self.branch2(maps)]
        found += [self.branch3(maps), self.branch4(maps)]
        return torch.cat(found, 1)


def stem(width):
    """With the paper's norm before the pooling, and pooling in ceil mode."""
    first, second = scaled(64, width), scaled(192, width)
    return nn.Sequential(
        nn.Conv2d(3, first, 7, 2, 3),
        nn.ReLU(inplace=True),
        nn.LocalResponseNorm(5, 5 * 1e-4, 0.75, 2),
        nn.MaxPool2d(3, 2, ceil_mode=True),
        conv(first, first, 1),
        conv(first, second, 3),
        nn.LocalResponseNorm(5, 5 * 1e-4, 0.75, 2),
        nn.MaxPool2d(3, 2, ceil_mode=True),
    )
