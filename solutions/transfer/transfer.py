# %% [markdown]
# # What a network has learnt
#
# Somebody has trained a network to tell ten spoken digits apart. It has never heard an animal. In this notebook you find out
# what it knows about "cat", "dog", "fox" and "bird" all the same, where in the network that knowledge is, what it costs to use
# it, and what its filters look for. You write the parts in the **files** of the folder `exercises/transfer/`; the notebook
# explains, draws, plays, trains and checks.
#
# - **Time:** five to six hours. There are three tasks and two questions, 20 points in all; *extra* functions are on top.
# - **You need:** `nn.Module`, convolution and pooling, training and evaluation mode, least squares, and `spoken_digits`: its stamps,
#   and the classifier and layers of `digits`. They lie in this folder as the course has written them, so nothing of your own is
#   needed.
# - **Guess first** means: before you run the cell, and before you unfold "after your guess". A wrong guess is the best way
#   to remember the right answer. Use headphones if you can.
# - **Ears and eyes:** every picture has a text with its numbers, which screen readers read, and which `.alt` gives:
#   `print(pictures.logit_map(scores, some.labels, ANIMALS, DIGITS).alt)`. Nothing that is worth points needs eyes alone, or ears
#   alone
#   ([docs/students.md](docs/students.md), section 8).
#
# The loop is always the same: read the file of the task, replace `raise NotImplementedError` by your code, **save**, and run
# the task's check here. A cell that needs a part you have not written yet stops and names the task.
#
# ## 1. Which versions, which network?

# %%
# autoreload: after you save a file, the next cell uses its new version, without a restart of the kernel.
# %load_ext autoreload
# %autoreload 2
# %matplotlib inline
import copy
import sys
import time

import torch
from IPython.display import display
from torch import nn

from datasets import DataError
from datasets.synthetic_speech import SAMPLE_RATE
from exercises.digits.classifier import CNNClassifier2d
from exercises.learning import accuracy, predict
from exercises.transfer import check, heard, pictures, recordings, training
from exercises.transfer.material import ANIMALS, DIGITS, clips_of, stamps_of, whole_second, words_of
from exercises.transfer.networks import digit_network, plain_network, with_new_output

torch.set_num_threads(1)  # networks this small are not faster with more
network = digit_network()
size = sum(parameter.numel() for parameter in network.parameters())
digits = training.unheard_digits(each=1)
score = 100 * accuracy(predict(network, digits.stamps), digits.labels)
print(f"Python {sys.version.split()[0]}, torch {torch.__version__}")
print(
    f"The digit network: {size:,} parameters; it hears {score:.1f} % of {len(digits)} digits by unknown speakers rightly"
)

# %% [markdown]
# ## 2. Four animals
# The words lie *somewhere in a second*, as a microphone hears them. That is how the digit network heard its digits. In
# `spoken_digits` they were *cut out* and stretched to the whole stamp. Listen to both, and look at them.

# %% tags=["exploration"]
clips = clips_of(ANIMALS, each=1, speakers=3, seed=0)
sounds = {}
for word, name in enumerate(ANIMALS):
    clip = int(((clips.labels == word) & (clips.speakers == 0)).nonzero())
    sounds[f"{name}, cut out"] = clips.waveform(clip)
    sounds[f"{name}, in a second"] = whole_second(clips.waveform(clip), seed=clip)
pictures.player_row(sounds, SAMPLE_RATE)

# %% tags=["exploration"]
columns = [(stamps_of(clips, seed=0), "in a second"), (stamps_of(clips, seed=None), "cut out")]
images = []
for word in range(len(ANIMALS)):
    said = [words.where(words.labels == word) for words, _ in columns]
    images.append([words.stamps[words.speakers == speaker][0, 0] for words in said for speaker in range(3)])
names = [f"{speaker},\n{how}" for _, how in columns for speaker in "ABC"]
pictures.stamp_wall(images, names, ANIMALS, each_row="word", each_column="speaker")

# %% [markdown]
# ## 3. Ten logits
# The network has ten outputs, and none is an animal. It answers all the same. **Guess first:** which digit does it hear in
# "fox"? In "dog"? And will it hear the same one in every "bird"?
#
# <details><summary>After your guess</summary>
#
# "fox" is a four, in at least four of five clips: an "f", then a dark vowel. "dog" is a one, a four or a zero, "cat" mostly a
# six or a seven. "bird" is divided: one, six, seven, nine. But do not look at the largest logit alone. Each word has a
# *pattern* of ten numbers: what it is like, and what it is not like at all. The largest of the ten may be another one for the
# next speaker, and the pattern is still similar: those of one word by two speakers correlate by 0.62 to 0.71 on average, those
# of two words by 0.01 to 0.04. (Over five draws of speakers.)
#
# </details>

