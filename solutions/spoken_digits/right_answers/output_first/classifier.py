class CNNClassifier1d(nn.Module):
    def __init__(self, n_mels: int, num_classes: int = 10, hidden: int = 32, num_blocks: int = 3) -> None:
        super().__init__()
        self.num_blocks = num_blocks
        self.output = nn.Linear(hidden, num_classes)
        self.average = MaskedGlobalAvgPool1d()
        self.blocks = nn.ModuleList()
        for _ in range(num_blocks):
            self.blocks.append(MaskedResidualBlock1d(hidden))
        self.input = nn.Conv1d(n_mels, hidden, 3, padding="same")

    def forward(self, log_mel: Tensor, lengths: Tensor | None = None) -> Tensor:
        batch, _, time = log_mel.shape
        own = torch.tensor([time] * batch) if lengths is None else lengths.clone()
        inside = torch.arange(time) < own.view(-1, 1)
        x = self.input(torch.where(inside.unsqueeze(1), log_mel, torch.zeros_like(log_mel)))
        for number in range(self.num_blocks):
            x = self.blocks[number](x, own)
            even = x.shape[-1] // 2 * 2
            x = torch.maximum(x[..., 0:even:2], x[..., 1:even:2])
            own = torch.div(own, 2, rounding_mode="floor")
        return self.output(self.average(x, own))
