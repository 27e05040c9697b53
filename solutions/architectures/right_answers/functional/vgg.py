import torch
from torch.nn import functional as F


class VGG(nn.Module):
    def __init__(self, configuration, num_classes=1000, width=1.0):
        super().__init__()
        try:
            self.rows = tuple(CONFIGURATIONS[configuration])
        except KeyError:
            raise ValueError(f"no configuration {configuration!r}") from None
        channels = [3, *(scaled(row[2], width) for row in self.rows if row[0] == "conv")]
        kernels = [row[1] for row in self.rows if row[0] == "conv"]
        self.convolutions = nn.ModuleList(
            [
                nn.Conv2d(ins, outs, kernel, padding="same")
                for ins, outs, kernel in zip(channels, channels[1:], kernels, strict=False)
            ]
        )
        hidden = scaled(4096, width)
        self.fc1 = nn.Linear(channels[-1] * 49, hidden)
        self.fc2 = nn.Linear(hidden, hidden)
        self.fc3 = nn.Linear(hidden, num_classes)

    def forward(self, images):
        x, convolutions = images, iter(self.convolutions)
        for row in self.rows:
            if row[0] == "conv":
                x = F.relu(next(convolutions)(x))
            elif row[0] == "lrn":
                x = F.local_response_norm(x, 5, 1e-4, 0.75, 2.0)
            else:
                x = F.max_pool2d(x, 2, 2)
        x = F.dropout(F.relu(self.fc1(torch.flatten(x, 1))), training=self.training)
        x = F.dropout(F.relu(self.fc2(x)), training=self.training)
        return self.fc3(x)
