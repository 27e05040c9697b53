class VGG(nn.Module):
    def __init__(self, configuration, num_classes=1000, width=1.0):
        super().__init__()
        if configuration not in list(CONFIGURATIONS):
            raise ValueError("configuration: " + repr(configuration))
        parts = [self._part(row, width) for row in CONFIGURATIONS[configuration]]
        self.all = nn.Sequential(*parts, nn.Flatten())
        for number in (4096, 4096):
            self.all.extend([nn.LazyLinear(scaled(number, width)), nn.ReLU(), nn.Dropout()])
        self.all.append(nn.LazyLinear(num_classes))

    @staticmethod
    def _part(row, width):
        if row[0] == "pool":
            return nn.MaxPool2d(2)
        if row[0] == "lrn":
            return local_response_norm()
        return nn.Sequential(nn.LazyConv2d(scaled(row[2], width), row[1], padding=int(row[1] == 3)), nn.ReLU())

    def forward(self, images):
        return self.all(images)
