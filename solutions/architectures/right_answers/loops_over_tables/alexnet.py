ROWS = (  # outputs, kernel, stride, padding, groups, a response norm, pooling
    (96, 11, 4, 0, 1, True, True),
    (256, 5, 1, 2, 2, True, True),
    (384, 3, 1, 1, 1, False, False),
    (384, 3, 1, 1, 2, False, False),
    (256, 3, 1, 1, 2, False, True),
)


class AlexNet(nn.Module):
    def __init__(self, num_classes=1000, width=1.0):
        super().__init__()
        self.parts = nn.ModuleList()
        channels = 3
        for number, kernel, stride, padding, groups, normed, pooled in ROWS:
            outputs = scaled(number, width)
            self.parts.append(nn.Conv2d(channels, outputs, kernel, stride, padding, groups=groups))
            self.parts.append(nn.ReLU())
            if normed:
                self.parts.append(local_response_norm())
            if pooled:
                self.parts.append(nn.MaxPool2d(3, 2))
            channels = outputs
        self.parts.extend(dense_head(channels * 36, num_classes, width))

    def forward(self, images):
        for part in self.parts:
            images = part(images)
        return images
