import torch.nn.functional as F


class LeNet5(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, kernel_size=5)
        self.conv2 = nn.Conv2d(6, 16, kernel_size=5)
        self.conv3 = nn.Conv2d(16, 120, kernel_size=5)
        self.fc1 = nn.Linear(120, 84)
        self.fc2 = nn.Linear(84, num_classes)

    def forward(self, x):
        x = F.avg_pool2d(torch.tanh(self.conv1(x)), 2)
        x = F.avg_pool2d(torch.tanh(self.conv2(x)), 2)
        x = torch.tanh(self.conv3(x)).squeeze(3).squeeze(2)
        return self.fc2(torch.tanh(self.fc1(x)))


class Subsampling(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x):
        total = F.avg_pool2d(x, 2, divisor_override=1)
        return torch.tanh(self.weight[:, None, None] * total + self.bias[:, None, None])


# Each kernel is a group of its own: 60 of them, 16 sums.
class LeNet5Original(LeNet5):
    def __init__(self, num_classes=10):
        super().__init__(num_classes)
        self.seen = [one for maps in CONNECTIONS for one in maps]
        self.conv2 = nn.Conv2d(60, 60, 5, groups=60, bias=False)
        self.conv2_bias = nn.Parameter(torch.zeros(16))
        self.pool1, self.pool2 = Subsampling(6), Subsampling(16)

    def forward(self, x):
        x = self.pool1(torch.tanh(self.conv1(x)))
        parts = self.conv2(x[:, self.seen]).split([len(maps) for maps in CONNECTIONS], dim=1)
        x = torch.stack([part.sum(dim=1) for part in parts], dim=1) + self.conv2_bias.view(16, 1, 1)
        x = torch.tanh(self.conv3(self.pool2(torch.tanh(x)))).flatten(1)
        return self.fc2(torch.tanh(self.fc1(x)))
