def network(column, image_size=224, hidden=4096, num_classes=1000):
    features, before = nn.Sequential(), 3
    for place, entry in enumerate(TABLE[column]):
        if entry == "M":
            features.add_module(f"pool{place}", nn.MaxPool2d(kernel_size=2, stride=2))
        else:
            features.add_module(f"conv{place}", nn.Conv2d(before, entry, 3, padding="same"))
            features.add_module(f"relu{place}", nn.ReLU(inplace=True))
            before = entry
    side = image_size // 2 ** TABLE[column].count("M")
    head = nn.Sequential(
        nn.Linear(before * side**2, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, num_classes)
    )
    return nn.Sequential(features, nn.Flatten(1), head)
