CONFIGURATIONS = {
    "A": [["conv", 3, 64], ["pool"]],
    "B": [["conv", 3, 64], ["conv", 3, 64], ["pool"], ["conv", 3, 128], ["conv", 3, 128], ["pool"]],
    "A-LRN": A_LRN,
}
CONFIGURATIONS["A"] += [["conv", 3, 128], ["pool"]]
for _of in "CDE":
    CONFIGURATIONS[_of] = list(CONFIGURATIONS["B"])
for _of, _count in {"A": 2, "B": 2, "C": 2, "D": 3, "E": 4}.items():
    for _channels in (256, 512, 512):
        CONFIGURATIONS[_of] += [["conv", 3, _channels]] * _count
        if _of == "C":
            CONFIGURATIONS[_of] += [["conv", 1, _channels]]
        CONFIGURATIONS[_of] += [["pool"]]


class VGG(nn.Module):
    def __init__(self, configuration, num_classes=1000, width=1.0):
        super().__init__()
        if not any(configuration == key for key in CONFIGURATIONS):
            raise ValueError(f"{configuration} is none of {sorted(CONFIGURATIONS)}")
        block, number, channels = 1, 1, 3
        for what, *sizes in CONFIGURATIONS[configuration]:
            if what == "conv":
                kernel, outputs = sizes[0], scaled(sizes[1], width)
                self.add_module(f"conv{block}_{number}", nn.Conv2d(channels, outputs, kernel, padding=int(kernel > 1)))
                self.add_module(f"relu{block}_{number}", nn.ReLU())
                number, channels = number + 1, outputs
            elif what == "pool":
                self.add_module(f"pool{block}", nn.MaxPool2d(2))
                block, number = block + 1, 1
            else:
                self.add_module(f"norm{block}_{number}", local_response_norm())
        self.add_module("head", dense_head(channels * 49, num_classes, width))

    def forward(self, images):
        for _, part in self.named_children():
            images = part(images)
        return images
