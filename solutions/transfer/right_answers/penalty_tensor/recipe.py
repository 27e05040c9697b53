import torch

PENALTY = torch.tensor(20.0)
