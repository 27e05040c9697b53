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
# - **Ears and eyes:** every picture has a text with its numbers, which screen readers read, and which `.alt` gives:
#   `print(pictures.imagenet_picture().alt)`. Nothing that is worth points needs eyes alone, or ears alone
#   ([docs/students.md](docs/students.md), section 8).
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
from torchvision.models import inception_v3  # to be counted, in step 9

from exercises.architectures import check, pictures, published, training

torch.set_num_threads(1)  # networks this small are not faster with more
data = training.digits()  # drawn by a program, so that everybody trains the same
print(f"Python {sys.version.split()[0]}, torch {torch.__version__}; {len(data[0].labels):,} digits for training")

# %% [markdown]
# ## 2. Four numbers
# AlexNet (2012), VGG D (2014), GoogLeNet (2014) and ResNet-50 (2015) read the same images of about 224×224 pixels and tell the
# same 1,000 classes apart. **Guess first, and write it down:** put them in order by their parameters, and once more by the
# multiplications that an image costs. Which of the two orders follows the years? You count both, and compare in step 14.
#
# ## 3. Task 1: LeNet-5 (1 point)
# *About 15 minutes, difficulty 1 of 3.*
#
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
# they are many. (Green: the image. Orange: dense layers.) Above it stands what comes out, and pooling hides where the size changes
# between two blocks.

# %% tags=["exploration"]
from exercises.architectures.lenet import LeNet5

pictures.block_diagram(LeNet5(), (1, 32, 32), "LeNet-5, 1998")

# %% [markdown]
# ## 4. Task 2: counting (3 points)
# *About 25 minutes, difficulty 3 of 3.*
#
# `exercises/architectures/counting.py`. Three numbers that a paper prints about a network, and that you print from now on about
# each.

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
# The third convolution holds 48,120 of the 61,706 parameters: it sees all 16 maps of 5×5. The most work is in the second one,
# 240,000 of 416,520: its 2,416 parameters are used at 10 · 10 places, those of the first one even at 28 · 28.
#
# </details>

# %% tags=["exploration"]
from exercises.architectures.counting import multiply_adds, parameters, weight_layers

pictures.where_they_lie(LeNet5(), (1, 32, 32), parameters, multiply_adds, "LeNet-5")

# %% [markdown]
# The next networks do not fit so easily: VGG has 140 million parameters, half a gigabyte. On torch's device *meta*, tensors have
# a shape and no values; everything that only asks for shapes works there, and takes no memory. That is where you build all
# networks of full size.

# %%
with torch.device("meta"):
    huge = nn.Linear(1_000_000, 1_000_000)
    came = huge(torch.empty(2, 1_000_000))
print(f"{huge.weight.numel():,} weights on {huge.weight.device}; what comes out has the shape {tuple(came.shape)}")

# %% [markdown]
# ## 5. Task 3: AlexNet (3 points)
# *About 25 minutes, difficulty 1 of 3.*
#
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
# 96 % of the parameters, and 8 % of the multiply-adds. A dense layer uses each weight once for an image, a convolution at every
# place. So memory is spent at the end of the network, and time at its beginning.
#
# </details>

# %% tags=["exploration"]
share = pictures.dense_share(alexnet, (3, 227, 227), parameters, multiply_adds)
print(f"in dense layers: {100 * share[0]:.0f} % of the parameters, {100 * share[1]:.0f} % of the multiply-adds")
pictures.where_they_lie(alexnet, (3, 227, 227), parameters, multiply_adds, "AlexNet")

# %% [markdown]
# ## 6. Task 4: VGG (3 points)
# *About 40 minutes, difficulty 2 of 3.*
#
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
# **Guess first:** from A to E the number of convolutions doubles, from 8 to 16. By how much do the parameters grow, by how much
# the multiply-adds?
#
# <details><summary>After your guess</summary>
#
# The parameters by 8 %, from 132.9 to 143.7 million: 123.6 million lie in the dense layers, which are the same for all. The
# multiply-adds grow 2.6 times, from 7.6 to 19.6 billion.
#
# </details>