# %% tags=["question:cat_or_dog"]
animals = training.draw(0).judge
for word, name in enumerate(ANIMALS):
    own = animals.stamps[animals.labels == word]
    heard_as = predict(network, own).argmax(dim=1).bincount(minlength=10) / len(own)
    answers = [f"{DIGITS[k]} {100 * heard_as[k]:.0f} %" for k in heard_as.argsort(descending=True)[:4]]
    print(f"{name:5}", ", ".join(answers))
some = training.few(animals, 15, seed=0)
scores = predict(network, some.stamps)
pictures.logit_map(scores, some.labels, ANIMALS, DIGITS)

# %% [markdown]
# ## 4. Task 1: logits, features and a linear probe (6 points)
# *About 70 minutes, difficulty 2 of 3.*
#
# `exercises/transfer/probing.py`. What a network gives, what goes into its last layer, and the simplest classifier that can be
# put on such numbers. Whoever looks at a network leaves it as it was.

# %% nbgrader={"grade": true, "grade_id": "task-probing", "points": 6, "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "code"}
check("probing")
### BEGIN HIDDEN TESTS
# With the course's configuration the next line never runs: the points come from the hidden checks.
raise SystemError("This notebook was graded without the course's configuration: nothing was checked.")
### END HIDDEN TESTS

# %% [markdown]
# ## 5. Animals in a millisecond
# Five clips of each animal, by speakers whom the network has never heard. Their ten logits are twenty rows of ten numbers, and
# your `fit_linear` needs no step size, no epochs and no seed. **Guess first:** how long does it take? How many animals of
# twelve *other* speakers does it hear rightly?
#
# <details><summary>After your guess</summary>
#
# About a millisecond, or less. 82 % of the animals are right, where 25 % would be guessing (the mean of five draws; a single
# one lies between 70 and 93 %). The time went into the digits, long ago.
#
# </details>

# %% tags=["exploration"]
from exercises.transfer.probing import fit_linear, logits_of

first = training.draw(0)
five = training.few(first.learn, 5, seed=0)
learn, judge = logits_of(network, five.stamps), logits_of(network, first.judge.stamps)
begin = time.perf_counter()
weight, bias = fit_linear(learn, five.labels, len(ANIMALS), training.HELD_BACK)
took = time.perf_counter() - begin
right = training.right(fit_linear, (learn, five.labels), (judge, first.judge.labels))
print(f"{len(five)} clips, {learn.shape[1]} numbers each: fitted in {1000 * took:.1f} ms")
print(f"{training.share(right):.0f} % of the other speakers' animals are right")

# %% [markdown]
# In the lecture, the test was four clips, one of each animal, and all four were right: 4/4. **Guess first:** what does that
# promise? Which classifier can still be behind it?
#
# <details><summary>After your guess</summary>
#
# 4 of 4 promises at least 47 %: a classifier that is right with probability 0.473 gets all four in 5 % of such tests (0.473⁴ =
# 0.05). The test is drawn 2,000 times below. Raw stamps, which are right in about half of all clips here, get 4 of 4 in 4 to
# 13 % of the tests, and the logits in 17 to 73 % (five draws). Whoever shows you 4/4 has shown you four clips.
#
# </details>

# %% tags=["exploration"]
raw = training.right(
    fit_linear, (five.stamps.flatten(1), five.labels), (first.judge.stamps.flatten(1), first.judge.labels)
)
print(f"4 of 4 promises at least {100 * 0.05 ** (1 / 4):.1f} %")
shares = {}
for name, hits in {"logits": right, "raw stamps": raw}.items():
    shares[f"{name}: {training.share(hits):.0f} % of all clips right"] = pictures.four_clips(hits, first.judge.labels)
pictures.four_clips_picture(shares)

