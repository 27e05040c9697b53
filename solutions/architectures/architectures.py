# %% [markdown]
# # From a table to a network
#
# A paper describes a network by a table of half a page. In this notebook you read such tables, build exactly what they say,
# and say what it costs before anything is trained: LeNet-5, AlexNet, VGG, GoogLeNet and residual networks. You write the parts in
# the **files** of the folder `exercises/architectures/`; the notebook explains, draws, trains and checks.
#
# - **Time:** about five hours. There are six tasks and two questions, 20 points in all; *extra* classes are on top.
# - **You need:** classes in Python, `nn.Module`, convolution layers with stride and padding, pooling, batch norm and
#   dropout, how a network is trained, and the lecture on architectures. Whoever has done `digits` finds its residual block again;
#   you can do without.
# - **Guess first** means: before you run the cell, and before you unfold "after your guess". A wrong guess is the best way
#   to remember the right answer.
#
# The loop is always the same: read the file of the task, replace `raise NotImplementedError` by your code, **save**, and
# run the task's check here. A cell that needs a part you have not written yet stops and names the task. Torch's layers are
# allowed everywhere; torchvision's ready networks are not.
#
# ## 1. Which versions, which digits?

# %%
# autoreload: after you save a file, the next cell uses its new version, without a restart of the kernel.
# %load_ext autoreload
# %autoreload 2
# %matplotlib inline
import sys

import torch
from torch import nn

from exercises.architectures import check, pictures, published, training

torch.set_num_threads(1)  # networks this small are not faster with more
data = training.digits()  # drawn by a program, so that everybody trains the same
print(f"Python {sys.version.split()[0]}, torch {torch.__version__}; {len(data[0].labels):,} digits for training")

# %% [markdown]
# ## 2. Four numbers
# AlexNet (2012), VGG D (2014), GoogLeNet (2014) and ResNet-50 (2015) read the same images of about 224×224 pixels and tell the same 1,000
# classes apart. **Guess first, and write it down:** put them in order by their parameters, and once more by the multiplications that
# an image costs. Which of the two orders follows the years? You count both, and compare in step 14.
#
# ## 3. Task 1: LeNet-5 (1 point)
# `exercises/architectures/lenet.py`. It read cheques in the nineties. The table is short, the way from the table to the network is
# the same for all that come later.

# %% nbgrader={"grade": true, "grade_id": "task-lenet", "points": 1, "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "code"}
check("lenet")
### BEGIN HIDDEN TESTS
# With the course's configuration the next line never runs: the points come from the hidden checks.
raise SystemError("This notebook was graded without the course's configuration: nothing was checked.")
### END HIDDEN TESTS

# %% [markdown]
# Your network, drawn from what hooks on its layers heard while an image passed: a block is as high as its maps are, and as wide as
# they are many. (Orange: dense layers.) Pooling stands between the blocks.

# %% tags=["exploration"]
from exercises.architectures.lenet import LeNet5

pictures.block_diagram(LeNet5(), (1, 32, 32), "LeNet-5, 1998")

# %% [markdown]
# ## 4. Task 2: counting (3 points)
# `exercises/architectures/counting.py`. Three numbers that a paper prints about a network, and that you print from now on about each.

# %% nbgrader={"grade": true, "grade_id": "task-counting", "points": 3, "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "code"}
check("counting")
### BEGIN HIDDEN TESTS
# With the course's configuration the next line never runs: the points come from the hidden checks.
raise SystemError("This notebook was graded without the course's configuration: nothing was checked.")
### END HIDDEN TESTS

# %% [markdown]
# **Guess first:** which layer of LeNet-5 has the most parameters? Which one the most multiply-adds?
#
# <details><summary>After your guess</summary>
#
# The third convolution holds 48,120 of the 61,706 parameters: it sees all 16 maps of 5×5. The most work is in the second one, 240,000 of
# 416,520: its 2,416 parameters are used at 10 · 10 places, those of the first one even at 28 · 28.
#
# </details>

