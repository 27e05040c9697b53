def log_mel(waveform: Tensor, sample_rate: int, n_fft: int, hop_length: int, n_mels: int) -> Tensor:
    mel = torchaudio.transforms.MelSpectrogram(sample_rate, n_fft=n_fft, hop_length=hop_length, n_mels=n_mels)
    out = torch.zeros(waveform.shape[0], n_mels, 1 + waveform.shape[1] // hop_length)
    for k in range(waveform.shape[0]):
        out[k] = torch.log(mel(waveform[k].float()) + 1e-6)
    return out


def stamp(waveform: Tensor, sample_rate: int) -> Tensor:
    n_fft, hop_length = sample_rate // 40, sample_rate // 100
    features = log_mel(waveform.float().unsqueeze(0), sample_rate, n_fft, hop_length, STAMP_MELS)[0]
    features = features - features.min(dim=0).values
    frames = features.shape[1]
    image = torch.zeros(STAMP_FRAMES, STAMP_MELS)
    for k in range(STAMP_FRAMES):
        place = min(max((k + 0.5) * frames / STAMP_FRAMES - 0.5, 0.0), frames - 1.0)
        left = int(place)
        right = min(left + 1, frames - 1)
        image[k] = (1 - (place - left)) * features[:, left] + (place - left) * features[:, right]
    return image / image.max() if image.max() > 0 else image


def context_windows(features: Tensor, width: int = 15) -> Tensor:
    if width % 2 == 0:
        raise ValueError("width must be odd")
    frames = features.shape[2]
    out = torch.zeros(frames, features.shape[0], features.shape[1], width)
    for t in range(frames):
        for k in range(width):
            out[t, :, :, k] = features[:, :, min(max(t + k - width // 2, 0), frames - 1)]
    return out
