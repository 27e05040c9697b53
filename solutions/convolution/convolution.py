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
# %matplotlib inline
import time

import matplotlib.pyplot as plt
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
# **Guess first:** from how many taps on is it faster to multiply spectra than to add up by hand?

# %% tags=["question:direct_or_fft"]
from exercises.convolution.filtering import circular_convolve, convolve, fft_convolve

sound = torch.randn(8000, generator=torch.Generator().manual_seed(1))
for num_taps in (4, 16, 64, 256, 1024):
    taps = torch.randn(num_taps, generator=torch.Generator().manual_seed(2))
    times = []
    for function in (convolve, fft_convolve):
        function(sound, taps)
        begin = time.perf_counter()
        for _ in range(5):
            function(sound, taps)
        times.append((time.perf_counter() - begin) / 5)
    wrapped = float((circular_convolve(sound, taps) - convolve(sound, taps)[:8000]).abs().max())
    print(
        f"{num_taps} taps: direct {1e3 * times[0]:.2f} ms, FFT {1e3 * times[1]:.2f} ms; without padding {wrapped:.1f} off"
    )

# %% [markdown]
# A tone in the second half of a second, with an echo a third of a second later: first with padding, then without.

# %% tags=["question:direct_or_fft"]
from IPython.display import Audio, display

places = torch.arange(8000)
tone = torch.sin(2 * torch.pi * 440 * places / 8000) * (places >= 5000)
echo = torch.zeros(2700)
echo[0], echo[-1] = 1.0, 0.6
display(Audio(fft_convolve(tone, echo).numpy(), rate=8000))
display(Audio(circular_convolve(tone, echo).numpy(), rate=8000))

# %% [markdown] nbgrader={"grade": false, "grade_id": "ask-direct_or_fft", "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "markdown"}
# **Where did direct and FFT cross on your computer, where does the lecture put it, and why? What did you hear without
# padding?** (1 point) Three to five sentences.

# %% [markdown] nbgrader={"grade": true, "grade_id": "question-direct_or_fft", "points": 1, "locked": false, "schema_version": 3, "solution": true, "task": false, "cell_type": "markdown"}
# Here they cross at a few dozen taps; the lecture puts it near P = 100, counting multiplications alone. Direct filtering
# costs time x taps, spectra about time x log(time) whatever the taps; where they cross depends on how well each is
# programmed: a loop over the taps starts a torch operation for each. Without padding the end of the convolution is added
# to its beginning: one hears the tail of the word before it has begun.

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
from exercises.convolution.design import frequency_response, lowpass, ripple

for num_taps in (31, 63, 127, 255):
    window = torch.hann_window(num_taps, periodic=False, dtype=torch.float64)
    heights = (
        ripple(lowpass(0.1, num_taps), 0.1, 2 / num_taps),
        ripple(lowpass(0.1, num_taps, window), 0.1, 4 / num_taps),
    )
    print(f"{num_taps} taps: {heights[0]:.1%} as they are, {heights[1]:.1%} with a window")

# %% tags=["question:two_filters"]
window = torch.hann_window(31, periodic=False, dtype=torch.float64)
for name, taps in {"as they are": lowpass(0.1, 31), "with a window": lowpass(0.1, 31, window)}.items():
    decibels = 20 * frequency_response(taps, 512).abs().clamp(min=1e-6).log10()
    plt.plot(torch.linspace(0, 0.5, 512), decibels, label=f"31 taps, {name}")
plt.xlabel("frequency / sample rate")
plt.ylabel("dB")
plt.legend()
plt.show()

# %% [markdown] nbgrader={"grade": false, "grade_id": "ask-two_filters", "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "markdown"}
# **Two filters of 31 taps, with and without a window: explain the two responses.** (1 point) Three to five sentences: how
# high are the ripples, how wide is the transition, and why?

# %% [markdown] nbgrader={"grade": true, "grade_id": "question-two_filters", "points": 1, "locked": false, "schema_version": 3, "solution": true, "task": false, "cell_type": "markdown"}
# Cutting the endless impulse response off is a product with a rectangle, so the ideal response is convolved with the
# rectangle's spectrum: its side lobes make ripples of about 9 % (-21 dB), however many taps there are, and its narrow main
# lobe makes the transition narrow. The Hann window ends softly: its side lobes are far lower (-44 dB in the filter), and
# its main lobe is twice as wide, so that the transition becomes about three times as wide.

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
