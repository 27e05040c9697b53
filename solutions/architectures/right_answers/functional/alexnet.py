from torch.nn import functional as F


class AlexNet(nn.Module):
    def __init__(self, num_classes=1000, width=1.0):
        super().__init__()
        c1, c2, c3, hidden = (scaled(n, width) for n in (96, 256, 384, 4096))
        self.conv1 = nn.Conv2d(3, c1, kernel_size=11, stride=4)
        self.conv2 = nn.Conv2d(c1, c2, kernel_size=5, padding="same", groups=2)
        self.conv3 = nn.Conv2d(c2, c3, kernel_size=3, padding="same")
        self.conv4 = nn.Conv2d(c3, c3, kernel_size=3, padding="same", groups=2)
        self.conv5 = nn.Conv2d(c3, c2, kernel_size=3, padding="same", groups=2)
        self.fc6 = nn.Linear(36 * c2, hidden)
        self.fc7 = nn.Linear(hidden, hidden)
        self.fc8 = nn.Linear(hidden, num_classes)

    def forward(self, images):
        x = F.relu(self.conv1(images))
        x = F.max_pool2d(F.local_response_norm(x, 5, alpha=1e-4, beta=0.75, k=2.0), 3, 2)
        x = F.relu(self.conv2(x))
        x = F.max_pool2d(F.local_response_norm(x, 5, alpha=1e-4, beta=0.75, k=2.0), 3, 2)
        x = F.relu(self.conv3(x))
        x = F.relu(self.conv4(x))
        x = F.max_pool2d(F.relu(self.conv5(x)), 3, 2)
        x = F.dropout(F.relu(self.fc6(x.flatten(1))), 0.5, self.training)
        x = F.dropout(F.relu(self.fc7(x)), 0.5, self.training)
        return self.fc8(x)
