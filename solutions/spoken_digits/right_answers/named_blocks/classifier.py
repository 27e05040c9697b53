class CNNClassifier1d(nn.Module):
    def __init__(self, n_mels: int, num_classes: int = 10, hidden: int = 32, num_blocks: int = 3) -> None:
        super().__init__()
        self.input = nn.Conv1d(n_mels, hidden, kernel_size=3, padding=1)
        self.blocks = nn.ModuleDict({f"block{number}": MaskedResidualBlock1d(hidden) for number in range(num_blocks)})
        self.output = nn.Linear(hidden, num_classes)

    def forward(self, log_mel: Tensor, lengths: Tensor | None = None) -> Tensor:
        if lengths is None:
            lengths = torch.tensor([log_mel.shape[2]] * log_mel.shape[0])
        inside = torch.arange(log_mel.shape[2]) < lengths[:, None]
        x = self.input(torch.where(inside[:, None], log_mel, 0.0))
        for block in self.blocks.values():
            x = MaxPool1d(2)(block(x, lengths))
            lengths = lengths // 2
        return self.output(MaskedGlobalAvgPool1d()(x, lengths))
