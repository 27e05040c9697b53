"""All that lies in a course folder but the gradebook: paths, lock, times, ledger; and the look-up of a result."""
