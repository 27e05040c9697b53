def stamp(waveform: Tensor, sample_rate: int) -> Tensor:
    to_mel = torchaudio.transforms.MelSpectrogram(
        sample_rate=sample_rate, n_fft=sample_rate // 40, hop_length=sample_rate // 100, n_mels=STAMP_MELS
    )
    image = to_mel(waveform).add(1e-6).log().T  # (frames, mel)
    image = image - image.min(dim=1, keepdim=True).values
    places = (torch.arange(STAMP_FRAMES) + 0.5) * len(image) / STAMP_FRAMES - 0.5
    places = places.clamp(0, len(image) - 1)
    left = places.floor().long()
    right = (left + 1).clamp(max=len(image) - 1)
    share = (places - left)[:, None]
    image = torch.lerp(image[left], image[right], share)
    return image / image.max().clamp(min=1e-12)
