# The same weights of four places, as a convolution of 2x2 with stride 2.
class Subsampling(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.coefficient = nn.Parameter(torch.rand(channels, 1))
        self.bias = nn.Parameter(torch.rand(channels))

    def forward(self, maps):
        kernels = self.coefficient.view(-1, 1, 1, 1).expand(-1, 1, 2, 2)
        return nn.functional.conv2d(maps, kernels, self.bias, stride=2, groups=len(self.bias)).tanh()


class LeNet5Original(LeNet5):
    def __init__(self, num_classes=10):
        super().__init__(num_classes)
        first, third = self.features[0], self.features[6]
        self.features = nn.Sequential(first, nn.Tanh(), Subsampling(6))
        self.kernels = nn.Parameter(torch.randn(60, 5, 5) / 10)
        self.bias = nn.Parameter(torch.zeros(16))
        self.rest = nn.Sequential(nn.Tanh(), Subsampling(16), third, nn.Tanh())
        self.rows = [o for o, maps in enumerate(CONNECTIONS) for _ in maps]
        self.columns = [i for maps in CONNECTIONS for i in maps]

    def forward(self, images):
        full = self.kernels.new_zeros(16, 6, 5, 5)
        full[self.rows, self.columns] = self.kernels
        return self.head(self.rest(nn.functional.conv2d(self.features(images), full, self.bias)))
