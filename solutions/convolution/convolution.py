# %% [markdown]
# # Filters before networks
#
# A filter is a short list of numbers that slides along a signal and adds up what lies below it. A convolution layer is
# that, and nothing else. In this notebook you write filters, design them, hear and see what they do, and build
# convolution layers out of them. You write the parts in the **files** of the folder `exercises/convolution/`; the notebook
# explains, draws, plays and checks.
#
# - **Time:** about five hours. There are five tasks and two questions, 20 points in all; *extra* functions are on top.
# - **You need:** Python, tensors of PyTorch (slices, broadcasting, `@`), complex numbers (e^(jφ) = cos φ + j sin φ), and
#   lecture 3 up to filter design. No other assignment comes before this one.
# - **Guess first** means: before you run the cell, and before you unfold "after your guess". A wrong guess is the best way
#   to remember the right answer. Use headphones if you can.
# - **Ears and eyes:** every picture has a text with its numbers, which screen readers read, and which `.alt` gives:
#   `print(pictures.matrix_row(…).alt)`. Nothing that is worth points needs eyes alone, or ears alone
#   ([docs/students.md](docs/students.md), section 8).
#
# The loop is always the same: read the file of the task, replace `raise NotImplementedError` by your code, **save**, and
# run the task's check here. A cell that needs a part you have not written yet stops and names the task.
#
# ## 1. Which versions, which sounds?

# %%
# autoreload: after you save a file, the next cell uses its new version, without a restart of the kernel.
# %load_ext autoreload
# %autoreload 2
# %matplotlib inline
import sys

import torch
import torch.nn.functional as F
from torch import nn

from datasets import load_speech
from exercises.convolution import check, material, pictures, training

torch.set_num_threads(1)  # what is this small is not faster with more
data = load_speech("generated")  # spoken by a program, so that everybody hears the same
rate = data.sample_rate  # samples a second
print(f"Python {sys.version.split()[0]}, torch {torch.__version__}; {len(data.train):,} words at {rate:,} Hz")

# %% tags=["exploration"]
seven, six = material.say(data, "seven", speaker=1), material.say(data, "six", speaker=9)
pictures.player_row({"seven": seven, "six": six}, rate)

# %% [markdown]
# (All players of this notebook play everything equally loud; look at the pictures to see what became softer.)
#
# ## 2. Turn it round, or not
# Left: *convolution*. At each place the newest sample meets `taps[0]`, the one before it `taps[1]`, and so on: the filter
# lies on the signal turned round. Right: *cross-correlation*. The filter lies on the signal as it is. Move `place`.
#
# **Guess first:** the signal has a single 1 near its beginning. What does each of the two outputs look like there? And
# where is each output largest?
#
# <details><summary>After your guess</summary>
#
# Convolution puts a copy of the filter there: its *impulse response*. Cross-correlation puts a copy turned round. On the
# right, the largest output is where the signal looks like the filter: that is how one *finds* something.
#
# </details>

# %% tags=["exploration"]
signal = torch.tensor([0.0, 1, 0, 0, 0, 0, 0, 1, 2, 4, 0, 0])
taps = torch.tensor([1.0, 2, 4])
pictures.sliding(signal, taps, place=9)

# %% [markdown]
# ## 3. Task 1: filtering (4 points)
# *About 35 minutes, difficulty 2 of 3.*
#
# `exercises/convolution/filtering.py`. No convolution of torch, NumPy or SciPy here: from other assignments on you use torch's,
# and know what it does. Everything is right that gives the right numbers; for the sounds below, a loop over the *taps* is
# quick, and one over the samples is slow.

# %% nbgrader={"grade": true, "grade_id": "task-filtering", "points": 4, "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "code"}
check("filtering")
### BEGIN HIDDEN TESTS
# With the course's configuration the next line never runs: the points come from the hidden checks.
raise SystemError("This notebook was graded without the course's configuration: nothing was checked.")
### END HIDDEN TESTS

