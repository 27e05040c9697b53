"""Hidden checks, for staff only: they run on the trusted side, beside the model solution."""