# %% [markdown]
# ## 6. Where it knows
# The same probe, after *each* part of the network: the average of every channel over time and frequency, 24 numbers, and at the
# end the ten logits. Once of the digit network, once of networks of the same form with random weights. 20 clips of each word.
# **Guess first:** draw the two lines on paper. Where is the largest step? Is the last number of the trained network the
# highest?
#
# <details><summary>After your guess</summary>
#
# After the first filters both know equally little, 38 to 45 %: these filters are linear, and the average of what they give
# tells hardly more than how much energy there is in all. Then the trained network climbs, to 73 to 88 % after block 1 and 86 to
# 95 % after block 2, while the random ones reach at most 47 %. The last step adds nothing: ten numbers, chosen for digits, tell
# about as much as the 24 that they are computed from (84 to 93 %). (The four draws of the picture.)
#
# </details>

# %% tags=["exploration"]
from exercises.transfer.probing import fit_linear


def after_each_layer(model, draw, seed):
    """How many animals are right, by the part of the network that a probe listens to."""
    some = training.few(draw.learn, 20, seed)
    learn, judge = heard.averages(model, some.stamps), heard.averages(model, draw.judge.stamps)
    return {
        name: training.share(training.right(fit_linear, (learn[name], some.labels), (judge[name], draw.judge.labels)))
        for name in learn
    }


draws = [training.draw(seed) for seed in range(4)]
layers = {"trained on digits": [], "random weights": []}
for seed, draw in enumerate(draws):
    torch.manual_seed(seed)
    layers["trained on digits"].append(after_each_layer(network, draw, seed))
    layers["random weights"].append(after_each_layer(digit_network(pretrained=False), draw, seed))
pictures.layers_picture(layers, guessing=100 / len(ANIMALS))

# %% [markdown]
# ## 7. Your own digit network
# In the place of the given one: any network of yours with an attribute `output` that reads stamps. Here it is `digits`'
# classifier with another width, trained for a few seconds on 2,000 digits; change it, or put in a class of your own. **Guess
# first:** it hears fewer digits than the given one. Does it know less about animals?
#
# <details><summary>After your guess</summary>
#
# A little: 84 to 89 % of the animals, where the given one has 91 % (means of four draws). Of the digits it hears 88 to 97 %. In
# five trainings, the one that heard most digits did not know most about animals.
#
# </details>

# %% tags=["exploration"]
from exercises.transfer.probing import features_of, fit_linear

torch.manual_seed(0)
own = CNNClassifier2d(hidden=16, num_blocks=2)
training.learn_digits(own, seed=0, on_step=pictures.Progress("your digit network"))
for name, model in {"yours": own, "given": network}.items():
    knows = 100 * accuracy(predict(model, digits.stamps), digits.labels)
    found = []
    for seed, draw in enumerate(draws):
        some = training.few(draw.learn, 20, seed)
        learn, judge = features_of(model, some.stamps), features_of(model, draw.judge.stamps)
        found.append(training.share(training.right(fit_linear, (learn, some.labels), (judge, draw.judge.labels))))
    score = sum(found) / len(found)
    print(f"{name:6} {knows:5.1f} % of the digits, {score:5.1f} % of the animals from {learn.shape[1]} features")

# %% [markdown]
# ## 8. Task 2: animals from a network that knows digits (2 points)
# *About 10 minutes, difficulty 1 of 3.*
#
# `exercises/transfer/recipe.py`. Which numbers do you read, and how strongly do you hold the weights back? **Guess first:**
# with 20 clips in all and 24 features, is a small penalty or a large one better?
#
# <details><summary>After your guess</summary>
#
# A large one: twenty clips can be told apart by 24 numbers in many ways, and most of these ways mean nothing. Look at the left
# column of the table for what a small penalty costs with five clips of each word, and how little it costs with 20.
#
# </details>

# %% tags=["exploration"]
from exercises.transfer.probing import features_of, fit_linear, logits_of

penalties = (0.01, 0.1, 1, 10, 100, 1000)
print("penalty" + "".join(f"{penalty:>8g}" for penalty in penalties))
for name, read in {"logits": logits_of, "features": features_of}.items():
    numbers = [(read(network, draw.learn.stamps), read(network, draw.judge.stamps)) for draw in draws]
    for each in training.SIZES:
        means = []
        for penalty in penalties:
            found = []
            for seed, draw in enumerate(draws):
                some = training.few(draw.learn, each, seed)
                learn, judge = (read(network, some.stamps), some.labels), (numbers[seed][1], draw.judge.labels)
                found.append(training.share(training.right(fit_linear, learn, judge, penalty)))
            means.append(sum(found) / len(found))
        print(f"{each:3} {name:9}" + "".join(f"{mean:8.1f}" for mean in means))

