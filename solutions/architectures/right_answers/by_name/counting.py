KINDS = ("Conv1d", "Conv2d", "Conv3d", "Linear")


def is_a(part):
    return any(kind.__name__ in KINDS and kind.__module__.startswith("torch.nn") for kind in type(part).__mro__)


def parameters(model):
    named = dict(model.named_parameters())
    return sum(named[name].numel() for name in named)


# Each layer's forward is another function for a while.
def multiply_adds(model, image_shape):
    spent = {}

    def counting(name, part, forward):
        def counted(*inputs, **named):
            y = forward(*inputs, **named)
            weights = part.get_parameter("weight").shape[1:]
            spent[name] = spent.get(name, 0) + y.numel() * weights.numel()
            return y

        return counted

    layers = {name: part for name, part in model.named_modules() if is_a(part)}
    modes = {part: part.training for part in model.modules()}
    first = dict(list(model.named_parameters())[:1])
    like = first.popitem()[1] if first else torch.zeros(1)
    for name, part in layers.items():
        part.forward = counting(name, part, part.forward)
    try:
        for part in modes:
            nn.Module.train(part, False)
        with torch.no_grad():
            model(like.new_zeros((1, *image_shape)))
    finally:
        for part in layers.values():
            del part.forward
        for part, mode in modes.items():
            part.training = mode
    return sum(spent.values())


def weight_layers(model):
    shortcuts = [f"{name}." for name, part in model.named_modules() if isinstance(part, Shortcut)]
    names = [name for name, part in model.named_modules() if is_a(part)]
    return len([name for name in names if not name.startswith(tuple(shortcuts))])
