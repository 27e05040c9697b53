import torch.nn.functional as F


class Inception(nn.Module):
    def __init__(self, in_channels, n1x1, n3x3_reduce, n3x3, n5x5_reduce, n5x5, pool_proj):
        super().__init__()
        self.one = nn.Conv2d(in_channels, n1x1, 1)
        self.before_three = nn.Conv2d(in_channels, n3x3_reduce, 1)
        self.three = nn.Conv2d(n3x3_reduce, n3x3, 3, padding="same")
        self.before_five = nn.Conv2d(in_channels, n5x5_reduce, 1)
        self.five = nn.Conv2d(n5x5_reduce, n5x5, 5, padding="same")
        self.pooled = nn.Conv2d(in_channels, pool_proj, 1)

    def forward(self, maps):
        one = F.relu(self.one(maps))
        three = F.relu(self.three(F.relu(self.before_three(maps))))
        five = F.relu(self.five(F.relu(self.before_five(maps))))
        pooled = F.relu(self.pooled(F.max_pool2d(maps, 3, stride=1, padding=1)))
        return torch.cat((one, three, five, pooled), 1)


class GoogLeNet(nn.Module):
    """The response norm comes before the first pooling, as in the paper's figure 3."""

    def __init__(self, num_classes=1000, width=1.0):
        super().__init__()
        first, channels = scaled(64, width), scaled(192, width)
        self.conv1 = nn.Conv2d(3, first, 7, 2, 3)
        self.conv2_reduce = nn.Conv2d(first, first, 1)
        self.conv2 = nn.Conv2d(first, channels, 3, padding=1)
        for name, row in ROWS.items():
            numbers = [scaled(number, width) for number in row]
            setattr(self, f"inception{name}", Inception(channels, *numbers))
            channels = numbers[0] + numbers[2] + numbers[4] + numbers[5]
        self.fc = nn.Linear(channels, num_classes)

    def forward(self, images):
        x = F.local_response_norm(F.relu(self.conv1(images)), 5, 1e-4, 0.75, 2.0)
        x = F.max_pool2d(x, 3, 2, padding=1)
        x = F.relu(self.conv2(F.relu(self.conv2_reduce(x))))
        x = F.max_pool2d(F.local_response_norm(x, 5, 1e-4, 0.75, 2.0), 3, 2, padding=1)
        x = self.inception3b(self.inception3a(x))
        x = F.max_pool2d(x, 3, 2, padding=1)
        x = self.inception4c(self.inception4b(self.inception4a(x)))
        x = self.inception4e(self.inception4d(x))
        x = F.max_pool2d(x, 3, 2, padding=1)
        x = self.inception5b(self.inception5a(x))
        return self.fc(F.dropout(x.mean(dim=(2, 3)), 0.4, training=self.training))
