def time_shift(waveform: Tensor, max_shift: int, generator: torch.Generator) -> Tensor:
    moved = torch.zeros_like(waveform)
    time = waveform.shape[1]
    for clip in range(len(waveform)):
        shift = int(torch.randint(2 * max_shift + 1, (), generator=generator)) - max_shift
        if shift >= 0:
            moved[clip, shift:] = waveform[clip, : time - shift]
        else:
            moved[clip, :shift] = waveform[clip, -shift:]
    return moved


def spec_augment(log_mel: Tensor, freq_mask: int, time_mask: int, generator: torch.Generator) -> Tensor:
    hidden = log_mel.clone()
    for clip in hidden:
        mean = clip.mean()
        bands, frames = (int(torch.randint(widest + 1, (), generator=generator)) for widest in (freq_mask, time_mask))
        band = int(torch.randint(clip.shape[0] - bands + 1, (), generator=generator))
        frame = int(torch.randint(clip.shape[1] - frames + 1, (), generator=generator))
        clip[band : band + bands] = mean
        clip[:, frame : frame + frames] = mean
    return hidden
