"""From the bytes of a submission to verdicts: one plan for each kind of assignment."""