# %% nbgrader={"grade": true, "grade_id": "task-accuracy", "points": 2, "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "code"}
check("accuracy")
### BEGIN HIDDEN TESTS
# With the course's configuration the next line never runs: the points come from the hidden checks.
raise SystemError("This notebook was graded without the course's configuration: nothing was checked.")
### END HIDDEN TESTS

# %% [markdown]
# ## 9. What is it worth?
# Four ways to learn animals from the same clips: `fit_linear` on the features, on the logits and on the raw stamps (2,048
# numbers), and a network of the same form that learns from nothing (in two of the four draws, since it takes longer). The words
# lie somewhere in a second. **Guess first:** draw four lines over 5, 10 and 20 clips of each word. Where does the digit network
# help most?
#
# <details><summary>After your guess</summary>
#
# The network knows best where clips are few. With five of each word the features hear 83 % and the logits 82 %, a network from
# nothing 73 %, raw stamps 55 %. With 20 of each, a network from nothing has caught up: 92 %, features 90 %, logits 89 %. Raw
# stamps need the word where they have met it: 76 %. A network's filters find it anywhere, and its pooling does not ask when.
# (Means of five draws; single ones lie up to 15 points beside them, and in one of the five nothing is level with the features.)
#
# </details>

# %% tags=["exploration"]
from exercises.transfer.probing import features_of, fit_linear, logits_of


def compared(draws):
    """Percent right in each draw, by the way to learn and by the clips of each word."""
    readers = {
        "features": lambda stamps: features_of(network, stamps),
        "logits": lambda stamps: logits_of(network, stamps),
        "raw stamps": lambda stamps: stamps.flatten(1),
    }
    found = {name: {each: [] for each in training.SIZES} for name in (*readers, "from nothing")}
    for seed, draw in enumerate(draws):
        for each in training.SIZES:
            some = training.few(draw.learn, each, seed)
            for name, read in readers.items():
                learn, judge = (read(some.stamps), some.labels), (read(draw.judge.stamps), draw.judge.labels)
                found[name][each].append(training.share(training.right(fit_linear, learn, judge)))
            if seed < 2:
                new = training.from_nothing(some, seed, pictures.Progress(f"draw {seed + 1}, {each} of each word"))
                scores = predict(new, draw.judge.stamps)
                found["from nothing"][each].append(100 * accuracy(scores, draw.judge.labels))
    return found


def show(found, title):
    """The means of all draws, in numbers and as a picture."""
    for way, by_size in found.items():
        means = ", ".join(f"{sum(own) / len(own):.0f} % from {each}" for each, own in by_size.items())
        print(f"{title}, {way}: {means} of each word")
    return pictures.accuracy_curves(found, title)


in_a_second = compared(draws)
show(in_a_second, "somewhere in a second")

# %% [markdown]
# The same clips once more, cut out and stretched, as `spoken_digits` had them. **Guess first:** who wins now?
#
# <details><summary>After your guess</summary>
#
# Raw stamps: 95 % from five clips of each word, 99 % from 20; the features have 88 and 95 %. Somebody has cut the word out. Now
# a pixel means the same in every clip, and a sum over pixels is enough; the network's pooling still does not ask when, and
# throws away what would help here. Who cut the word out solved the difficult half of the task. You are asked about this at the
# end.
#
# </details>

# %% tags=["question:cat_or_dog"]
without_time = compared([training.draw(seed, cut_out=True) for seed in range(4)])
show(without_time, "cut out and stretched")

# %% [markdown]
# ## 10. People
# So far, everybody was generated. If Speech Commands (P. Warden, 2018) or a part of it lies in the data folder, here are the
# same three readers as in the picture of step 9, from five clips of each word, for its cat, dog and bird; without it, the cell
# says where it looked, and you go on. The clips are a second long. The digit network has never heard a human being. **Guess
# first:** what will be left?
#
# <details><summary>After your guess</summary>
#
# With a sample of ten clips of each word, by 22 people: 69 % from features, 68 % from logits, 63 % from raw stamps, where 33 %
# is guessing. But nine of ten draws lie between 47 and 87 %, 46 and 80 %, 53 and 74 %: with so few clips, look at the spread,
# and claim nothing about who is better.
#
# </details>

# %% tags=["exploration"]
from exercises.transfer.probing import features_of, fit_linear, logits_of

try:
    people = recordings.animals_by_people()
