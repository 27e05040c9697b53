def time_shift(waveform: Tensor, max_shift: int, generator: torch.Generator) -> Tensor:
    shifted = torch.zeros(waveform.shape)
    for k, clip in enumerate(waveform):
        shift = int(torch.randint(-max_shift, max_shift + 1, (1,), generator=generator))
        for t in range(len(clip)):
            if 0 <= t - shift < len(clip):
                shifted[k, t] = clip[t - shift]
    return shifted


def spec_augment(log_mel: Tensor, freq_mask: int, time_mask: int, generator: torch.Generator) -> Tensor:
    out = log_mel.float().clone()
    for k in range(out.shape[0]):
        mean = log_mel[k].float().mean().item()
        for axis, widest in ((0, freq_mask), (1, time_mask)):
            width = int(torch.randint(widest + 1, (1,), generator=generator))
            first = int(torch.randint(out.shape[1 + axis] - width + 1, (1,), generator=generator))
            out[k].narrow(axis, first, width).fill_(mean)
    return out