# %% tags=["exploration"]
for name in CONFIGURATIONS:
    with torch.device("meta"):
        vgg = VGG(name)
    cost = multiply_adds(vgg, (3, 224, 224))
    print(f"{name:6}{weight_layers(vgg):>4} layers {cost:>16,} multiply-adds {parameters(vgg):>13,} parameters")

# %% tags=["exploration"]
with torch.device("meta"):
    vgg = VGG("D")
pictures.block_diagram(vgg, (3, 224, 224), "VGG D, 2014")

# %% tags=["exploration"]
pictures.where_they_lie(vgg, (3, 224, 224), parameters, multiply_adds, "VGG D")

# %% [markdown]
# ## 7. Two 3×3 or one 5×5
# VGG has nothing but small kernels. In each square stands on how many ways this input reaches the output in the middle; the
# orange box is the last kernel of the stack. **Guess first:** three 3×3 in the place of one 7×7: how many weights are left of 49,
# for each pair of channels? And of a 1×7 followed by a 7×1?
#
# <details><summary>After your guess</summary>
#
# 27, and 14. All see the same 7×7. What is saved is freedom: fewer different kernels are possible; what is won is a ReLU between
# the layers. In a stack of 3×3 the middle is reached on many more ways than the corners: as long as the weights are random, it
# counts more.
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
# The same as networks: three stages of one 5×5, or of two 3×3, everything else alike. Both learn digits of 32×32 pixels.
# **Guess first:** which one is smaller, which one cheaper, which one better? (Two trainings, a few seconds.)
#
# <details><summary>After your guess</summary>
#
# Two 3×3 have 15,242 parameters in the place of 20,474, and 77 % of the multiply-adds. They read as many digits: 96 % both (means
# of five seeds; a single training differs by a point). Deeper and smaller, and no worse. But look at the seconds: they are not
# fewer by 23 %, if at all. Multiplications are not all that a layer costs: each convolution, norm and ReLU reads and writes all
# its maps.
#
# </details>

# %% tags=["exploration"]
from exercises.architectures.counting import multiply_adds, parameters, weight_layers


def stages_of(kernels, channels=16):
    """A stem, three stages of these kernels with pooling after each, a dense layer."""
    layers = [nn.Conv2d(3, channels, 3, padding=1), nn.BatchNorm2d(channels), nn.ReLU(), nn.MaxPool2d(2)]
    for _ in range(3):
        for kernel in kernels:
            convolution = nn.Conv2d(channels, channels, kernel, padding=kernel // 2)
            layers += [convolution, nn.BatchNorm2d(channels), nn.ReLU()]
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(4 * channels, 10))


for name, kernels in {"one 5x5": [5], "two 3x3": [3, 3]}.items():
    torch.manual_seed(0)
    model = stages_of(kernels)
    print(f"{name}: {weight_layers(model)} layers, {multiply_adds(model, (3, 32, 32)):,} multiply-adds")
    print(training.fit(model, data, on_step=pictures.Progress(name)))

# %% [markdown]
# ## 8. Task 5: Inception (4 points)
# *About 35 minutes, difficulty 2 of 3.*
#
# `exercises/architectures/inception.py`. 1×1, 3×3 or 5×5? All of them side by side, and the next layer chooses.

# %% nbgrader={"grade": true, "grade_id": "task-inception", "points": 4, "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "code"}
check("inception")
### BEGIN HIDDEN TESTS
# With the course's configuration the next line never runs: the points come from the hidden checks.
raise SystemError("This notebook was graded without the course's configuration: nothing was checked.")
### END HIDDEN TESTS

