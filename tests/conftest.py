"""What holds for every test: one thread, and the virtual environment's programs on the PATH."""

import os
import sys
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"  # read once, when torch is imported
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # nbgrader runs alembic

import torch

torch.set_num_threads(1)