# %% tags=["exploration"]
from exercises.architectures.counting import multiply_adds, parameters, weight_layers

pictures.where_they_lie(LeNet5(), (1, 32, 32), parameters, multiply_adds, "LeNet-5")

# %% [markdown]
# The next networks do not fit so easily: VGG has 140 million parameters, half a gigabyte. On torch's device *meta*, tensors have a shape and
# no values; everything that only asks for shapes works there, and takes no memory. That is where you build all networks of full size.

# %%
with torch.device("meta"):
    huge = nn.Linear(1_000_000, 1_000_000)
print(f"{huge.weight.numel():,} weights, on {huge.weight.device}: {huge(torch.empty(2, 1_000_000, device='meta')).shape}")

# %% [markdown]
# ## 5. Task 3: AlexNet (3 points)
# `exercises/architectures/alexnet.py`. The paper prints images of 224×224 and names no padding.
# **Guess first:** how many places has a kernel of 11 with stride 4 there? The paper's maps are 55×55.
#
# <details><summary>After your guess</summary>
#
# (224 − 11) / 4 + 1 = 54.25: no whole number, and 54 after rounding down. With 227 it is exactly 55. A table is not always right.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "task-alexnet", "points": 3, "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "code"}
check("alexnet")
### BEGIN HIDDEN TESTS
# With the course's configuration the next line never runs: the points come from the hidden checks.
raise SystemError("This notebook was graded without the course's configuration: nothing was checked.")
### END HIDDEN TESTS

# %% tags=["exploration"]
from exercises.architectures.alexnet import AlexNet

with torch.device("meta"):
    alexnet = AlexNet()
pictures.block_diagram(alexnet, (3, 227, 227), "AlexNet, 2012")

# %% [markdown]
# **Guess first:** which share of the parameters lies in the three dense layers? And which share of the multiply-adds?
#
# <details><summary>After your guess</summary>
#
# 96 % of the parameters, and 8 % of the multiply-adds. A dense layer uses each weight once for an image, a convolution at every place. So
# memory is spent at the end of the network, and time at its beginning.
#
# </details>

# %% tags=["exploration"]
share = pictures.dense_share(alexnet, (3, 227, 227), parameters, multiply_adds)
print(f"in dense layers: {100 * share[0]:.0f} % of the parameters, {100 * share[1]:.0f} % of the multiply-adds")
pictures.where_they_lie(alexnet, (3, 227, 227), parameters, multiply_adds, "AlexNet")

# %% [markdown]
# ## 6. Task 4: VGG (3 points)
# `exercises/architectures/vgg.py`. Six networks out of one table, which is data.

# %% nbgrader={"grade": true, "grade_id": "task-vgg", "points": 3, "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "code"}
check("vgg")
### BEGIN HIDDEN TESTS
# With the course's configuration the next line never runs: the points come from the hidden checks.
raise SystemError("This notebook was graded without the course's configuration: nothing was checked.")
### END HIDDEN TESTS

# %% [markdown]
# The table of the paper, drawn from *your* `CONFIGURATIONS`: compare it with the paper's.

# %% tags=["exploration"]
from exercises.architectures.vgg import CONFIGURATIONS, VGG

pictures.vgg_table(CONFIGURATIONS)

# %% [markdown]
# **Guess first:** from A to E the number of convolutions doubles, from 8 to 16. By how much do the parameters grow, by how much the multiply-adds?
#
# <details><summary>After your guess</summary>
#
# The parameters by 8 %, from 132.9 to 143.7 million: 123.6 million lie in the dense layers, which are the same for all. The multiply-adds grow 2.6
# times, from 7.6 to 19.6 billion.
#
# </details>

# %% tags=["exploration"]
for name in CONFIGURATIONS:
    with torch.device("meta"):
        vgg = VGG(name)
    print(f"{name:6}{weight_layers(vgg):>4} layers {parameters(vgg):>13,} {multiply_adds(vgg, (3, 224, 224)):>16,}")

# %% tags=["exploration"]
with torch.device("meta"):
    vgg = VGG("D")