except DataError as missing:
    print(f"Left out here: {missing}.")
else:
    said = f"{len(people)} clips of {', '.join(recordings.SPOKEN)}"
    print(f"{said} by {len(people.speakers.unique())} people; guessing is 33 %")
    readers = {
        "features": features_of,
        "logits": logits_of,
        "raw stamps": lambda model, stamps: stamps.flatten(1),
    }
    for name, read in readers.items():
        numbers = read(network, people.stamps)
        found = []
        for seed in range(20):
            chosen = training.chosen(people.labels, 5, seed)
            learn, judge = ((numbers[part], people.labels[part]) for part in (chosen, ~chosen))
            found.append(training.share(training.right(fit_linear, learn, judge)))
        scores = torch.tensor(found)
        spread = f"in nine of ten draws {scores.quantile(0.05):.0f} to {scores.quantile(0.95):.0f} %"
        print(f"{name:10} from 5 clips of each word: {scores.mean():.0f} %, {spread}")

# %% [markdown]
# ## 11. Learning on, and forgetting
# A probe leaves the network as it is. One can also train on: give it a fresh output, and let everything before it learn too,
# slower or as fast. Your `LinearProbe` learns in its output alone; factor 0.1 means that all else moves a tenth as fast, factor
# 1 as fast. 20 clips of each word. In the right picture the digits' own output is put back at each look. **Guess first:** who
# hears animals best? And digits?
#
# <details><summary>After your guess</summary>
#
# Animals: factor 0.1 and factor 1 end above the probe that was stopped as early. But the probe is not finished after 60 steps:
# `fit_linear`, which gives the best such output in one step, is up to 4 points above it in three draws of five, and up to 2
# below it in two. Above `fit_linear`, factor 0.1 is by 1 to 6 points, factor 1 by 3 to 7. Digits: the probe keeps all of them,
# factor 0.1 loses at most one point; with factor 1 only 52 to 83 % are left, of 98.5 % (five draws). It is worst in the first
# steps: a fresh output knows nothing, and its errors go through everything before it. Nobody asked the network to forget, and
# nobody asked it to remember. This is called *catastrophic forgetting*.
#
# And factor 0? No weight before the output moves. Still it is not the probe: its animals differ by up to 4 points. Why? (What
# else changes in training mode? What did you do about it in `LinearProbe.train`?)
#
# </details>

# %% tags=["exploration"]
from exercises.transfer.probing import LinearProbe, features_of, fit_linear

few = training.Draw(training.few(draws[0].learn, 20, seed=0), draws[0].judge)
tuned = {}
for name, factor in {"linear probe": 0, "factor 0": 0, "factor 0.1": 0.1, "factor 1": 1}.items():
    torch.manual_seed(0)
    model = LinearProbe(network, len(ANIMALS)) if name == "linear probe" else with_new_output(network, len(ANIMALS))
    old_output = copy.deepcopy(network.output)
    tuned[name] = training.fine_tune(model, few, digits, old_output, factor, seed=0, on_step=pictures.Progress(name))
    print(f"{name}: {tuned[name]}")
learn, judge = ((features_of(network, words.stamps), words.labels) for words in (few.learn, few.judge))
finished = training.share(training.right(fit_linear, learn, judge))
print(f"fit_linear on the same clips: {finished:.1f} % of the animals right, and all digits as they were")
pictures.forgetting_curves(tuned)

# %% [markdown]
# ## 12. Task 3: what layers look for (8 points)
# *About 100 minutes, difficulty 3 of 3.*
#
# `exercises/transfer/looking.py`. Numbers say how much a network knows. Four pictures ask what its filters look for: Zeiler and
# Fergus (2014) understood, and improved, AlexNet that way.

# %% nbgrader={"grade": true, "grade_id": "task-looking", "points": 8, "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "code"}
check("looking")
### BEGIN HIDDEN TESTS
# With the course's configuration the next line never runs: the points come from the hidden checks.
raise SystemError("This notebook was graded without the course's configuration: nothing was checked.")
### END HIDDEN TESTS

