import torch


class Norm(nn.Module):
    """The paper's formula: b = a / (k + alpha * the sum of squares over n maps) ** beta."""

    def forward(self, a):
        squares = nn.functional.pad(a.square(), (0, 0, 0, 0, 2, 2))
        total = sum(squares[:, shift : shift + a.shape[1]] for shift in range(5))
        return a / (2 + 1e-4 * total) ** 0.75


class AlexNet(nn.Module):
    def __init__(self, num_classes=1000, width=1.0):
        super().__init__()
        n1, n2, n3 = scaled(96, width), scaled(256, width), scaled(384, width)
        self.c1 = nn.Conv2d(3, n1, 11, stride=4)
        self.c2 = nn.ModuleList([nn.Conv2d(n1 // 2, n2 // 2, 5, padding=2) for _ in "ab"])
        self.c3 = nn.Conv2d(n2, n3, 3, padding=1)
        self.c4 = nn.ModuleList([nn.Conv2d(n3 // 2, n3 // 2, 3, padding=1) for _ in "ab"])
        self.c5 = nn.Conv2d(n3, n2, 3, padding=1, groups=2)
        self.norm = Norm()
        self.head = dense_head(n2 * 36, num_classes, width)

    def forward(self, images):
        def halves(layers, x):
            first, second = x.split(x.shape[1] // 2, dim=1)
            return torch.cat((layers[0](first), layers[1](second)), dim=1)

        def pool(x):
            return nn.functional.max_pool2d(x, 3, stride=2)

        x = pool(self.norm(torch.relu(self.c1(images))))
        x = pool(self.norm(torch.relu(halves(self.c2, x))))
        x = torch.relu(halves(self.c4, torch.relu(self.c3(x))))
        return self.head(pool(torch.relu(self.c5(x))))
