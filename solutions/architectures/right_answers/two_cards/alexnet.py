import torch


class Card(nn.Module):
    """One of the two graphics cards: half of every convolution's maps."""

    def __init__(self, first, second, third):
        super().__init__()
        self.convolutions = nn.ModuleList(
            [
                nn.Conv2d(3, first // 2, 11, stride=4),
                nn.Conv2d(first // 2, second // 2, 5, padding=2),
                nn.Conv2d(second, third // 2, 3, padding=1),
                nn.Conv2d(third // 2, third // 2, 3, padding=1),
                nn.Conv2d(third // 2, second // 2, 3, padding=1),
            ]
        )


class AlexNet(nn.Module):
    def __init__(self, num_classes=1000, width=1.0):
        super().__init__()
        sizes = [scaled(number, width) for number in (96, 256, 384)]
        self.cards = nn.ModuleList([Card(*sizes), Card(*sizes)])
        self.norm, self.pool = local_response_norm(), nn.MaxPool2d(3, stride=2)
        self.head = dense_head(sizes[1] * 36, num_classes, width)

    def forward(self, images):
        def both(place, inputs):
            return torch.cat(
                [card.convolutions[place](x) for card, x in zip(self.cards, inputs, strict=True)], 1
            ).relu()

        x = self.pool(self.norm(both(0, (images, images))))
        x = self.pool(self.norm(both(1, x.chunk(2, dim=1))))
        x = both(2, (x, x)).chunk(2, dim=1)
        maps = [card.convolutions[4](card.convolutions[3](y).relu()) for card, y in zip(self.cards, x, strict=True)]
        return self.head(self.pool(torch.cat(maps, dim=1).relu()))