# %% [markdown]
# ## 4. A filter is a dense layer with few weights
# Filtering is linear, so there is a matrix that does it. Its columns are what a single 1 at each place becomes. Left: any
# dense layer. In the middle: your `convolve`, all of it. Right: its first rows alone, which is *causal padding*: zeros
# before the signal and none behind it, as many outputs as inputs.
#
# **Guess first:** 12 inputs, 4 taps. How many different weights does each of the three have? What does it mean that above
# the diagonal of the right one everything is 0?
#
# <details><summary>After your guess</summary>
#
# A dense layer with 15 outputs has 15 · 12 = 180 weights, the filter has 4, shared along the diagonals. Zeros above the
# diagonal: no output hears what comes later. A filter that runs while somebody speaks has to be like that.
#
# </details>

# %% tags=["exploration"]
from exercises.convolution.filtering import convolve, cross_correlate

taps = torch.tensor([1.0, 3, -2, 0.5])
whole = convolve(torch.eye(12), taps).T  # (15, 12): column j is what a 1 at place j becomes
torch.manual_seed(0)
pictures.matrix_row({"dense": 6 * nn.Linear(12, 15).weight, "convolve": whole, "causal padding": whole[:12]})

# %% [markdown]
# The same sums have an older name. **Guess first:** what are the coefficients of (1 + 2x)(3 + x²)?

# %%
from exercises.convolution.filtering import convolve

product = convolve(torch.tensor([1.0, 2]), torch.tensor([3.0, 0, 1]))
print(" + ".join(f"{float(c):g} x^{power}" for power, c in enumerate(product)))

# %% [markdown]
# Multiplying polynomials is convolving their coefficients. With z⁻¹ for "one sample later" in the place of x, a filter *is* a
# polynomial, and two filters in a row are their product.
#
# ## 5. A word in a room
# Somebody claps once in an empty room, and we record what comes back: the room's impulse response (here a program made
# it). Convolve a dry word with it. **Guess first:** the word takes 0.5 s and the room's echo 0.8 s. How long is the result?
#
# <details><summary>After your guess</summary>
#
# Time plus P: 1.3 s. Each sample of the word starts an echo of its own, and all of them are added up: that is convolution.
#
# </details>

# %% tags=["exploration"]
from exercises.convolution.filtering import fft_convolve

echo = material.room(0.8, rate)
wet = fft_convolve(seven, echo)
pictures.waveforms({"the word, dry": seven, "a clap in the room": echo, "the word in the room": wet}, rate)

# %% tags=["exploration"]
church = fft_convolve(seven, material.room(3.0, rate))
pictures.player_row({"dry": seven, "room (0.8 s)": wet, "church (3 s)": church}, rate)

# %% [markdown]
# Long filters are why the convolution theorem matters: the church has 24,000 taps. Change `fft_convolve` to `convolve` if your
# loop is a patient one.
#
# ## 6. Find a word in noise
# A "three" lies somewhere in a recording full of noise. You do not see it, and hardly hear it. Your `find` slides the
# word along. **Guess first:** will it find it, although the noise is almost six times as strong as the word (rms)?
#
# <details><summary>After your guess</summary>
#
# It does. At the right place the word meets itself: thousands of squares, none of them negative. What the noise adds is as often
# positive as negative: the sum of the squares grows with the number of taps, that of the noise with its square root only.
#
# </details>

# %% tags=["exploration"]
from exercises.convolution.filtering import find

three = material.say(data, "three", speaker=4)
place = 6500
recording = material.hidden_in_noise(three, place, time=10000, loudness=1.0)
found = int(find(recording, three))
print(f"found at sample {found}, hidden at {place}")
correlation = cross_correlate(recording, three)[len(three) - 1 :]
views = {"recording": recording, "cross-correlation from lag 0 on": correlation}
pictures.waveforms(views, rate, {"hidden": place / rate}, one_scale=False)

# %% tags=["exploration"]
pictures.player_row({"the word": three, "the recording": recording}, rate)

# %% [markdown]
# Now somebody else says "nine" near the beginning, twenty times as loud. **Guess first:** what is found?
#
# <details><summary>After your guess</summary>
#
# The stranger. A cross-correlation grows with what is *like* the word, and with what is *loud*. Whoever does not want that
# divides by the loudness at each place (normalised cross-correlation), or learns filters that tell words apart.
#
# </details>

