def time_shift(waveform: Tensor, max_shift: int, generator: torch.Generator) -> Tensor:
    shifts = torch.randint(-max_shift, max_shift + 1, (len(waveform),), generator=generator).tolist()
    rows = []
    for clip, shift in zip(waveform, shifts, strict=True):
        row = torch.roll(clip, shift)
        if shift > 0:
            row[:shift] = 0
        elif shift < 0:
            row[shift:] = 0
        rows.append(row)
    return torch.stack(rows)


def spec_augment(log_mel: Tensor, freq_mask: int, time_mask: int, generator: torch.Generator) -> Tensor:
    batch, n_mels, time = log_mel.shape
    width = torch.randint(0, freq_mask + 1, (batch,), generator=generator)
    length = torch.randint(0, time_mask + 1, (batch,), generator=generator)
    band = torch.floor(torch.rand(batch, generator=generator) * (n_mels - width + 1))
    frame = torch.floor(torch.rand(batch, generator=generator) * (time - length + 1))
    rows, columns = torch.arange(n_mels).view(1, -1, 1), torch.arange(time).view(1, 1, -1)
    band, width, frame, length = (value.view(-1, 1, 1) for value in (band, width, frame, length))
    hidden = ((rows >= band) & (rows < band + width)) | ((columns >= frame) & (columns < frame + length))
    return log_mel.masked_fill(hidden, 0) + hidden * log_mel.flatten(1).mean(1).view(-1, 1, 1)
