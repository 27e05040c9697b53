"""What was published about ImageNet and its networks (given), each number with its source.

A top-5 error is the share of images whose true class is not among the five that a network holds for the likeliest. It
falls where several networks are averaged (an ensemble), where each image is looked at in many crops, and where there
are more data: who compares two numbers looks at these first.
"""

from __future__ import annotations

from dataclasses import dataclass

RUSSAKOVSKY = "Russakovsky et al. 2015, https://arxiv.org/abs/1409.0575"
KRIZHEVSKY = "Krizhevsky, Sutskever, Hinton 2012, https://doi.org/10.1145/3065386"
SIMONYAN = "Simonyan, Zisserman 2014, https://arxiv.org/abs/1409.1556"
SZEGEDY = "Szegedy et al. 2014, https://arxiv.org/abs/1409.4842"
SZEGEDY_V3 = "Szegedy et al. 2015, https://arxiv.org/abs/1512.00567"
HE = "He, Zhang, Ren, Sun 2015, https://arxiv.org/abs/1512.03385"
LECUN = "LeCun, Bottou, Bengio, Haffner 1998, https://doi.org/10.1109/5.726791"


@dataclass(frozen=True)
class Result:
    """A published error.

    Attributes:
        year:   of the competition, or of the paper.
        name:   of the network, or of the team.
        error:  top-5 error in percent, for 1,000 classes of ImageNet.
        kind:   "single model", "ensemble of 7", or what took part in place of a network.
        images: "test" or "validation".
        source: paper and table.
    """

    year: int
    name: str
    error: float
    kind: str
    images: str
    source: str


# Who won the classification of the ImageNet Large Scale Visual Recognition Challenge, with its own data alone.
WINNERS = (
    Result(2010, "NEC-UIUC", 28.2, "no deep network", "test", f"{RUSSAKOVSKY}, submissions of 2010"),
    Result(2011, "XRCE", 25.8, "no deep network", "test", f"{RUSSAKOVSKY}, submissions of 2011"),
    Result(2012, "AlexNet", 16.4, "ensemble of 5", "test", f"{KRIZHEVSKY}, table 2"),
    Result(2013, "Clarifai", 11.7, "ensemble", "test", f"{RUSSAKOVSKY}, submissions of 2013; {SIMONYAN}, table 7"),
    Result(2014, "GoogLeNet", 6.67, "ensemble of 7", "test", f"{SZEGEDY}, table 2"),
    Result(2015, "ResNet", 3.57, "ensemble of 6", "test", f"{HE}, table 5"),
)

# Networks alone, each as well as its paper could: with many crops or sizes of an image, averaged.
SINGLE_MODELS = (
    Result(2012, "AlexNet", 18.2, "single model", "validation", f"{KRIZHEVSKY}, table 2"),
    Result(2014, "VGG D", 7.2, "single model", "validation", f"{SIMONYAN}, table 5"),
    Result(2014, "VGG E", 7.1, "single model", "validation", f"{SIMONYAN}, table 5"),
    Result(2014, "GoogLeNet", 7.89, "single model", "validation", f"{SZEGEDY}, table 3"),
    Result(2015, "ResNet-34", 5.71, "single model", "validation", f"{HE}, table 4"),
    Result(2015, "ResNet-50", 5.25, "single model", "validation", f"{HE}, table 4"),
    Result(2015, "ResNet-152", 4.49, "single model", "validation", f"{HE}, table 4"),
    Result(2015, "Inception-v3", 4.2, "single model", "validation", f"{SZEGEDY_V3}, table 4"),
)

# Krizhevsky et al., section 2: "over 15 million" images, "roughly 22,000" categories; of these, for the challenge,
# "roughly 1.2 million" training images of 1,000.
IMAGENET_IMAGES, IMAGENET_CLASSES = 15_000_000, 22_000
CHALLENGE_IMAGES, CHALLENGE_CLASSES = 1_200_000, 1_000
LENET_ERROR = 0.95  # percent of MNIST's test images, LeNet-5 trained without distorted ones: LeCun et al., section III
HUMAN_ERROR = 5.1  # percent, top-5: one trained person, 1,500 test images: Russakovsky et al., section 6.4

GOOGLENET_DEPTH = 22  # 3 before the modules, 2 in each of nine (of its branches the longest has two), 1 at the end
INCEPTION_V3_DEPTH = 48  # of torchvision's, counted alike: 5 before the modules, 42 in eleven of them, 1 at the end