pictures.where_they_lie(vgg, (3, 224, 224), parameters, multiply_adds, "VGG D")

# %% [markdown]
# ## 7. Two 3×3 or one 5×5
# VGG has nothing but small kernels. In each square stands on how many ways this input reaches the output in the middle.
# **Guess first:** three 3×3 in the place of one 7×7: how many weights does it save? And 1×7 followed by 7×1?
#
# <details><summary>After your guess</summary>
#
# 27 in the place of 49 (for each pair of channels), and 14. What is saved is freedom: with the same weights fewer different functions. What
# comes on top is a ReLU between the layers. The middle is reached on many ways and the corners on one, so a stack pays more attention to
# the middle from its start. Inception-v3 (2015) has both: two 3×3 for each 5×5, and 1×7 then 7×1.
#
# </details>

# %% tags=["exploration"]
stacks = {
    "5x5": [(5, 5)],
    "3x3, 3x3": [(3, 3), (3, 3)],
    "3x3, 3x3, 3x3": [(3, 3)] * 3,
    "1x7, 7x1": [(1, 7), (7, 1)],
}
pictures.kernel_row(stacks)

# %% [markdown]
# ## 8. Task 5: Inception (4 points)
# `exercises/architectures/inception.py`. 1×1, 3×3 or 5×5? All of them, and the network may choose.

# %% nbgrader={"grade": true, "grade_id": "task-inception", "points": 4, "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "code"}
check("inception")
### BEGIN HIDDEN TESTS
# With the course's configuration the next line never runs: the points come from the hidden checks.
raise SystemError("This notebook was graded without the course's configuration: nothing was checked.")
### END HIDDEN TESTS

# %% tags=["exploration"]
from exercises.architectures.inception import GoogLeNet, Inception

module = Inception(192, 64, 96, 128, 16, 32, 32)  # 3a
pictures.inception_picture(module, 192, 28)

# %% [markdown]
# ## 9. Task 6: residual networks (4 points)
# `exercises/architectures/resnet.py`.

# %% nbgrader={"grade": true, "grade_id": "task-resnet", "points": 4, "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "code"}
check("resnet")
### BEGIN HIDDEN TESTS
# With the course's configuration the next line never runs: the points come from the hidden checks.
raise SystemError("This notebook was graded without the course's configuration: nothing was checked.")
### END HIDDEN TESTS

# %% [markdown]
# ## 14. Your own table

# %% tags=["question:phone_or_cluster"]
from exercises.architectures.alexnet import AlexNet

print("first version")

# %% tags=["question:plain_nets"]
print("first version")

# %% [markdown] nbgrader={"grade": false, "grade_id": "ask-phone_or_cluster", "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "markdown"}
# ## 18. Two questions
# **Which of the networks would you take on a phone, which on a cluster, by your own table?** (step 14, 1 point) Which of the numbers counts
# where: parameters, multiply-adds, error? Three to six sentences, with the numbers that you saw.

# %% [markdown] nbgrader={"grade": true, "grade_id": "question-phone_or_cluster", "points": 1, "locked": false, "schema_version": 3, "solution": true, "task": false, "cell_type": "markdown"}
# First version.

# %% [markdown] nbgrader={"grade": false, "grade_id": "ask-plain_nets", "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "markdown"}
# **Plain nets get worse with depth even in training error: what do your own curves show, and what do the shortcuts change?** (step 16,
# 1 point) Why is it no overfitting? Three to six sentences, with the numbers that you saw.

# %% [markdown] nbgrader={"grade": true, "grade_id": "question-plain_nets", "points": 1, "locked": false, "schema_version": 3, "solution": true, "task": false, "cell_type": "markdown"}
# First version.

# %% [markdown]
# ## Pack
# Save the notebook, with its outputs (nobody runs it again), and your files. In a terminal, in this folder, run all checks
# once more and pack what you hand in. Upload the zip, and keep the receipt.
#
#     python -m exercises check architectures
#     python -m exercises pack architectures
