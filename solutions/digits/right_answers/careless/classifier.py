import warnings

print("importing the classifier")
warnings.warn("a warning of my own", stacklevel=1)
torch.manual_seed(0)
torch.set_grad_enabled(False)
