def column(blocks, smallest=()):
    """Rows of so many convolutions between poolings; after them, those of `smallest` with a kernel of 1x1."""
    rows = []
    for place, count in enumerate(blocks):
        channels = min(64 << place, 512)
        rows += [("conv", 3, channels)] * count
        rows += [("conv", 1, channels)] * (place in smallest)
        rows.append(("pool",))
    return rows


A = column((1, 1, 2, 2, 2))
B = column((2, 2, 2, 2, 2))
C = column((2, 2, 2, 2, 2), smallest=(2, 3, 4))
D = column((2, 2, 3, 3, 3))
E = column((2, 2, 4, 4, 4))


class VGG(nn.Module):
    def __init__(self, configuration, num_classes=1000, width=1.0):
        super().__init__()
        rows = CONFIGURATIONS.get(configuration)
        if rows is None:
            raise ValueError(configuration)
        self.parts = nn.ModuleList()
        channels = 3
        for row in rows:
            match row:
                case ("pool",) | ["pool"]:
                    self.parts.append(nn.MaxPool2d(2))
                case ("lrn",) | ["lrn"]:
                    self.parts.append(local_response_norm())
                case (_, kernel, number):
                    before, channels = channels, scaled(number, width)
                    self.parts.append(nn.Conv2d(before, channels, kernel, padding=(kernel - 1) // 2))
                    self.parts.append(nn.ReLU())
        self.parts.append(dense_head(7 * 7 * channels, num_classes, width))

    def forward(self, images):
        for part in self.parts:
            images = part(images)
        return images
