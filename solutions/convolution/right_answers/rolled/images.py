def correlated(images, kernel):
    rows, columns = kernel.shape[0] // 2, kernel.shape[1] // 2
    padded = torch.nn.functional.pad(images, (columns, columns, rows, rows))
    total = torch.zeros_like(padded)
    for i, row in enumerate(kernel.to(images.dtype)):
        for j, weight in enumerate(row):
            total = total + weight * torch.roll(padded, (rows - i, columns - j), dims=(2, 3))
    return total[:, :, rows : rows + images.shape[2], columns : columns + images.shape[3]]
