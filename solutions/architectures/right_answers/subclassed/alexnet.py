class Rectified(nn.Conv2d):
    """A convolution with its ReLU."""

    def forward(self, x):
        return super().forward(x).relu()


class Pool(nn.MaxPool2d):
    """3x3 with stride 2."""

    def __init__(self):
        super().__init__(kernel_size=3, stride=2)


class AlexNet(nn.Module):
    def __init__(self, num_classes=1000, width=1.0):
        super().__init__()
        sizes = {number: scaled(number, width) for number in (96, 256, 384)}
        self.first = Rectified(3, sizes[96], 11, 4)
        self.second = Rectified(sizes[96], sizes[256], 5, 1, 2, groups=2)
        self.third = Rectified(sizes[256], sizes[384], 3, 1, 1)
        self.fourth = Rectified(sizes[384], sizes[384], 3, 1, 1, groups=2)
        self.fifth = Rectified(sizes[384], sizes[256], 3, 1, 1, groups=2)
        self.norm, self.pool = local_response_norm(), Pool()
        self.head = dense_head(sizes[256] * 36, num_classes, width)

    def forward(self, images):
        for convolution in (self.first, self.second):
            images = self.pool(self.norm(convolution(images)))
        return self.head(self.pool(self.fifth(self.fourth(self.third(images)))))
