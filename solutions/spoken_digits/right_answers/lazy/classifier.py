class CNNClassifier1d(nn.Module):
    def __init__(self, n_mels: int, num_classes: int = 10, hidden: int = 32, num_blocks: int = 3) -> None:
        super().__init__()
        self.input = nn.LazyConv1d(hidden, 3, padding="same")
        self.blocks = nn.ModuleList([MaskedResidualBlock1d(hidden) for _ in range(num_blocks)])
        self.halve = nn.MaxPool1d(2)
        self.pool = MaskedGlobalAvgPool1d()
        self.output = nn.LazyLinear(num_classes)