# %% tags=["exploration"]
stranger = material.say(data, "nine", speaker=8)
with_stranger = recording.clone()
with_stranger[1000 : 1000 + len(stranger)] += 20 * stranger / stranger.abs().max()
found = int(find(with_stranger, three))
print(f"found at sample {found}; the word is at {place}, the stranger speaks from 1000 to {1000 + len(stranger)}")
pictures.waveforms({"recording with a stranger": with_stranger}, rate, {"hidden": place / rate, "found": found / rate})

# %% [markdown]
# ## 7. Direct, or by spectra?
# Both ways give the same numbers. Direct filtering costs one multiply-add for each sample and tap. Multiplying spectra costs
# three transforms, however many taps there are. The lecture says: direct for P < 100.
#
# **Guess first:** at how many taps do *your* two functions cross, on *your* computer?

# %% tags=["question:direct_or_fft"]
from exercises.convolution.filtering import convolve, fft_convolve

lengths = [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]
seconds = pictures.timings({"convolve (direct)": convolve, "fft_convolve (spectra)": fft_convolve}, lengths)
pictures.crossing_picture(lengths, seconds)

# %% [markdown]
# You are asked about this crossing at the end of the notebook. Run the cell twice: how sure are you of the number?
#
# ## 8. Without padding
# `circular_convolve` (given) multiplies the spectra of the signal and the taps without making room for the P samples that the
# result is longer. **Guess first:** where do they go, and what do you hear?
#
# <details><summary>After your guess</summary>
#
# The Fourier transform takes the signal for one turn of a circle. What rings on behind the end comes out at the beginning: the
# echo of the word's *end* is there before the word has begun.
#
# </details>

# %% tags=["question:direct_or_fft"]
from exercises.convolution.filtering import circular_convolve, fft_convolve

late = F.pad(material.say(data, "three", speaker=1), (2400, 0))  # 0.3 s of silence, then the word, then nothing
echo = material.room(0.75, rate)
padded, wrapped = fft_convolve(late, echo), circular_convolve(late, echo)
folded = padded[: len(late)].clone()
folded[: len(padded) - len(late)] += padded[len(late) :]  # the end, laid over the beginning
for name, sound in {"with padding": padded, "without": wrapped}.items():
    before, within = (float(part.abs().max()) for part in (sound[:2400], sound[2400:]))
    print(f"{name:12} the largest sample is {before:.3f} in the silence before the word, {within:.3f} afterwards")
difference = float((folded - wrapped).abs().max())
print(f"The padded one's end, laid over its beginning, gives the other one to within {difference:.0e}.")
versions = {"dry": late, "padded: fft_convolve": padded, "not padded: circular_convolve": wrapped}
pictures.waveforms(versions, rate, {"end of the recording": len(late) / rate})

# %% tags=["exploration"]
pictures.player_row(versions, rate)

# %% [markdown]
# ## 9. Task 2: design (3 points)
# *About 30 minutes, difficulty 2 of 3.*
#
# So far the taps came from somewhere. Now you choose what a filter does with each frequency, and compute the taps:
# `exercises/convolution/design.py`.

# %% nbgrader={"grade": true, "grade_id": "task-design", "points": 3, "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "code"}
check("design")
### BEGIN HIDDEN TESTS
# With the course's configuration the next line never runs: the points come from the hidden checks.
raise SystemError("This notebook was graded without the course's configuration: nothing was checked.")
### END HIDDEN TESTS

# %% [markdown]
# What your functions do, one after the other, for a low-pass filter up to 1,000 Hz (0.125 of the sample rate).

# %% tags=["exploration"]
from exercises.convolution.design import frequency_response, impulse_response, prototype, truncate

wanted = prototype(0.125, 1024)
impulse = impulse_response(wanted)
taps = truncate(impulse, 31)
pictures.design_steps(wanted, impulse, taps, frequency_response(taps, 1001).abs())

# %% [markdown]
# ## 10. More taps, less ripple?
# Cutting the impulse response off makes the gain swing around what we wanted. **Guess first:** with eight times as many taps,
# what becomes of the *height* of the largest swing, of its *place*, and of the width of the transition?
#
# <details><summary>After your guess</summary>
#
# The height stays: 9 to 10 % above 1, and −21 to −22 dB where nothing should pass, from 31 to 255 taps. The swings only move
# towards the cutoff and become narrower, and the transition with them: 231 Hz, 116 Hz, 58 Hz, 30 Hz. This is Gibbs'
# phenomenon: no number of taps cures it.
#
# </details>

