"""Model solution of `architectures`."""
