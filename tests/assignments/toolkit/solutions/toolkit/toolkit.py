# %% [markdown]
# # Tools
#
# Four modules, one question. Write the functions, save, and run the checks.

# %%
# %load_ext autoreload
# %autoreload 2
# %matplotlib inline
import matplotlib.pyplot as plt
import torch

from exercises.toolkit import check
from exercises.toolkit.spectra import spectrum

# %% [markdown]
# ## Task 1: spectra (4 points)

# %% nbgrader={"grade": true, "grade_id": "task-spectra", "points": 4, "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "code"}
check("spectra")
### BEGIN HIDDEN TESTS
raise SystemError("This notebook was graded without the course's configuration: nothing was checked.")
### END HIDDEN TESTS

# %% tags=["question:mirror"]
times = torch.arange(40)
plt.stem(spectrum(torch.cos(0.7 * times) + 0.3 * torch.sin(1.9 * times)).abs())
plt.xlabel("bin")
plt.show()

# %% [markdown]
# ## Task 2: networks from a table (3 points)

# %% nbgrader={"grade": true, "grade_id": "task-networks", "points": 3, "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "code"}
check("networks")
### BEGIN HIDDEN TESTS
raise SystemError("This notebook was graded without the course's configuration: nothing was checked.")
### END HIDDEN TESTS

# %% [markdown]
# ## Task 3: languages (3 points)

# %% nbgrader={"grade": true, "grade_id": "task-languages", "points": 3, "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "code"}
check("languages")
### BEGIN HIDDEN TESTS
raise SystemError("This notebook was graded without the course's configuration: nothing was checked.")
### END HIDDEN TESTS

# %% [markdown]
# ## Task 4: given weights (2 points)

# %% nbgrader={"grade": true, "grade_id": "task-drawings", "points": 2, "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "code"}
check("drawings")
### BEGIN HIDDEN TESTS
raise SystemError("This notebook was graded without the course's configuration: nothing was checked.")
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "ask-mirror", "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "markdown"}
# ## A question
# **Why is the spectrum of a real signal mirrored?** (1 point)

# %% [markdown] nbgrader={"grade": true, "grade_id": "question-mirror", "points": 1, "locked": false, "schema_version": 3, "solution": true, "task": false, "cell_type": "markdown"}
# A real signal is its own conjugate, and so the value at time - k is the conjugate of that at k.