# %% [markdown]
# Module 3a, with the sizes that hooks heard on the way through. **Guess first:** the 1×1 before the 3×3 and the 5×5 are two
# layers more. What would the module cost without them?
#
# <details><summary>After your guess</summary>
#
# More than twice as much: 308 instead of 128 million multiply-adds, and 393,472 instead of 163,696 parameters. A 5×5 on 16 maps
# and a 1×1 that makes 16 of 192 are cheaper than a 5×5 on 192.
#
# </details>

# %% tags=["exploration"]
from exercises.architectures.counting import multiply_adds, parameters, weight_layers
from exercises.architectures.inception import GoogLeNet, Inception

module = Inception(192, 64, 96, 128, 16, 32, 32)  # 3a
direct = [nn.Conv2d(192, 64, 1), nn.Conv2d(192, 128, 3, padding=1), nn.Conv2d(192, 32, 5, padding=2)]
direct.append(nn.Conv2d(192, 32, 1))  # after pooling
for name, layers in {"with 1x1 before": [module], "without": direct}.items():
    cost = sum(multiply_adds(layer, (192, 28, 28)) for layer in layers)
    print(f"{name:16} {sum(map(parameters, layers)):>9,} parameters, {cost:>12,} multiply-adds")
pictures.inception_picture(module, 192, 28)

# %% [markdown]
# ## 9. Where the parameters went
# **Guess first:** GoogLeNet won in 2014, the year of VGG, with 7.0 million parameters. VGG D has 138 million, AlexNet 61. Where has
# GoogLeNet saved most of them?
#
# <details><summary>After your guess</summary>
#
# At its end. Its only dense layer sees 1,024 numbers, the averages of the maps, and holds 1.0 million parameters; the three of
# VGG D hold 123.6 million, 102.8 of them the first. That alone is most of the difference. All convolutions together: 6.0 million
# here, 14.7 in VGG D. (The paper says "12 times fewer parameters" than AlexNet. By your count it is 8.7 times. Count before you
# quote.)
#
# </details>
#
# (Depth by your `weight_layers` is 58 here, since it counts all branches. Papers count 22: three layers before the modules,
# two in each of nine modules, one at the end.)

# %% tags=["exploration"]
from exercises.architectures.vgg import VGG

with torch.device("meta"):
    googlenet, vgg = GoogLeNet(), VGG("D")
for name, model in {"GoogLeNet": googlenet, "VGG D": vgg}.items():
    share, _ = pictures.dense_share(model, (3, 224, 224), parameters, multiply_adds)
    dense = share * parameters(model) / 1e6
    rest = parameters(model) / 1e6 - dense
    print(f"{name:10} dense layers {dense:6.1f} million parameters, convolutions {rest:5.1f} million")
pictures.block_diagram(googlenet, (3, 224, 224), "GoogLeNet, 2014: layers of one size are one block")

# %% [markdown]
# Inception-v3 (2015) takes step 7 seriously: hardly any large kernel is left. It is torchvision's, on *meta*, and your functions
# count it. **Guess first:** which kernel is the commonest one?
#
# <details><summary>After your guess</summary>
#
# 1×1, in 40 of 94 convolutions. 1×7 and 7×1 come in pairs, thirteen of each: a pair sees 7×7 with 14 weights. (The three
# modules for maps of 35×35 have a 5×5 each, beside two 3×3 in a row; the paper draws a 3×3 in its place.)
#
# </details>

# %% tags=["exploration"]
from collections import Counter

with torch.device("meta"):
    v3 = inception_v3(aux_logits=False, init_weights=False)
kernels = Counter("x".join(map(str, one.kernel)) for one in pictures.layers_of(v3, (3, 299, 299)) if one.kernel)
print(f"{parameters(v3):,} parameters, {multiply_adds(v3, (3, 299, 299)):,} multiply-adds")
for kernel, number in kernels.most_common():
    print(f"{kernel}: {number} convolutions")

