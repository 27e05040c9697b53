# Pre-hooks and hooks on the model's parts, and a batch of three images.
def multiply_adds(model, image_shape):
    total, hooks = 0, []
    like = next(model.parameters(), None)
    images = torch.zeros(3, *image_shape) if like is None else torch.zeros(3, *image_shape).to(like)

    def note(layer, inputs, output):
        nonlocal total
        if isinstance(layer, nn.Linear):
            total += inputs[0].numel() * layer.out_features
        else:
            per_map = output.numel() // layer.out_channels
            total += per_map * layer.weight.numel()

    before = [part for part in model.modules() if part.training]
    for part in model.modules():
        if isinstance(part, nn.Linear | nn.modules.conv._ConvNd):
            hooks += [part.register_forward_hook(note)]
    try:
        with torch.no_grad():
            model.eval()(images)
    finally:
        [hook.remove() for hook in hooks]
        model.eval()
        for part in before:
            part.training = True
    return total // 3
