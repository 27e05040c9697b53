class Rectified(nn.Conv2d):
    """A convolution that keeps the size, with its ReLU."""

    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__(in_channels, out_channels, kernel_size, padding={1: 0, 3: 1}[kernel_size])

    def forward(self, x):
        return super().forward(x).clamp(min=0)


class Dense(nn.Linear):
    """A dense layer with its ReLU and dropout."""

    def forward(self, x):
        return nn.functional.dropout(super().forward(x).relu(), 0.5, self.training)


class VGG(nn.Module):
    def __init__(self, configuration, num_classes=1000, width=1.0):
        super().__init__()
        if CONFIGURATIONS.get(configuration) is None:
            raise ValueError(f"there is no column {configuration!r}")
        self.convolutional = nn.Sequential()
        channels = 3
        for row in CONFIGURATIONS[configuration]:
            if row[0] == "conv":
                self.convolutional.append(Rectified(channels, scaled(row[2], width), row[1]))
                channels = scaled(row[2], width)
            else:
                self.convolutional.append(nn.MaxPool2d(2, 2) if row[0] == "pool" else local_response_norm())
        hidden = scaled(4096, width)
        self.dense = nn.Sequential(Dense(channels * 49, hidden), Dense(hidden, hidden), nn.Linear(hidden, num_classes))

    def forward(self, images):
        return self.dense(self.convolutional(images).flatten(start_dim=1))
