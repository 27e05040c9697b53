"""Model solution of `transfer`."""
