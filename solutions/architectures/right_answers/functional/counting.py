from contextlib import ExitStack
from functools import singledispatch


def parameters(model):
    return sum(map(Tensor.numel, {id(parameter): parameter for parameter in model.parameters()}.values()))


@singledispatch
def price(layer):
    """What one output costs."""
    return 0


price.register(nn.Linear, lambda layer: layer.weight.shape[1])
for one in (nn.Conv1d, nn.Conv2d, nn.Conv3d):
    price.register(one, lambda layer: layer.weight[0].numel())


def multiply_adds(model, image_shape):
    costs = []
    like = next(iter(model.parameters()), torch.zeros(()))
    with ExitStack() as afterwards, torch.inference_mode():
        for part in list(model.modules()):
            afterwards.callback(setattr, part, "training", part.training)
            part.training = False
            hook = part.register_forward_hook(
                lambda layer, _, out: costs.append(price(layer) and price(layer) * out.numel())
            )
            afterwards.callback(hook.remove)
        model(torch.ones((1, *image_shape), dtype=like.dtype, device=like.device))
    return sum(costs)


def weight_layers(model):
    def layers(part):
        if isinstance(part, Shortcut):
            return set()
        own = {part} if price.dispatch(type(part)) is not price.dispatch(object) else set()
        return own.union(*map(layers, part.children()))

    return len(layers(model))
