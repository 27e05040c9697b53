"""Further hints of the checks, opened one after the other: questions first, the line of thought last, never code."""

from __future__ import annotations

from exercises.checking.hints import INPUT_KEPT as INPUT_KEPT
from exercises.checking.hints import RECIPE as RECIPE

SIZES = (
    (
        "Draw seven samples with a zero at each end, and a kernel of 3 below them: at how many places can it lie? "
        "With steps of 2?"
    ),
    (
        "What is left over at the end is less than a step: which rounding is that? And which size does the second "
        "layer get?"
    ),
    (
        "Line of thought: what is left of the padded length when the span is taken away is how far the first tap "
        "can travel. Count the whole steps in that, and the place where it began. Each layer hands its number on "
        "to the next one."
    ),
)

FIELDS = (
    (
        "What does one output see of the layer just below it, and what does each of these samples see in turn? "
        "Draw it for two layers."
    ),
    (
        "Which number changes from layer to layer beside the field itself? Does a stride act on its own layer, or "
        "on those behind it?"
    ),
    (
        "Line of thought: go from the input to the output with two numbers, the field and the distance of two "
        "neighbouring samples, counted in input samples. A layer widens the field by all gaps of its kernel times "
        "that distance; only then does its stride multiply the distance."
    ),
)

COUNTS = (
    "How many numbers come out, and what does each of them need for itself?",
    "Draw one kernel as a box: how long is it along each axis, and along how many axes? Who shares it?",
    (
        "Line of thought: count one unit, and then how many have parameters of their own. A unit has a weight for "
        "each number that it reads, and one bias. The units of a dense layer are its outputs, those of a local "
        "layer its positions, those of a convolution its output channels."
    ),
)

WINDOWS = (
    (
        "Write the first and last position of the first three windows down: by how much do they move, and which "
        "is the last that lies fully inside?"
    ),
    "Print the shape after each line: which axis counts the windows, and over which axes do you take the maximum?",
    (
        "Line of thought: turn each axis that is pooled into two, one that counts the windows and one for the "
        "places inside of a window. Batch and channels are not touched, and all that is left is one reduction "
        "over the places."
    ),
)

AVERAGES = (
    "How many numbers has one channel of one example, and into how many are they to be turned?",
    "Over which axes does your average go? What becomes of an axis of size 1, of the batch or of the channels?",
    (
        "Line of thought: the first two axes stay, whatever their sizes, and all behind them go, each value "
        "counting alike. No size has to be known for that."
    ),
)

MEMORY = (
    (
        "When an image is transposed, which changes: the order of its numbers in memory, or the order in which "
        "its axes step through them?"
    ),
    "Where does your code count in memory (as_strided, view, data_ptr), and where along axes?",
    (
        "Line of thought: what goes along axes and indices is right for each view. What steps through memory "
        "needs the steps of this very tensor, which it can be asked for, or a copy in the usual order first."
    ),
)

GRADIENTS = (
    "Which operations lead from the input to your result? Is each of them one that torch can go back through?",
    "Does the result of each line still ask for a gradient (requires_grad)? After which line does it not?",
    (
        "Line of thought: a result hangs on its input as long as torch's own operations on that very tensor make "
        "it; numbers that are taken out and put into a new tensor are constants. Then a maximum hands the "
        "gradient to the value that was chosen, and an average hands a share to each."
    ),
)

OWN_POOLING = (
    "What would you do with pencil and paper for one window, and what for all of them?",
    "Which line does the check name? Which of your own classes does the same?",
    (
        "Line of thought: pooling is a way to lay out the windows and a reduction over each. Both are plain tensor "
        "operations; and where a later task pools, it calls the class that you wrote in this one."
    ),
)

STOCHASTIC = (
    (
        "Take the window (1, 2, 0, 5): which probability has each value, and what do they sum to? And those of "
        "(0, 0, 0, 0)?"
    ),
    "What is drawn, and how often: once for a call, for an image, or for each window? What comes out in evaluation?",
    (
        "Line of thought: lay the windows out as for the maximum, and turn each into probabilities. In training, "
        "one place is drawn for each window with them, and its value taken; in evaluation, each value is weighted "
        "with its own. Windows without any probability are settled before something is divided by 0."
    ),
)

LENGTHS = (
    "By how many samples does a kernel of 3 shorten its input without padding? And one of 3 taps that lie 2 apart?",
    "Is the padding computed of both, kernel size and dilation, and do both convolutions get it?",
    (
        "Line of thought: a kernel shortens its input by its span less one. Half of that at each side gives the "
        "length back, and the span grows with the dilation."
    ),
)

_TOLD = (
    "Line of thought: a wrong argument is the caller's mistake, and is told where it is given, before "
    "anything is built: by an exception of the kind that the docstring names, with words that say what came."
)

