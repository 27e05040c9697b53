def spectrum(x):
    return torch.fft.fft(x)


def respond(x, response):
    return torch.fft.ifft(torch.fft.fft(x.double()) * response).real.to(x.dtype)


def peak(x):
    half = torch.fft.rfft(x)
    at = half.abs().argmax().item()
    return Peak(at, half[at].item())