# %% [markdown]
# ## 13. Filters before and after
# The first filters of the digit network, 7×7, as its training found them: random numbers; and as it left them. In the third
# row, for each of them the kernel that is most like it now, of 192 *Gabor kernels*: waves under a bell, in eight directions.
# Such kernels describe what single cells in the visual cortex answer to. **Guess first:** nobody told the network to look for
# stripes and edges. How much alike are they? And how much would smooth noise be?
#
# <details><summary>After your guess</summary>
#
# After training, the best Gabor kernel correlates with a filter by 0.67 on average, before by 0.30 (that much is luck, with 192
# to choose from). And neighbouring weights have become alike: they correlate by 0.54, before by 0.01. Most of the likeness is
# that: noise that was only smoothed, and has learnt nothing, gets 0.56 to 0.62, here 0.58 (ten draws; its neighbours correlate
# by 0.53 to 0.59). And the picture shows the eight most alike of 24, which look better than the rest. Edges in a stamp are
# beginnings, ends, and formants that rise or fall. "Like the brain" is said quickly: what is alike are the *first* filters,
# they are smooth and local, and many things that learn from images or sounds begin like this.
#
# </details>

# %% tags=["exploration"]
before, after = training.before_training().input.weight[:, 0], network.input.weight[:, 0]
for name, filters in {"before": before, "after": after, "smooth noise": pictures.smooth_noise()}.items():
    alike, _ = pictures.likeness(filters)
    print(f"{name:12} like a Gabor kernel {alike.mean():.2f}, neighbouring weights {pictures.neighbours(filters):.2f}")
pictures.filters_picture(before, after)

# %% [markdown]
# ## 14. A wall
# 40 clips of each of 14 words, digits and animals. For filters of three depths: the nine patches that excite each most, at most
# one of a clip, and the word that it was cut out of. Your `input_box` says what a filter sees. **Guess first:** how large is
# that after the first filters, block 1 and block 2? (7×7 with stride 4, then twice two convolutions of 3×3 and pooling by 2.)
# At which depth does a filter become a word?
#
# <details><summary>After your guess</summary>
#
# 7, 27 and 67 pixels: after block 2 a filter sees more than the whole stamp (white lies outside of it). The first filters find
# a beginning, an end, a band, in any word: 30 to 33 % of their nine patches come from one word. After block 1 it is a half,
# after block 2 70 to 77 %. There is no depth at which it happens: at least eight of nine patches come from one word for none of
# the first filters, for one to three of 24 in block 1, and for six to ten in block 2, which have become "three", or "one" (five
# draws). Nobody told a filter what a word is; only the output was told.
#
# </details>

# %% tags=["exploration"]
from exercises.transfer.looking import best_patches, input_box

words = words_of((*DIGITS, *ANIMALS), each=1, speakers=40, seed=77)
seen = heard.stack_of(network, words.stamps)
for name, part in seen.items():
    top, _, bottom, _ = input_box(0, 0, part.layers)
    channels = range(part.activations.shape[1])
    shares = [pictures.commonest(best_patches(part.activations, channel, 9), words.labels) for channel in channels]
    share = 100 * sum(shares) / len(shares)
    words_found = sum(9 * one > 7.5 for one in shares)
    print(f"{name:13} sees {bottom - top:2} pixels; of a filter's nine patches {share:.0f} % are of one word")
    print(f"{'':13} {words_found} of {len(shares)} filters have at least eight of nine from one word")
chosen = {"first filters": (2, 6, 17), "block 1": (1, 6, 13), "block 2": (9, 14, 16)}
pictures.patch_wall(seen, chosen, words, (*DIGITS, *ANIMALS), best_patches, input_box)

# %% [markdown]
# ## 15. What does it miss?
# A square of 8×8 pixels of silence covers a part of the stamp, and the probability of the right word falls, or rises. **Guess
# first:** which part of "four" does the digit network need most, and which part of "six"?
#
# <details><summary>After your guess</summary>
#
# In "four" the dark vowel: averaged over all squares, one on the lower third of the bands costs 0.07 to 0.13 of the
# probability, one on the middle third 0.15 to 0.19, and one on the upper third nothing (−0.02 to 0.01). In "six" the upper
# third costs more than the lower one, 0.03 to 0.11 against 0.02 to 0.03: its two "s", and what is bright in its vowel. Most
# squares cost nothing: 9 to 15 % of them change the probability of "four" by more than 0.1, and 3 to 17 % that of "six". (Means
# of eight speakers, as the cell prints them, in 16 draws. The pictures show the first speaker alone, and another one's "six"
# looks different.)
#
# </details>

# %% tags=["exploration"]
from exercises.transfer.looking import occlusion_map