# %% tags=["exploration"]
from exercises.convolution.design import frequency_response, lowpass

by_length = {f"{n} taps": lowpass(0.125, n) for n in (31, 63, 127, 255)}
for taps in by_length.values():
    print(pictures.in_words(taps, frequency_response, rate))
pictures.responses_picture(by_length, frequency_response, 0.125, shown=(0.05, 0.2))

# %% [markdown]
# What does the cutting is the *window*: without one, taps count fully or not at all. A Hann window lets them fade out. Here are two
# filters of 31 taps; you are asked to explain them at the end of the notebook.

# %% tags=["question:two_filters"]
from exercises.convolution.design import frequency_response, lowpass

hann = torch.hann_window(31, periodic=False, dtype=torch.float64)
two = {"no window": lowpass(0.125, 31), "Hann window": lowpass(0.125, 31, hann)}
for name, taps in two.items():
    print(f"{name:11} {pictures.in_words(taps, frequency_response, rate)}")
pictures.responses_picture(two, frequency_response, 0.125)

# %% [markdown]
# The window trades height for width: its highest lobe lies at −44 dB in the place of −22 dB, and the transition is more than three
# times as wide. (The Hann window's own main lobe is twice as wide as that of no window, and the gain is the wanted one, smeared
# by it.) Move the sliders, and watch what each number costs: the latency is half the length of the filter, and a telephone call
# bears some 150 ms in all. **Guess first:** how many taps with a Hann window are as steep as 63 without one?
#
# <details><summary>After your guess</summary>
#
# About 217: then both have a transition of 116 Hz. The latency is 13.5 ms with the window, and 3.9 ms without.
#
# </details>

# %% tags=["exploration"]
pictures.taps_slider(lowpass, frequency_response, rate)

# %% [markdown]
# ## 11. Low, middle, high
# "six", through a low-pass, a band-pass and a high-pass filter of 101 taps. **Guess first:** which of the three still sounds like
# "six"? In which one is the "s" gone, in which one the "i"?
#
# <details><summary>After your guess</summary>
#
# Below 900 Hz the buzz of the vowel is about six times as strong as the two "s". Above 2,500 Hz it is the other way round: the
# first "s" is sixty times as strong as what is left of the "i". Compare with the spectrograms.
#
# </details>

# %% tags=["exploration"]
from exercises.convolution.design import bandpass, highpass

hann = torch.hann_window(101, periodic=False, dtype=torch.float64)
bands = {
    "low: below 900 Hz": lowpass(900 / rate, 101, hann),
    "middle: 900 to 2,500 Hz": bandpass(900 / rate, 2500 / rate, 101, hann),
    "high: above 2,500 Hz": highpass(lowpass(2500 / rate, 101, hann)),
}
passed = {"six": six} | {name: fft_convolve(six, taps)[50:-50] for name, taps in bands.items()}
pictures.spectrograms(passed, rate)

# %% tags=["exploration"]
pictures.player_row(passed, rate)

# %% tags=["exploration"]
pictures.responses_picture(bands, frequency_response)

# %% [markdown]
# The three filters add up to one that lets everything through, and the three sounds to the word. Why?
#
# A filter is also a *detector*: let through what you look for, and measure how much there is. Your `energy` behind the high-pass
# filter finds the two "s" of "six". Try another speaker (`speaker=5`), other smoothing, or `bands["low: below 900 Hz"]`: what does
# that one find?

# %% tags=["exploration"]
from exercises.convolution.filtering import energy

word = material.say(data, "six", speaker=9)
hiss = fft_convolve(word, bands["high: above 2,500 Hz"])[50:-50]  # 50: the delay of 101 taps
smooth = torch.hann_window(481, periodic=False, dtype=torch.float64)
pictures.detected(word, hiss, energy(hiss, smooth / smooth.sum()), rate)

# %% [markdown]
# ## 12. Draw a response
# Ten sliders, from 0 to 4,000 Hz, in dB. Your functions turn them into 255 taps. What do you have to do to sound as if you stood
# behind a wall? As in an old telephone? What makes an "s" sharp?

