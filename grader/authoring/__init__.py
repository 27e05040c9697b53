"""What a lecturer writes: a new assignment, the galleries of answers, and a cohort made of them."""
