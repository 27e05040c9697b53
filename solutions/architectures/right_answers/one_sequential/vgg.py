def from_text(text):
    """Rows of a column from a text like "3-64 P 1-256 L"."""
    named = {"P": ("pool",), "L": ("lrn",)}
    return tuple(named.get(word) or ("conv", *map(int, word.split("-"))) for word in text.split())


A = from_text("3-64 P 3-128 P 3-256 3-256 P 3-512 3-512 P 3-512 3-512 P")
B = from_text("3-64 3-64 P 3-128 3-128 P 3-256 3-256 P 3-512 3-512 P 3-512 3-512 P")
C = from_text("3-64 3-64 P 3-128 3-128 P 3-256 3-256 1-256 P 3-512 3-512 1-512 P 3-512 3-512 1-512 P")
D = from_text("3-64 3-64 P 3-128 3-128 P 3-256 3-256 3-256 P 3-512 3-512 3-512 P 3-512 3-512 3-512 P")
E = D[:9] + from_text("3-256 P 3-512 3-512 3-512 3-512 P 3-512 3-512 3-512 3-512 P")


class VGG(nn.Sequential):
    def __init__(self, configuration, num_classes=1000, width=1.0):
        if configuration not in tuple(CONFIGURATIONS):
            raise ValueError("no such configuration")
        rows = CONFIGURATIONS[configuration]
        numbers = [3] + [scaled(row[-1], width) for row in rows if len(row) == 3]
        super().__init__()
        done = 0
        for row in rows:
            if len(row) == 3:
                self.append(nn.Conv2d(numbers[done], numbers[done + 1], row[1], 1, row[1] // 2))
                self.append(nn.ReLU(True))
                done += 1
            else:
                self.append({"pool": nn.MaxPool2d(2), "lrn": local_response_norm()}[row[0]])
        self.extend(dense_head(numbers[-1] * 49, num_classes, width))