# %% tags=["exploration"]
words = torch.cat([F.pad(material.say(data, word, speaker=2), (0, 800)) for word in ("six", "three", "nine")])
window = torch.hann_window(255, periodic=False, dtype=torch.float64)
behind_a_wall = [6, 6, 0, -15, -25, -30, -35, -40, -40, -40]


def design(gains):
    """From a response to 255 taps."""
    return truncate(impulse_response(gains), 255, window)


pictures.equaliser(words, rate, design, frequency_response, fft_convolve, behind_a_wall)

# %% [markdown]
# ## 13. Task 3: images (2 points)
# *About 30 minutes, difficulty 1 of 3.*
#
# Along two axes, it is the same: `exercises/convolution/images.py`.

# %% nbgrader={"grade": true, "grade_id": "task-images", "points": 2, "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "code"}
check("images")
### BEGIN HIDDEN TESTS
# With the course's configuration the next line never runs: the points come from the hidden checks.
raise SystemError("This notebook was graded without the course's configuration: nothing was checked.")
### END HIDDEN TESTS

# %% [markdown]
# A bell is a low-pass filter for images. **Guess first:** with a larger sigma, what happens at the borders of the photo, and why?
# What is in "photo − blurred"?
#
# <details><summary>After your guess</summary>
#
# The borders become dark: outside of the photo there are zeros, and they are averaged in. What blurring takes away is what
# changes quickly, edges and grain: a high-pass filter, as unit impulse less low-pass was one for sounds.
#
# </details>

# %% tags=["exploration"]
from exercises.convolution.images import blur, edges

photo = material.photo()  # or material.photo("my_photo.jpg")
pictures.blur_slider(photo, blur)

# %% [markdown]
# Two ways to find edges. In the middle the photo less its blurred twin, on the right Sobel's, which takes the size of the gradient.
# **Guess first:** which of them tells on which side of an edge it is bright?
#
# <details><summary>After your guess</summary>
#
# The photo less its blurred twin: it has a bright line on the bright side and a dark one on the dark side, and its mean is about 0. Sobel's size
# of the gradient is never negative: it says where an edge is and how steep, and the direction is lost (it is in `gradients`).
#
# </details>

# %% tags=["exploration"]
grey = photo.mean(dim=1, keepdim=True)
inside = (..., slice(5, -5), slice(5, -5))  # without the borders
pictures.photo_row(
    {"grey photo": grey, "photo - blurred": (grey - blur(grey, 9, 1.5))[inside], "Sobel": edges(grey)[inside] / 2}
)

# %% [markdown]
# ## 14. Task 4: convolution layers by hand (5 points)
# *About 65 minutes, difficulty 3 of 3.*
#
# `exercises/convolution/layers.py`: many filters, over many channels, at every `stride`-th place. A layer cross-correlates; nobody
# turns the kernels round, since they are learnt anyway.

# %% nbgrader={"grade": true, "grade_id": "task-layers", "points": 5, "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "code"}
check("layers")
### BEGIN HIDDEN TESTS
# With the course's configuration the next line never runs: the points come from the hidden checks.
raise SystemError("This notebook was graded without the course's configuration: nothing was checked.")
### END HIDDEN TESTS

# %% [markdown]
# ## 15. Who reaches whom
# Measured with your layer: each input alone is changed, and a line is drawn to each output that follows. **Guess first:** ten inputs.
# How many outputs does each of these have, and how many inputs does the bold one see?
#
# <details><summary>After your guess</summary>
#
# 8, 10, 10, 4, 6 and 10 outputs. The bold one sees three inputs, with the even kernel four: one to the left of it, two to the right, since the
# extra zero of "same" goes to the end. With stride 2 the tenth input reaches nobody. With dilation 2 the three lie within five. The
# causal one sees nothing to its right.
#
# </details>

# %% tags=["exploration"]
from exercises.convolution.layers import Conv1d


def all_ones(kernel_size, **options):
    """Your Conv1d whose taps are all 1."""
    layer = Conv1d(1, 1, kernel_size, bias=False, **options)
    nn.init.ones_(layer.weight)
    return layer


valid = all_ones(3)
pictures.reach_row({
    "valid": valid,
    "same": all_ones(3, padding="same"),
    "same, even kernel: 4 taps": all_ones(4, padding="same"),
    "stride 2": all_ones(3, stride=2),
    "dilation 2": all_ones(3, dilation=2),
    "causal: 2 zeros before": lambda x: valid(F.pad(x, (2, 0))),
})  # fmt: skip

