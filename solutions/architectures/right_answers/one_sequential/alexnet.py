def convolution(in_channels, out_channels, *numbers, groups=1):
    """A convolution and its ReLU."""
    return nn.Conv2d(in_channels, out_channels, *numbers, groups=groups), nn.ReLU()


class AlexNet(nn.Sequential):
    def __init__(self, num_classes=1000, width=1.0):
        a, b, c = scaled(96, width), scaled(256, width), scaled(384, width)
        super().__init__(
            *convolution(3, a, 11, 4),
            local_response_norm(),
            nn.MaxPool2d(3, 2),
            *convolution(a, b, 5, 1, 2, groups=2),
            local_response_norm(),
            nn.MaxPool2d(3, 2),
            *convolution(b, c, 3, 1, 1),
            *convolution(c, c, 3, 1, 1, groups=2),
            *convolution(c, b, 3, 1, 1, groups=2),
            nn.AdaptiveMaxPool2d(6),
            *dense_head(6 * 6 * b, num_classes, width),
        )
