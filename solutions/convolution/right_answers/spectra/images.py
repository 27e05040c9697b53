def correlated(images, kernel):
    size = tuple(a + b - 1 for a, b in zip(images.shape[2:], kernel.shape, strict=True))
    turned = kernel.flip(0, 1).to(images.dtype)
    full = torch.fft.irfft2(torch.fft.rfft2(images, size) * torch.fft.rfft2(turned, size), size)
    top, left = kernel.shape[0] // 2, kernel.shape[1] // 2
    return full[..., top : top + images.shape[2], left : left + images.shape[3]]