for word in ("four", "six"):
    said = words.stamps[words.labels == DIGITS.index(word)][:8]  # of eight speakers
    lost = torch.stack([occlusion_map(network, stamp, DIGITS.index(word), size=8, stride=2) for stamp in said])
    changed = 100 * float((lost.abs() > 0.1).float().mean())
    thirds = pictures.by_thirds(lost, stride=2, size=8, mel=said.shape[3])
    costs = ", ".join(f"{name} {mean:.2f}" for name, mean in thirds.items())
    print(f'"{word}": {changed:.0f} % of the squares change the probability by more than 0.1')
    print(f"a square costs on average, by thirds of the bands: {costs}")
    display(pictures.occlusion_picture(said[0], lost[0], size=8, stride=2, title=f'"{word}"'))

# %% [markdown]
# ## 16. Back to the image (extra)
# `plain_network()` has nothing but convolutions, ReLUs and max pooling, so that each step can be led back with your
# `reconstruct`. All activations of its last layer but the largest one are set to zero, and that one goes back: unpooled to
# where the maxima were, rectified, through the transposed filters, three times. Without the extra functions the cell stops, and
# you go on with step 17. **Guess first:** the layer has 8×4 places, and one number at one of them goes back: how large is its
# picture? And will all of the picture's pixels differ from zero?
#
# <details><summary>After your guess</summary>
#
# At most 36×36 pixels, as your `input_box` says (the frame; the stamp has 32 bands): three convolutions of 5×5, and three times
# pooling by 2. In the part of it that lies within the stamp, 67 to 100 % of the pixels are not zero (in 150 words; `.alt` says
# how many here): what was not the largest in its window has no way back. What comes back is no picture of the word. It says
# which pixels this activation would listen to, given where the maxima were in *this* word.
#
# </details>

# %% tags=["exploration"]
from exercises.transfer.looking import input_box, reconstruct

plain = plain_network()
stamp = words.stamps[words.labels == DIGITS.index("three")][:1]
inputs = {0: stamp}  # of each of the three layers, by where it begins
with torch.no_grad():
    for begin in (3, 6, 9):
        inputs[begin] = plain.layers[begin - 3 : begin](inputs[begin - 3])
channel, row, column = (int(one) for one in torch.unravel_index(inputs[9].argmax(), inputs[9].shape[1:]))
alone = torch.zeros_like(inputs[9])
alone[0, channel, row, column] = inputs[9].max()
back = {"it alone": alone}
for begin, name in {6: "before layer 3", 3: "before layer 2", 0: "image"}.items():
    back[name] = reconstruct(plain.layers[begin:], inputs[begin], (channel, row, column))
box = input_box(row, column, heard.layers_of(plain.layers))
pictures.way_back(stamp[0], back, box)

# %% [markdown]
# ## 17. One filter, three pictures
# Choose one filter of the plain network's last layer, and ask all three: patches, occlusion, deconvolution. (For occlusion, the
# filter is the "class", and its "probability" is its share: its largest activation, divided by the sum of the largest ones of
# all filters.) Without the extra functions the cell stops before the third picture. 11 of the 24 filters answer to nothing at
# all: there is no norm in this network, and a ReLU whose input is never positive never learns again. You are asked about one
# filter at the end, so look at several.

# %% tags=["question:one_filter"]
from exercises.transfer.looking import best_patches, input_box, occlusion_map, reconstruct


class Shares(nn.Module):
    """Logits whose softmax is each filter's share of all largest activations."""

    def forward(self, stamps):
        return plain.layers(stamps).amax(dim=(2, 3)).log()


plain = plain_network()
to_layer_3 = heard.layers_of(plain.layers)
with torch.no_grad():
    maps = plain.layers(words.stamps)
print("filters that answer to anything:", maps.amax(dim=(0, 2, 3)).nonzero()[:, 0].tolist())


def three_pictures(channel):
    """Of one filter: its best patches; of the best word what it misses, and what comes back."""
    image, row, column = best_patches(maps, channel, 9)[0].tolist()
    stamp = words.stamps[image]
    wall = {"layer 3": heard.Seen(maps, to_layer_3)}
    display(pictures.patch_wall(wall, {"layer 3": [channel]}, words, (*DIGITS, *ANIMALS), best_patches, input_box))
    lost = occlusion_map(Shares().eval(), stamp, channel, size=8, stride=2)
    display(pictures.occlusion_picture(stamp, lost, 8, 2, f"the word that excites filter {channel} most", "share"))
    back = {"led back": reconstruct(plain.layers, stamp[None], (channel, row, column))}
    display(pictures.way_back(stamp, back, input_box(row, column, to_layer_3)))


