def best_patches(activations, channel, k):
    found = []
    for image in range(activations.shape[0]):
        best = None
        for row in range(activations.shape[2]):
            for column in range(activations.shape[3]):
                value = float(activations[image, channel, row, column])
                if best is None or value > best[0]:
                    best = (value, image, row, column)
        found.append(best)
    found.sort(key=lambda one: -one[0])
    return [list(one[1:]) for one in found[:k]]


def input_box(row, column, layers):
    def reach(number):
        seen = {number}
        for layer in list(layers)[::-1]:
            before = set()
            for place in seen:
                for tap in range(layer.kernel_size):
                    before.add(place * layer.stride + tap * layer.dilation - layer.padding)
            seen = before
        return min(seen), max(seen) + 1

    top, bottom = reach(row)
    left, right = reach(column)
    return top, left, bottom, right


@torch.no_grad()
def occlusion_map(model, image, label, size, stride, fill=0.0):
    def probability(x):
        logits = model(x.unsqueeze(0))
        return float(torch.softmax(logits, dim=1)[0, label])

    channels, height, width = image.shape
    plain = probability(image)
    result = torch.zeros((height - size) // stride + 1, (width - size) // stride + 1)
    for i in range(result.shape[0]):
        for j in range(result.shape[1]):
            covered = image.clone()
            for c in range(channels):
                covered[c, i * stride : i * stride + size, j * stride : j * stride + size] = fill
            result[i, j] = plain - probability(covered)
    return result


def max_pool_with_switches(x, kernel_size):
    batch, channels, height, width = x.shape
    values = torch.empty(batch, channels, height // kernel_size, width // kernel_size, dtype=x.dtype)
    switches = {}
    for index in torch.ones(values.shape).nonzero().tolist():
        n, c, i, j = index
        best = None
        for row in range(i * kernel_size, (i + 1) * kernel_size):
            for column in range(j * kernel_size, (j + 1) * kernel_size):
                value = x[n, c, row, column]
                if best is None or value >= best:
                    best, place = value, (row, column)
        values[n, c, i, j] = best
        switches[n, c, i, j] = place
    return values, switches


def unpool(values, switches, size):
    result = torch.zeros(values.shape[0], values.shape[1], size[0], size[1], dtype=values.dtype)
    for (n, c, i, j), (row, column) in switches.items():
        result[n, c, row, column] = values[n, c, i, j]
    return result


@torch.no_grad()
def project_back(features, convolution, size):
    weight = convolution.weight
    outs, ins, down, across = weight.shape
    groups = convolution.groups
    result = torch.zeros(features.shape[0], ins * groups, size[0], size[1])
    for o in range(outs):
        first = o // (outs // groups) * ins
        for i in range(features.shape[2]):
            for j in range(features.shape[3]):
                strength = features[:, o, i, j].clamp(min=0)
                for p in range(down):
                    for q in range(across):
                        row = i * convolution.stride[0] + p * convolution.dilation[0] - convolution.padding[0]
                        column = j * convolution.stride[1] + q * convolution.dilation[1] - convolution.padding[1]
                        if 0 <= row < size[0] and 0 <= column < size[1]:
                            result[:, first : first + ins, row, column] += strength[:, None] * weight[o, :, p, q]
    return result


def reconstruct(layers, x, index):
    inputs, all_switches = [], []
    for layer in layers:
        inputs.append(x)
        switches = None
        if type(layer) is nn.MaxPool2d:
            kernel = layer.kernel_size
            x, switches = max_pool_with_switches(x, kernel[0] if isinstance(kernel, tuple) else kernel)
        elif type(layer) is nn.ReLU:
            x = x.clamp(min=0)
        else:
            x = layer(x).detach()
        all_switches.append(switches)
    picture = torch.zeros(x.shape)
    channel, row, column = index
    picture[0, channel, row, column] = x[0, channel, row, column]
    for number in range(len(layers) - 1, -1, -1):
        size = tuple(inputs[number].shape[2:])
        if type(layers[number]) is nn.MaxPool2d:
            picture = unpool(picture, all_switches[number], size)
        elif type(layers[number]) is nn.ReLU:
            picture = torch.where(picture > 0, picture, torch.zeros(()))
        else:
            picture = project_back(picture, layers[number], size)
    return picture
