class AlexNet(nn.Module):
    def __init__(self, num_classes=1000, width=1.0):
        super().__init__()
        self.convolutional = nn.Sequential(
            nn.LazyConv2d(scaled(96, width), 11, stride=4),
            nn.ReLU(inplace=True),
            local_response_norm(),
            nn.MaxPool2d(3, 2),
            nn.LazyConv2d(scaled(256, width), 5, padding=2, groups=2),
            nn.ReLU(inplace=True),
            local_response_norm(),
            nn.MaxPool2d(3, 2),
            nn.LazyConv2d(scaled(384, width), 3, padding=1),
            nn.ReLU(inplace=True),
            nn.LazyConv2d(scaled(384, width), 3, padding=1, groups=2),
            nn.ReLU(inplace=True),
            nn.LazyConv2d(scaled(256, width), 3, padding=1, groups=2),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(3, 2),
        )
        self.dense = nn.Sequential(
            nn.Flatten(),
            nn.Dropout(),
            nn.LazyLinear(scaled(4096, width)),
            nn.ReLU(inplace=True),
            nn.Dropout(),
            nn.LazyLinear(scaled(4096, width)),
            nn.ReLU(inplace=True),
            nn.LazyLinear(num_classes),
        )

    def forward(self, images):
        return self.dense(self.convolutional(images))
