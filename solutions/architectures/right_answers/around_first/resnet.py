import torch


class BasicBlock(nn.Module):
    def forward(self, maps):
        around = torch.zeros(()) if self.shortcut is None else self.shortcut(maps)
        x = around
        return torch.clamp(x + self.branch(maps), min=0)


class Bottleneck(nn.Module):
    expansion: int = 4

    def forward(self, maps):
        around = self.shortcut(maps) if self.shortcut else 0
        return nn.functional.threshold(around + self.branch(maps), 0, 0)


class ResNet(nn.Module):
    def __init__(self, block, layers, num_classes=1000, width=1.0, plain=False):
        super().__init__()
        from functools import partial

        made = partial(block, plain=plain)
        numbers = [scaled(64 * factor, width) for factor in (1, 2, 4, 8)]
        self.classifier = nn.Linear(numbers[3] * block.expansion, num_classes)
        self.stages = nn.ModuleList()
        before = numbers[0]
        for number, count in zip(numbers, layers, strict=True):
            stride = 1 if not len(self.stages) else 2
            firsts = [made(before, number, stride)]
            before = number * block.expansion
            self.stages.append(nn.Sequential(*firsts, *(made(before, number) for _ in range(1, count))))
        self.begin = nn.Sequential(
            nn.Conv2d(3, numbers[0], 7, stride=2, padding=3, bias=False), nn.BatchNorm2d(numbers[0]), nn.ReLU()
        )

    def forward(self, images):
        x = nn.functional.max_pool2d(self.begin(images), 3, 2, 1)
        for stage in self.stages:
            x = stage(x)
        return self.classifier(nn.functional.adaptive_avg_pool2d(x, 1)[:, :, 0, 0])