# %% [markdown]
# ## 10. Task 6: residual networks (4 points)
# *About 40 minutes, difficulty 3 of 3.*
#
# `exercises/architectures/resnet.py`. Blocks of two kinds, each with a way round it or, for comparison, without.

# %% nbgrader={"grade": true, "grade_id": "task-resnet", "points": 4, "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "code"}
check("resnet")
### BEGIN HIDDEN TESTS
# With the course's configuration the next line never runs: the points come from the hidden checks.
raise SystemError("This notebook was graded without the course's configuration: nothing was checked.")
### END HIDDEN TESTS

# %% tags=["exploration"]
from exercises.architectures.resnet import BasicBlock, Bottleneck, resnet34, resnet50

with torch.device("meta"):
    fifty = resnet50()
pictures.block_diagram(fifty, (3, 224, 224), "ResNet-50, 2015: layers of one size are one block")

# %% [markdown]
# ## 11. The bottleneck
# 256 maps go in, 256 come out. A basic block has two 3×3 on all of them. A bottleneck makes 64 of them first, has one 3×3 there,
# and makes 256 again. **Guess first:** by which factor is it cheaper?
#
# <details><summary>After your guess</summary>
#
# 17 times: 69,632 in the place of 1,179,648 weights in the convolutions (and a few in the norms). So ResNet-50 has 16 more layers
# than ResNet-34 and four times as many maps between its blocks, and costs only 12 % more multiply-adds.
#
# </details>

# %% tags=["exploration"]
from exercises.architectures.counting import multiply_adds, parameters, weight_layers

for name, block in {"basic": BasicBlock(256, 256), "bottleneck": Bottleneck(256, 64)}.items():
    print(f"{name:11}{multiply_adds(block, (256, 14, 14)):>13,} multiply-adds {parameters(block):>11,} parameters")
with torch.device("meta"):
    for name, model in {"ResNet-34": resnet34(), "ResNet-50": resnet50()}.items():
        print(f"{name:11}{multiply_adds(model, (3, 224, 224)):>13,} multiply-adds {parameters(model):>11,} parameters")

# %% [markdown]
# ## 12. What passes where nothing was learnt
# You built the form of 2015: the last ReLU comes after the sum. A year later the same authors moved norm and ReLU into the
# branch: that is the form of `digits`. Both below.

# %% tags=["exploration"]
pictures.block_forms()

# %% [markdown]
# Now twenty blocks in a row, whose norms give nothing but 0: no branch says anything. **Guess first:** what comes out at the
# end, for plain blocks, for your form, and for that of 2016?
#
# <details><summary>After your guess</summary>
#
# Plain blocks: nothing. Whatever is to pass through twenty of them, each has to learn to hand on. Your form hands the image on,
# without its negative values, which the first ReLU takes away (the paper becomes 0). That of 2016 hands on everything: there is a
# way from the first block to the last on which nothing stands but sums.
#
# </details>

# %% tags=["exploration"]
digit = (data[0].images[3:4, :1] - 0.13) / 0.3  # paper below 0, ink above
kinds = {
    "20 plain blocks": lambda: BasicBlock(8, 8, plain=True),
    "20 blocks, 2015": lambda: BasicBlock(8, 8),
    "20 blocks, 2016": lambda: pictures.FormOf2016(8),
}
blocks = {name: [pictures.silenced(make()) for _ in range(20)] for name, make in kinds.items()}
pictures.passed_through(blocks, digit.repeat(1, 8, 1, 1))

# %% [markdown]
# ## 13. ImageNet
# What all these networks but LeNet-5 learnt from (numbers of Krizhevsky et al. 2012, section 2). The last layer has 1,000 outputs
# for the challenge's 1,000 classes; ImageNet itself has about 22,000. **Guess first:** which share of its images, and which share
# of its classes, is in the challenge?
#
# <details><summary>After your guess</summary>
#
# 8 % of the images and 4.5 % of the classes: 1,200 images for each class, where all of ImageNet has about 680.
#
# </details>