three_pictures(channel=9)

# %% [markdown] nbgrader={"grade": false, "grade_id": "ask-cat_or_dog", "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "markdown"}
# ## 18. Two questions
# **Why can the errors of a digit network tell a cat from a dog, and why do raw stamps win when the word is cut out?** (steps 3
# and 9, 2 points) Four to eight sentences, with the numbers that you saw.

# %% [markdown] nbgrader={"grade": true, "grade_id": "question-cat_or_dog", "points": 2, "locked": false, "schema_version": 3, "solution": true, "task": false, "cell_type": "markdown"}
# The network has learnt no words but parts of words that tell digits apart: bursts, hisses, dark and bright vowels, and how
# they follow each other. An animal is made of the same parts. So its ten logits are no noise: they say how much of each digit
# is in it. The largest of them differs between speakers, but the pattern of all ten is similar for each. "fox" is a four in 81 %
# of the clips (the "f", the dark vowel), "cat" a six or a seven in 73 % (the bright vowel after a burst), "dog" a zero, one
# or four in 85 %. As digits these answers are all wrong, but the pattern is that of the word: "cat" has high logits for
# six and seven and low ones for zero, "dog" a high one for zero and low ones for six and seven. A weighted sum of ten such
# numbers tells them apart, 82 % from five clips of each. With random weights the same probe stays near 43 %, so it is what was
# learnt, not the form of the network. Cut out and stretched, a pixel means the same in each clip (the vowel is always in the
# middle), so a sum over 2,048 pixels can compare clip and word directly: 95 % from five clips of each, 99 % from 20, and the
# features only 88 and 95 %: their average over time has thrown away when something came. Somewhere in a second it is the other
# way round, 55 against 83 %: a pixel is vowel in one clip and silence in the next, and only something that looks for the same
# part everywhere still finds it.
#
# (A weak answer, which gets half a point or less: "The network has learnt good features on a lot of data and they generalise to
# animals, so it can tell cats and dogs apart. Raw stamps win when the word is cut out because the task is easier then and
# linear models are better on easy tasks." No logit is named, no number is given, and it does not say what cutting out changes
# for a pixel.)

# %% [markdown] nbgrader={"grade": false, "grade_id": "ask-one_filter", "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "markdown"}
# **Choose one filter: which of the pictures (patches, occlusion, deconvolution) told you most about it?** (step 17, 2 points)
# Say which filter it is, what you think it looks for, what each of the three pictures showed of that (or, without the extra
# functions, what the third would have to show), and what it hid. Four to eight sentences.

# %% [markdown] nbgrader={"grade": true, "grade_id": "question-one_filter", "points": 2, "locked": false, "schema_version": 3, "solution": true, "task": false, "cell_type": "markdown"}
# I chose filter 9 of layer 3. Its nine patches come from four different words (four times "dog", three times "four", "fox" and
# "cat"), and have one thing in common: a loud level band around the tenth of 32 mel bands, some 10 pixels long or longer, and
# above it nothing. So I take it for "a dark vowel, quiet above it". The occlusion map of the best word, a "four", says which
# part of that counts: up to 0.11 of the filter's share is lost where a square covers bands 8 to 14 in the first half of the
# vowel, and hardly anything below or behind. The picture that was led back shows a spot at band 11 that adds, and above it, at
# band 15, one that takes away: it is the upper edge of the loud band that the filter looks for, not the vowel as a whole. The
# patches told me most, since nine clips show what stays the same when the word and the speaker change; but without the led-back
# picture I would not have seen that silence above the band is part of it. Patches hide which of their pixels matter. Occlusion
# and deconvolution show that, but of one word only, and a share also changes when other filters lose.
#
# (A weak answer, which gets half a point or less: "I chose filter 9. The patches were the best, because one can see what the
# filter looks for. The occlusion map shows which regions are important and the deconvolution shows the features. All of them
# are useful." It does not say what the filter looks for, names nothing that was seen in a picture, and not what any picture
# hides.)

# %% [markdown]
# ## Pack
# Save the notebook, with its outputs (nobody runs it again), and your files. In a terminal, in this folder, run all checks once
# more and pack what you hand in. Upload the zip, and keep the receipt.
#
#     python -m exercises check transfer
#     python -m exercises pack transfer
