class AlexNet(nn.Module):
    def __init__(self, num_classes=1000, width=1.0):
        super().__init__()
        of = {number: scaled(number, width) for number in (96, 256, 384)}
        self.layers = nn.ModuleDict(
            {
                "conv1": nn.Conv2d(3, of[96], 11, stride=4),
                "conv2": nn.Conv2d(of[96], of[256], 5, padding=2, groups=2),
                "conv3": nn.Conv2d(of[256], of[384], 3, padding=1),
                "conv4": nn.Conv2d(of[384], of[384], 3, padding=1, groups=2),
                "conv5": nn.Conv2d(of[384], of[256], 3, padding=1, groups=2),
            }
        )
        self.after = nn.ModuleDict({"norm": local_response_norm(), "pool": nn.MaxPool2d(3, stride=2)})
        self.add_module("fc", dense_head(of[256] * 36, num_classes, width))

    def forward(self, images):
        then = {"conv1": ("norm", "pool"), "conv2": ("norm", "pool"), "conv5": ("pool",)}
        x = images
        for name, layer in self.layers.items():
            x = layer(x).relu_()
            for other in then.get(name, ()):
                x = self.after[other](x)
        return self.fc(x)