# %% tags=["exploration"]
pictures.imagenet_picture()

# %% [markdown]
# ## 14. Your own table
# Everything that you built, counted by your own functions, beside the published top-5 error of *one* network (each as well as its
# paper could, with many crops or sizes of an image; sources in `exercises/architectures/published.py`). Look for
# your guesses of step 2.

# %% tags=["question:phone_or_cluster"]
from exercises.architectures.alexnet import AlexNet
from exercises.architectures.counting import multiply_adds, parameters, weight_layers
from exercises.architectures.inception import GoogLeNet
from exercises.architectures.resnet import Bottleneck, ResNet, resnet18, resnet34, resnet50
from exercises.architectures.vgg import VGG

with torch.device("meta"):
    networks = {
        "AlexNet": (AlexNet(), 227),
        "VGG A": (VGG("A"), 224),
        "VGG D": (VGG("D"), 224),
        "VGG E": (VGG("E"), 224),
        "GoogLeNet": (GoogLeNet(), 224),
        "ResNet-18": (resnet18(), 224),
        "ResNet-34": (resnet34(), 224),
        "ResNet-50": (resnet50(), 224),
        "ResNet-152": (ResNet(Bottleneck, (3, 8, 36, 3)), 224),
        "Inception-v3": (inception_v3(aux_logits=False, init_weights=False), 299),
    }
# Of branches beside each other the longest counts, which weight_layers does not know.
by_hand = {"GoogLeNet": published.GOOGLENET_DEPTH, "Inception-v3": published.INCEPTION_V3_DEPTH}
costs = {
    name: pictures.Cost(
        multiply_adds(model, (3, side, side)), parameters(model), by_hand.get(name, weight_layers(model))
    )
    for name, (model, side) in networks.items()
}
print(pictures.cost_table(costs, {one.name: one.error for one in published.SINGLE_MODELS}))

# %% [markdown]
# (Step 2: neither order follows the years. By parameters it is GoogLeNet, ResNet-50, AlexNet, VGG D; by multiply-adds AlexNet,
# GoogLeNet, ResNet-50, VGG D.)
#
# The same as a picture. **Guess first:** which network lies alone, and why?
#
# <details><summary>After your guess</summary>
#
# AlexNet, at the bottom right: as many parameters as ResNet-152, and one sixteenth of its multiply-adds. Its large dense layers
# are memory and hardly work; VGG has such layers too, and many dear convolutions. From GoogLeNet to ResNet-152 both numbers grow
# together: these are nearly all convolutions.
#
# </details>

# %% tags=["exploration"]
pictures.cost_picture(costs)

# %% [markdown]
# A network need not be as wide as its paper's. The line goes through one network's widths, the ring is the one that you choose.
# **Guess first:** at half the width, what is left of ResNet-50's parameters and multiply-adds? At which width does it cost as
# little as GoogLeNet?
#
# <details><summary>After your guess</summary>
#
# About a quarter of both, 27 and 26 %: a convolution has as many weights as there are pairs of channels. At 9/16 it needs 1.32
# billion multiply-adds, GoogLeNet 1.58. What happens to the error stands in no table: for that one has to train it.
#
# </details>

# %% tags=["exploration"]
makers = {
    "ResNet-50": (resnet50, 224),
    "ResNet-18": (resnet18, 224),
    "GoogLeNet": (GoogLeNet, 224),
    "AlexNet": (AlexNet, 227),
}


def cost_of(name, width):
    """What a network of this width costs."""
    make, side = makers[name]
    with torch.device("meta"):
        model = make(width=width)
    return pictures.Cost(multiply_adds(model, (3, side, side)), parameters(model), costs[name].depth)


pictures.width_slider(cost_of, list(makers))

