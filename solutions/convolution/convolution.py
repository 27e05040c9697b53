# %% [markdown]
# # Filters before networks
#
# A filter is a short list of numbers that slides along a signal. A convolution layer is that and nothing else: in this
# notebook you write filters, design them, and build convolution layers out of them. You write the parts in the **files**
# of the folder `exercises/convolution/`; the notebook explains and checks.
#
# The loop is always the same: read the file of the task, replace `raise NotImplementedError` by your code, **save**,
# and run the task's check here.

# %%
# autoreload: after you save a file, the next cell uses its new version, without a restart of the kernel.
# %load_ext autoreload
# %autoreload 2
import torch

from exercises.convolution import check

torch.set_num_threads(1)  # what is this small is not faster with more

# %% [markdown]
# ## Task 1: filtering (4 points)
# Open `exercises/convolution/filtering.py`, write its functions, save, and run the check. No convolution of torch, NumPy
# or SciPy here: from `digits` on you use torch's, and know what it does.

# %% nbgrader={"grade": true, "grade_id": "task-filtering", "points": 4, "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "code"}
check("filtering")
### BEGIN HIDDEN TESTS
# With the course's configuration the next line never runs: the points come from the hidden checks.
raise SystemError("This notebook was graded without the course's configuration: nothing was checked.")
### END HIDDEN TESTS

# %% [markdown]
# **Guess first:** a template is hidden in noise. Where is the largest cross-correlation, if something else is louder?

# %%
from exercises.convolution.filtering import find

noise = torch.randn(400, generator=torch.Generator().manual_seed(0))
template = torch.hann_window(40)
noise[120:160] += 4 * template
print("found at", int(find(noise, template)))
noise[300:340] += 20
print("beside something louder, at", int(find(noise, template)))

# %% [markdown]
# ## Task 2: design (3 points)
# Say what a filter should do with each frequency, transform that back into time, and cut it down to a few taps: open
# `exercises/convolution/design.py`.

# %% nbgrader={"grade": true, "grade_id": "task-design", "points": 3, "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "code"}
check("design")
### BEGIN HIDDEN TESTS
# With the course's configuration the next line never runs: the points come from the hidden checks.
raise SystemError("This notebook was graded without the course's configuration: nothing was checked.")
### END HIDDEN TESTS

# %% [markdown]
# **Guess first:** the ideal low-pass filter is cut down to more and more taps. Does the highest ripple become lower?

# %%
from exercises.convolution.design import lowpass, ripple

for num_taps in (31, 63, 127, 255):
    window = torch.hann_window(num_taps, periodic=False, dtype=torch.float64)
    heights = (
        ripple(lowpass(0.1, num_taps), 0.1, 2 / num_taps),
        ripple(lowpass(0.1, num_taps, window), 0.1, 4 / num_taps),
    )
    print(f"{num_taps} taps: {heights[0]:.1%} as they are, {heights[1]:.1%} with a window")

# %% [markdown]
# ## Task 3: images (2 points)
# An image is filtered as a signal is, along two axes: open `exercises/convolution/images.py`.

# %% nbgrader={"grade": true, "grade_id": "task-images", "points": 2, "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "code"}
check("images")
### BEGIN HIDDEN TESTS
# With the course's configuration the next line never runs: the points come from the hidden checks.
raise SystemError("This notebook was graded without the course's configuration: nothing was checked.")
### END HIDDEN TESTS

# %% [markdown]
# ## Task 4: layers (5 points)
# A layer of a network is a bank of such filters, whose taps are learnt: open `exercises/convolution/layers.py`.

# %% nbgrader={"grade": true, "grade_id": "task-layers", "points": 5, "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "code"}
check("layers")
### BEGIN HIDDEN TESTS
# With the course's configuration the next line never runs: the points come from the hidden checks.
raise SystemError("This notebook was graded without the course's configuration: nothing was checked.")
### END HIDDEN TESTS

# %% [markdown]
# ## Task 5: filter bank (3.5 points)
# A spectrogram is a bank of filters, and the first layer of a network may be one that begins as you design it: open
# `exercises/convolution/filterbank.py`.

# %% nbgrader={"grade": true, "grade_id": "task-filterbank", "points": 3.5, "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "code"}
check("filterbank")
### BEGIN HIDDEN TESTS
# With the course's configuration the next line never runs: the points come from the hidden checks.
raise SystemError("This notebook was graded without the course's configuration: nothing was checked.")
### END HIDDEN TESTS

# %% [markdown]
# ## Pack
# Save the notebook, with its outputs (nobody runs it again), and your files. In a terminal, in this folder, run the
# checks once more and pack what you hand in.
#
#     python -m exercises check convolution
#     python -m exercises pack convolution