EVEN_KERNEL = (
    "Which kernel sizes does the docstring refuse, and what happens with them in your code now?",
    "Which number tells an even one from an odd one, whatever the dilation is? When is the earliest that you know it?",
    _TOLD,
)

REFUSED = (
    "Which arguments does the docstring refuse, and what happens with them in your code now?",
    (
        "Is a word that nobody knows a case of its own, or does the last branch take it? When is the earliest "
        "that your class can tell?"
    ),
    _TOLD,
)

SKIP = (
    "Follow x through forward, when all weights are 0: where does it go, and what comes out?",
    "Does anything stand behind the sum, or change x before it is added?",
    (
        "Line of thought: the block is the identity and a correction. The input goes round the branch, untouched, "
        "and the two meet last of all."
    ),
)

ORDER = (
    "Read your forward aloud, part by part: in which order do norm, ReLU and convolution come, and how often each?",
    (
        "What goes into the second half: what the first half gave, or x again? Is a part used twice, or one of "
        "the four never?"
    ),
    (
        "Line of thought: the branch is a chain of six, each of which takes what the one before it gave, and the "
        "sum stands behind the last. The chain ends with a convolution, so that what is added may be negative as "
        "well."
    ),
)

REACH = (
    "How far to one side does a single convolution of this kernel and dilation look? And two, one after the other?",
    (
        "Compare the lines in which the two convolutions are made, word by word: which of them knows kernel size "
        "and dilation?"
    ),
    (
        "Line of thought: reaches add up. Each of the two looks half of its gaps to each side, so that both "
        "together look all of them. Half of what is due means that one kept its defaults."
    ),
)

PARAMETERS = (
    "How many weights and biases has one of these convolutions, and one of these norms? Add up all four by hand.",
    "Which parts are made in __init__, under which names, and which does forward call?",
    (
        "Line of thought: what learns is made once, in __init__, as an attribute of its own. A part that is used "
        "twice shares its numbers, one that is made in forward is new each time, and one that forward never calls "
        "learns nothing."
    ),
)

REACHED = (
    "For which parameters does the check find none? Which line should use them?",
    (
        "Go from the result back to them: is a part built and not called, or something cut off on the way "
        "(detach, .data, no_grad, item)?"
    ),
    (
        "Line of thought: gradients run the way of the numbers backwards. A parameter gets one if its numbers go "
        "into the result by torch's operations, and the input of a residual block gets two, one round the branch "
        "and one through it."
    ),
)

CONV_BLOCK = (
    (
        "Which of the three parts changes the channels, which one learns, which one changes the size? In which "
        "order does the docstring name them?"
    ),
    (
        "Where the channels are equal, how many parts come before the pooling? Which pooling did the argument ask "
        "for, and which kernel has the size that was given?"
    ),
    (
        "Line of thought: first bring the channels to what the residual block needs, or do nothing where they "
        "fit; let it learn at full size; halve at the end. ConvBlock1d goes the same way along time."
    ),
)

CLASSIFIER = (
    "Print the shape after each part: which axes are left, and what does the next part take?",
    "Is any number in your code computed from 28, or the same as hidden or num_classes only by chance?",
    (
        "Line of thought: the first axis counts the images all the way. Channels become hidden and stay so; "
        "height and width are halved by each block and averaged away at the end, so that no layer has to know "
        "them; the output layer turns hidden numbers into classes."
    ),
)

OWN_BLOCKS = (
    "Which parameters does torch find if you ask the whole network for them, and which are missing or there twice?",
    "In what do the blocks stand, and how many objects are built: one that is used often, or as many as asked for?",
    (
        "Line of thought: torch finds modules in attributes and in containers of its own; a Python list hides "
        "them. Several blocks are several calls of the class, each with the same arguments and with weights of "
        "its own."
    ),
)

LOGITS = (
    "What does cross_entropy do with the numbers that it gets? Which numbers may come in?",
    "What is the last thing that forward does before it returns?",
    (
        "Line of thought: the loss turns logits into probabilities itself. So the network ends with plain "
        "weighted sums, which may be any numbers; what squeezes them afterwards takes from the gradient what "
        "learning needs."
    ),
)

EVERYWHERE = (
    "Which part of the image does the check name? Follow it through your network: where does it get lost?",
    (
        "Does anything crop, look at a fixed number of positions, or take one of them for all? Over which "
        "positions does the average go?"
    ),
    (
        "Line of thought: convolutions and blocks hand every region on to some position of the last map. The "
        "average over all its positions, however many there are, lets each of them count."
    ),
)

ALONE = (
    "What can one image know of the others in its batch? Which operations go across the first axis?",
    (
        "Which parts behave differently in training and in evaluation, and does each of them learn that the mode "
        "has changed?"
    ),
    (
        "Line of thought: in evaluation nothing goes across the batch and nothing is drawn. Norms then use what "
        "they have gathered, if torch knows them; and every other operation keeps to the axes of one image."
    ),
)
