class Inception(nn.Module):
    def forward(self, maps):
        numbers = [
            branch[-2].out_channels for branch in (self.branch_1, self.branch_3, self.branch_5, self.branch_pool)
        ]
        pooled = self.branch_pool(maps)
        out = pooled.new_zeros(len(maps), sum(numbers), *maps.shape[2:])
        first, second, third, fourth = out.split(numbers, dim=1)
        fourth += pooled
        third += self.branch_5(maps)
        second += self.branch_3(maps)
        first += self.branch_1(maps)
        return out


ROWS = dict(
    zip(
        ["3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b"],
        zip(
            [64, 128, 192, 160, 128, 112, 256, 256, 384],
            [96, 128, 96, 112, 128, 144, 160, 160, 192],
            [128, 192, 208, 224, 256, 288, 320, 320, 384],
            [16, 32, 16, 24, 24, 32, 32, 32, 48],
            [32, 96, 48, 64, 64, 64, 128, 128, 128],
            [32, 64, 64, 64, 64, 64, 128, 128, 128],
            strict=True,
        ),
        strict=True,
    )
)
