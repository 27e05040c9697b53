class CNNClassifier1d(nn.Module):
    def forward(self, log_mel: Tensor, lengths: Tensor | None = None) -> Tensor:
        if lengths is None:
            lengths = torch.zeros(log_mel.shape[0]).long() + log_mel.shape[2]
        mask = (torch.arange(log_mel.shape[2]).float() < lengths.float().unsqueeze(1)).float().unsqueeze(1)
        x = self.input(log_mel.float() * mask)
        for block in self.blocks:
            x = self.halve(block(x, lengths))
            lengths = torch.floor(lengths.float() / 2).long()
        return self.output(self.pool(x, lengths))