# %% [markdown]
# ## 15. Six years
# The winners of the challenge. **Guess first:** between which two years is the step the largest, in percentage points? And which
# step divides the error by most?
#
# <details><summary>After your guess</summary>
#
# In 2012, from 25.8 to 16.4 %: AlexNet, the first deep network there. The largest factor is that of 2015, from 6.67 to 3.57 %:
# ResNet. All winners from 2012 on are *ensembles*: AlexNet alone had 18.2 % (on validation images), five of them 16.4 %. Compare
# single networks with single ones.
#
# </details>

# %% tags=["exploration"]
print(f"beside it: LeNet-5, 1998, errs on {published.LENET_ERROR} % of MNIST's digits, ten classes, one answer each")
pictures.error_history(published.WINNERS, published.HUMAN_ERROR)

# %% [markdown]
# Single networks against what they cost. **Guess first:** does deeper mean better? Does dearer? Which network with fewer
# parameters is better than VGG E?
#
# <details><summary>After your guess</summary>
#
# Deeper is mostly better here. But GoogLeNet is deeper than both VGG and not better, and Inception-v3 is better than ResNet-152
# with a third of its layers. Dearer is not better: VGG E costs most of all, and the three residual networks and Inception-v3 are
# better, with less than half its parameters. How the layers are connected counts. (So do the training and the crops, which differ
# from paper to paper.)
#
# </details>

# %% tags=["exploration"]
pictures.depth_cost_error(published.SINGLE_MODELS, costs)

# %% [markdown]
# ## 16. Does depth train?
# Your own networks of basic blocks with 10, 18 and 34 layers and an eighth of the width, plain and residual. Each learns digits
# for 120 steps of 64 images, with stochastic gradient descent. **Guess first:** draw six training losses on paper. (Three cells,
# one for each depth.)

# %% tags=["question:plain_nets"]
from exercises.architectures import resnet
from exercises.architectures.training import Net

outcomes = {}


def train(*nets):
    """Train these nets, keep what they came to, and print it."""
    for net in nets:
        outcomes[net] = training.fit(net.build(resnet), data, on_step=pictures.Progress(str(net)))
        print(f"{net}: {outcomes[net]}")


train(Net(10, plain=True), Net(10))

# %% tags=["question:plain_nets"]
train(Net(18, plain=True), Net(18))

# %% tags=["question:plain_nets"]
train(Net(34, plain=True), Net(34))
pictures.training_curves(outcomes)

# %% tags=["question:plain_nets"]
pictures.depth_picture(outcomes)

# %% [markdown]
# <details><summary>After your guess</summary>
#
# At depth 10 the two are nearly alike: 95 % of the test images, plain and residual. At 18 it is 78 and 94 %, at 34 it is 20 and
# 90 % (means of five seeds; a single plain net lies up to 15 points beside these). The plain net of 34 layers reads its
# *training* images as badly as the test images: it has not learnt too much by heart, it has not learnt. Its training loss ends
# between 1.9 and 2.3, and 2.3 is guessing.
#
# </details>
#
# This is a race over 120 steps; the paper's networks train until nothing improves, and there, too, the plain one of 34 layers
# stays worse than the one of 18, in training error. What the shortcuts do is **let depth train**. That is not "deeper is better":
# look at your residual nets. With 120 steps and digits, the best one has 10 layers.
#
# ## 17. Depth, time, results
# The lecture's three words, by your own measurements. **Guess first:** what do the shortcuts cost in seconds?
#
# <details><summary>After your guess</summary>
#
# Here 10 to 30 %: a sum in each block, and three 1×1 convolutions with their norms. Depth costs more: the nets of 34 layers take
# some 1.7 times as long as those of 18.
#
# </details>

# %% tags=["exploration"]
pictures.depth_time_results(outcomes)