# %% [markdown]
# ## 16. A layer learns a filter that it has never seen
# We have pairs of sounds, noise and what a hidden filter made of it. Your `Conv1d` with causal padding learns from them alone.
# **Guess first:** its 31 weights, will they be the taps of the hidden filter?
#
# <details><summary>After your guess</summary>
#
# Turned round, they are: the layer cross-correlates, and what we made the pairs with was `convolve`.
#
# </details>

# %% tags=["exploration"]
hidden = bandpass(0.06, 0.16, 31, torch.hann_window(31, periodic=False, dtype=torch.float64)).float()
hidden[5] += 0.1  # not symmetric, so that we see which way round it is
noise = torch.randn(16, 1, 400, generator=torch.Generator().manual_seed(0))
came = convolve(noise, hidden)[..., :400]
torch.manual_seed(0)
layer = Conv1d(1, 1, 31, bias=False)
optimizer = torch.optim.Adam(layer.parameters(), lr=0.01)
for step in range(1, 121):
    loss = (layer(F.pad(noise, (30, 0))) - came).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step in (1, 30, 60, 120):
        print(f"step {step:3}: mean square error {loss.item():.1e}")
pictures.taps_picture({"hidden filter": hidden, "learnt weights": layer.weight.detach()[0, 0]})

# %% [markdown]
# ## 17. One word: equivariant
# Move the input by 25 samples. A convolution's output moves by 25 samples, and nothing else happens to it. It is *equivariant*
# under shifts: what it has learnt at one place it knows at all places. A dense layer has to learn it at each place anew.

# %% tags=["exploration"]
short = F.pad(torch.randn(1, 1, 100, generator=torch.Generator().manual_seed(1)), (50, 50))
dense, convolution = nn.Linear(200, 200), Conv1d(1, 1, 9, padding="same")
with torch.no_grad():
    for name, module in {"convolution": convolution, "dense": dense}.items():
        moved_after, moved_before = module(short).roll(25, -1), module(short.roll(25, -1))
        print(f"{name:12} moved before or after, differs by {float((moved_after - moved_before).abs().max()):.0e}")

# %% [markdown]
# ## 18. Play with a filter
# Type a kernel, choose a photo of your own (nothing leaves this computer), and let your `Conv2d` filter it. Can you make a
# filter that sharpens? One that leaves the photo as it is, moved by two pixels? One that finds edges that rise to the right? What
# does the sum of the taps decide?

# %% tags=["exploration"]
from exercises.convolution.layers import Conv2d


def through(images, kernel):
    """Each colour by itself through your Conv2d, as large as before."""
    layer = Conv2d(1, 1, len(kernel), padding="same", bias=False)
    with torch.no_grad():
        layer.weight.copy_(kernel)
        return layer(images.transpose(0, 1)).transpose(0, 1)


my_kernel = """
 0 -1  0
-1  5 -1
 0 -1  0
"""
pictures.play_with_filter(photo, my_kernel, through, path="")

# %% [markdown]
# ## 19. Task 5: a spectrogram is a filter bank (4 points)
# *About 35 minutes, difficulty 3 of 3.*
#
# `exercises/convolution/filterbank.py`. A spectrogram asks at each frame "how much of frequency k is there?". That is a
# cross-correlation with a windowed cosine and a windowed sine, at every `hop_length`-th place: a convolution layer with fixed
# weights. And weights that are fixed can as well be learnt.
#
# In step 22 a small network learns words behind your front end. The last of the checks below is its first training, with the same
# words and from the same seed: it shows the same numbers. The grade comes from another training, with other words and speakers.

# %% nbgrader={"grade": true, "grade_id": "task-filterbank", "points": 4, "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "code"}
check("filterbank")
### BEGIN HIDDEN TESTS
# With the course's configuration the next line never runs: the points come from the hidden checks.
raise SystemError("This notebook was graded without the course's configuration: nothing was checked.")
### END HIDDEN TESTS

# %% [markdown]
# Two of your kernels, and your spectrogram beside torch's.

# %% tags=["exploration"]
from exercises.convolution.filterbank import FrontEnd, band_edges, fourier_kernels, spectrogram

