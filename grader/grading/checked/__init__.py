"""An assignment of ours: stubs, a solution, public and hidden checks."""
