class CNNClassifier1d(nn.Module):
    def __init__(self, n_mels: int, num_classes: int = 10, hidden: int = 32, num_blocks: int = 3) -> None:
        super().__init__()
        self.input = nn.Conv1d(n_mels, hidden, kernel_size=3, padding=1)
        nn.init.kaiming_normal_(self.input.weight, nonlinearity="relu")
        self.blocks = nn.ModuleList([MaskedResidualBlock1d(hidden) for _ in range(num_blocks)])
        self.halve = MaxPool1d(2)
        self.pool = MaskedGlobalAvgPool1d()
        self.output = nn.Linear(hidden, num_classes)
        nn.init.zeros_(self.output.weight)