kernels = fourier_kernels(64)
window = torch.hann_window(64)
torchs = torch.stft(seven, 64, 16, window=window, center=False, return_complex=True).abs().square()
ours = spectrogram(seven[None], 64, 16)[0]
print(f"largest difference to torch.stft: {float((ours - torchs).abs().max() / torchs.max()):.0e} of the largest value")
pictures.taps_picture({"windowed cosine, k = 5": kernels[0, 5], "windowed minus sine, k = 5": kernels[1, 5]})

# %% [markdown]
# ## 20. When, or which frequency?
# A long window has room for many periods: it tells close frequencies apart, and does not know when they were there. A short one
# knows when. **Guess first:** in which of the three pictures do you see the single pulses of the voice, in which one the
# lines of its overtones?
#
# <details><summary>After your guess</summary>
#
# Upright stripes, pulse after pulse, on the left: a Hann window of 8 ms is above its half for 4 ms only, which is less than one
# period of this voice. Level lines, overtone above overtone, on the right: 128 ms hold many periods. None shows both: a Hann
# window of n points is n samples long and its peak is about 2 / n of the sample rate wide (at half its height), and the product is
# always the same. This is the uncertainty of time and frequency.
#
# </details>

# %% tags=["exploration"]
vowel = material.say(data, "three", speaker=1)
pictures.windows_picture(vowel, spectrogram, [64, 256, 1024], rate)

# %% tags=["exploration"]
pictures.window_slider(vowel, spectrogram, rate)

# %% [markdown]
# ## 21. The front end
# A filter bank with bands that are narrow where the ear hears small differences: 24 band-pass filters of 257 taps, designed with your
# `bandpass`. What comes out is the loudness of each band: it looks at every 40th place only, and then smooths over two of them, while your
# `energy` smooths first. **Guess first:** the bands grow wider from the first to the last. Do the filters?
#
# <details><summary>After your guess</summary>
#
# From about the ninth on. The lowest bands are 61, 65, 70, 76 and 81 Hz wide, the filters 78, 78, 82, 86 and 86 Hz (at half their
# height): the lowest look alike, and overlap more than was planned. 257 taps with a Hann window, 32 ms, allow nothing narrower: even
# for a single frequency the peak would be 62 Hz wide. Narrower filters need more taps, and more time to answer.
#
# </details>

# %% tags=["exploration"]
front = FrontEnd()
edges_hz = band_edges(24, rate)
start = front.filters.weight.detach()[:, 0].clone()
first, second, *_, last_but_one, last = edges_hz.tolist()
print(f"the lowest band: {first:.0f} to {second:.0f} Hz; the highest: {last_but_one:.0f} to {last:.0f} Hz")
pictures.width_picture(start, edges_hz, rate)

# %% [markdown]
# ## 22. Learn it
# A small network (given) hears ten words through your front end: 960 words of twelve speakers, three times each. It is asked about
# speakers whom it has never heard. Three trainings:
#
# - **designed:** your filters, which move 200 times less in a step than the network's weights,
# - **random:** filters that start as random numbers, as layers usually do, and move as slowly,
# - **learnt too fast:** your filters, with the learning rate of the network.
#
# **Guess first:** put the three in order. How far is the last from the first?
#
# <details><summary>After your guess</summary>
#
# Designed about 70 %, learnt too fast about 46 %, random about 37 % (over twenty seeds; yours differ by a few points). With filters that
# stay as they were designed it is 71 %: the few seconds of learning change little. A good start is worth more than learning here,
# and a rate that suits the network destroys the filters.
#
# </details>

# %% tags=["exploration"]
practice = training.practice()
learn, unknown = training.inputs(practice.learn), training.inputs(practice.unknown)


def trained(front, name, slower=training.SLOWER):
    """A small network behind this front end, after its training."""
    network = training.SmallNetwork(front, slower)
    progress = pictures.Progress(name)
    with training.one_thread():  # the same numbers on every computer, as in the check
        training.train(
            network, learn, practice.learn.labels, training.RECIPE, training.EXAMPLES_SEEN, training.SEED, progress
        )
    return network


