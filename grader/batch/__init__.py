"""A cohort: what each submission needs, the pools that do it, and one that is replayed."""
