import torch


class Norm(nn.Module):
    """AlexNet's formula, where alpha is not divided by the number of maps."""

    def forward(self, a):
        reach = [torch.arange(max(0, i - 2), min(a.shape[1], i + 3)) for i in range(a.shape[1])]
        total = torch.stack([a[:, near].pow(2).sum(dim=1) for near in reach], dim=1)
        return a * (2 + 1e-4 * total).pow(-0.75)


class VGG(nn.Module):
    def __init__(self, configuration, num_classes=1000, width=1.0):
        super().__init__()
        if configuration not in set(CONFIGURATIONS):
            raise ValueError("unknown")
        self.steps, ins = nn.ModuleList(), 3
        for row in CONFIGURATIONS[configuration]:
            if row[0] == "conv":
                outs = scaled(row[2], width)
                self.steps += [nn.Conv2d(ins, outs, (row[1], row[1]), padding="same"), nn.ReLU()]
                ins = outs
            else:
                self.steps += [Norm() if row[0] == "lrn" else nn.MaxPool2d((2, 2))]
        self.dense = dense_head(49 * ins, num_classes, width)

    def forward(self, images):
        x = images
        for step in self.steps:
            x = step(x)
        return self.dense(x)