networks = {}
torch.manual_seed(training.SEED)
networks["designed"] = trained(FrontEnd(), "designed")
torch.manual_seed(training.SEED)
networks["random"] = trained(training.at_random(FrontEnd()), "random")
torch.manual_seed(training.SEED)
networks["learnt too fast"] = trained(FrontEnd(), "learnt too fast", slower=1)
scores = {
    name: training.accuracy(training.predict(network, unknown), practice.unknown.labels)
    for name, network in networks.items()
}
pictures.score_bars(scores)

# %% [markdown]
# Before and after. Each row is a filter, sorted by where it lets through; orange are the bands of the design.

# %% tags=["exploration"]
learnt = {name: training.filters_of(network) for name, network in networks.items()}
pictures.bank_picture({"before": start} | learnt, edges_hz, rate)

# %% [markdown]
# The designed filters hardly moved. But they *do* learn: if all other weights are frozen, twenty steps on the filters alone bring the
# loss on 32 words down by some 35 %. The random ones let everything through, everywhere, and 90 steps are not enough to make bands
# of them. Of those that learnt too fast, what is left of the bands?

# %% tags=["exploration"]
for name in ("designed", "random"):
    with training.one_thread():
        share = training.filters_alone(networks[name], learn, practice.learn.labels)
    print(f"{name:10} twenty steps on the filters alone: the loss falls to {100 * share:.0f} % of what it was")

# %% [markdown] nbgrader={"grade": false, "grade_id": "ask-two_filters", "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "markdown"}
# ## 23. Two questions
# **Two filters of 31 taps, with and without a window: explain the two responses** (step 10, 1 point). What does each do better, where
# do the swings come from, and for what would you take which? Three to six sentences, with the numbers that you saw.

# %% [markdown] nbgrader={"grade": true, "grade_id": "question-two_filters", "points": 1, "locked": false, "schema_version": 3, "solution": true, "task": false, "cell_type": "markdown"}
# Both are the ideal low-pass filter's impulse response, cut down to 31 taps. Cutting multiplies it with a window, so the wanted response is
# smeared (convolved) with that window's spectrum. Without a window that is the spectrum of a rectangle: a narrow main lobe, which makes
# the steep transition of 231 Hz, and high side lobes, which make the swings: 10 % above 1 before the cutoff, −22 dB behind it. More taps would
# move them closer to the cutoff and not make them lower (Gibbs). The Hann window fades the taps out, its side lobes are much lower and its
# main lobe is twice as wide: 0.6 % and −44 dB, and the transition is 833 Hz. I take the window where a loud sound beside the band must
# not be heard (a detector of "s" beside vowels), and no window, or rather more taps, where frequencies lie close together. Both cost the
# same: 248,000 multiply-adds a second, and 1.9 ms of delay.

# %% [markdown] nbgrader={"grade": false, "grade_id": "ask-direct_or_fft", "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "markdown"}
# **Where did direct and FFT cross on your computer, where does the lecture put it, and why?** (step 7) **What did you hear without
# padding?** (step 8) (1 point) Three to six sentences, with the numbers that you saw. Instead of what you heard, the waveforms or the
# printed samples of step 8 will do as well.

# %% [markdown] nbgrader={"grade": true, "grade_id": "question-direct_or_fft", "points": 1, "locked": false, "schema_version": 3, "solution": true, "task": false, "cell_type": "markdown"}
# On my computer they crossed at 17 taps, and at 18 in a second run; the lecture says P < 100. The shape is the one that it predicts: direct
# filtering takes time in proportion to the taps (0.09 ms for 16 of them, 1.4 ms for 256), by spectra it is always 0.1 ms. But
# the lecture counts multiplications, and a computer also spends time on starting operations and on moving numbers: my `convolve` runs two
# operations of torch for each tap, and each of them reads and writes 8,192 samples, while a Fourier transform is one call that does its work in
# the processor's cache. Another way to write `convolve`, and another computer, would move the crossing. Without padding I heard the echo of the
# word's end in the silence before the word: multiplied spectra mean a circle, and the P samples that the result is longer lie over its beginning.

# %% [markdown]
# ## Pack
# Save the notebook, with its outputs (nobody runs it again), and your files. In a terminal, in this folder, run all checks
# once more and pack what you hand in. Upload the zip, and keep the receipt.
#
#     python -m exercises check convolution
#     python -m exercises pack convolution
