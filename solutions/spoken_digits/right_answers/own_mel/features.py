def log_mel(waveform: Tensor, sample_rate: int, n_fft: int, hop_length: int, n_mels: int) -> Tensor:
    window = torch.hann_window(n_fft, dtype=waveform.dtype)
    spectrum = torch.stft(waveform, n_fft, hop_length, window=window, center=True, return_complex=True)
    bank = torchaudio.functional.melscale_fbanks(n_fft // 2 + 1, 0.0, sample_rate / 2, n_mels, sample_rate)
    power = spectrum.real**2 + spectrum.imag**2  # (batch, frequencies, frames)
    return (bank.T.to(power.dtype) @ power + 1e-6).log()


def context_windows(features: Tensor, width: int = 15) -> Tensor:
    if not width % 2:
        raise ValueError("an odd width, please")
    frames = features.size(-1)
    windows = []
    for t in range(frames):
        places = [min(max(t + offset, 0), frames - 1) for offset in range(-(width // 2), width // 2 + 1)]
        windows.append(features[:, :, places])
    return torch.stack(windows)
