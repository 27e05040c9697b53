import numpy as np

STEPS = np.logspace(-2, 4, 7, dtype=np.float32)
PENALTY = STEPS[4]