# %% [markdown]
# "Deep and narrow is often more parameter-efficient than shallow and wide." Residual nets with half the channels have a quarter
# of the parameters. **Guess first:** about 80,000 parameters: 10 layers at 1/8 of the width, or 34 layers at 1/16? (Three
# trainings, some seconds.)
#
# <details><summary>After your guess</summary>
#
# Here the shallow one, by far: 95 % against 77 % (means of five seeds; the deep one lies between 69 and 80 %). The narrow net of
# 10 layers has a quarter of the parameters of either, and 93 %. In step 7 it was the other way round: twice as many layers of
# 3×3, a quarter fewer parameters, the same accuracy. "Often" is a word that asks for a measurement: with these images, and these
# few steps.
#
# </details>

# %% tags=["exploration"]
narrow = [Net(depth, width=1 / 16) for depth in (10, 18, 34)]
train(*narrow)
pictures.accuracy_by_size(outcomes)

# %% [markdown] nbgrader={"grade": false, "grade_id": "ask-phone_or_cluster", "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "markdown"}
# ## 18. Two questions
# **Which of the networks would you take on a phone, which on a cluster, by your own table?** (step 14, 1 point) Which number
# counts where: parameters, multiply-adds, error? Three to six sentences, with the numbers that you saw.

# %% [markdown] nbgrader={"grade": true, "grade_id": "question-phone_or_cluster", "points": 1, "locked": false, "schema_version": 3, "solution": true, "task": false, "cell_type": "markdown"}
# On a phone, memory (and the download) and the energy of each image count, so few parameters and few multiply-adds. GoogLeNet has
# 7.0 million parameters, 28 MB, and 1.58 billion multiply-adds, for an error of 7.89 %. AlexNet computes half as much, 0.72
# billion, but takes 244 MB and errs on 18.2 %: on a phone it is the worst bargain. If the phone has room for 102 MB, ResNet-50
# errs on 5.25 % for 2.6 times the work of GoogLeNet. On a cluster memory hardly counts, and the error does: Inception-v3 has the
# lowest one, 4.2 %, for 5.7 billion multiply-adds; ResNet-152 has 4.49 % for twice as many. VGG E I take nowhere: it costs most,
# 19.6 billion and 575 MB, and errs on 7.1 %. The errors come from different papers with different crops, so a few tenths of a
# percent mean nothing.

# %% [markdown] nbgrader={"grade": false, "grade_id": "ask-plain_nets", "locked": true, "schema_version": 3, "solution": false, "task": false, "cell_type": "markdown"}
# **Plain nets get worse with depth even in training error: what do your own curves show, and what do the shortcuts change?**
# (step 16, 1 point) Why is this no overfitting? Three to six sentences, with the numbers that you saw.

# %% [markdown] nbgrader={"grade": true, "grade_id": "question-plain_nets", "points": 1, "locked": false, "schema_version": 3, "solution": true, "task": false, "cell_type": "markdown"}
# At depth 10 my plain net ends with a training loss of 0.20 and the residual one with 0.17; on their training images both err on
# about 3.5 %. At depth 18 it is 0.66 and 0.22, 19 and 6 %. At 34 the plain net stays at 2.30, which is guessing (ln 10), and errs
# on 89 % of the images that it learnt from, and on 90 % of the others; the residual one ends at 0.37 and errs on 8 %. It is no
# overfitting: that would be a small training error and a larger test error, and here the training error itself grows. It is the
# optimisation that fails: a deeper plain net could do all that the shallow one does if its further layers passed on what they
# get, but it has to learn that, from a gradient that has come through all the others. With a shortcut a block passes its input on
# by itself, and learns only what is to be added; the gradient has the same short way back. The residual nets become slightly
# worse with depth as well in these 120 steps (5, 6, 9 % test error): the shortcuts let depth train, they do not make it better.

# %% [markdown]
# ## Pack
# Save the notebook, with its outputs (nobody runs it again), and your files. In a terminal, in this folder, run all checks
# once more and pack what you hand in. Upload the zip, and keep the receipt.
#
#     python -m exercises check architectures
#     python -m exercises pack architectures
