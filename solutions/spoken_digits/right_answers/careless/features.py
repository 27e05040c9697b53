import warnings

warnings.warn("my features", stacklevel=1)
torch.set_grad_enabled(False)
