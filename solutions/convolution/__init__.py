"""The model solution of `convolution`."""
