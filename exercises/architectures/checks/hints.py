"""Further hints of the checks, opened one after the other: questions first, the line of thought last, never code."""

from __future__ import annotations

LENET = (
    "Go through the table with an image of 32x32: which size comes out of each row, and which does your network give?",
    (
        "Count each row's parameters by hand and compare with your layers: kernel, channels in, channels out, "
        "bias. Where does a tanh stand, and where none?"
    ),
    (
        "Line of thought: a table of a network is read row by row. What comes in is what the row above gave, the "
        "row says what comes out, and the sizes and counts in the docstring tell which row to look at first."
    ),
)

ORIGINAL = (
    "How many parameters has each row of the paper, and which of yours differs from it?",
    (
        "What is learnt in `Subsampling`, how many numbers for each map? Which maps does map o of the second "
        "convolution see?"
    ),
    (
        "Line of thought: what is not connected has no weight, so each map has kernels for its own list alone, "
        "and a bias. And a pooling that learns has two numbers for each map: what the sum of four is multiplied "
        "by, and what is added before the tanh."
    ),
)

PARAMETERS = (
    "What is a parameter, and what is a buffer? Which of them does training change?",
    "What happens if one layer stands at two places, or is frozen?",
    (
        "Line of thought: memory is needed once for each tensor that is a parameter, whoever uses it and whether "
        "it learns now or not. Running averages are no parameters."
    ),
)

MULTIPLY_ADDS = (
    "What does one output of a convolution cost? How many outputs are there for this image?",
    (
        "What do stride, padding, dilation and groups change: the cost of one output, or the number of outputs? "
        "What if a layer runs twice, or never?"
    ),
    (
        "Line of thought: what a layer costs is the number of its outputs times what one of them costs. The "
        "outputs are seen when it runs, so let an image pass, listen to each layer, and add up each time that it "
        "gives something."
    ),
)

ANYWHERE = (
    "Where do the parameters of this model live, and in which type? Where does your image live?",
    (
        "Which things does your count change on the way: modes, hooks, running averages, gradients? What if the "
        "image does not fit and it raises?"
    ),
    (
        "Line of thought: whoever borrows a model gives it back as it was, on every way out, that of an exception "
        "too. Note each part's own mode before, and let an image pass that is like the parameters."
    ),
)

WEIGHT_LAYERS = (
    "Which kinds of layers have weights that count for the depth?",
    "What lies beside the way and not on it? How often does something count that stands in two places?",
    (
        "Line of thought: list all parts once, keep convolutions and dense layers, and take away those that some "
        "`Shortcut` holds, however deep inside."
    ),
)

OWN = (
    "Which line does the check name, and what does it do for you?",
    "Which layers of torch, or which of your own lines, would do the same?",
    (
        "Line of thought: the network, or the count, is to be built of parts that you could explain one by one. "
        "Each row of the docstring is one or two of them."
    ),
)

ALEXNET = (
    "Which layer does the check name first? What does the table say of it, and what does your line?",
    (
        "Kernel, stride, padding, groups: count the parameters of the row by hand, and the size that comes out. "
        "In which order do ReLU, response norm and pooling stand?"
    ),
    (
        "Line of thought: a count that is off points at kernels, channels, groups or biases; a size at stride and "
        "padding; right counts and sizes with other values at what stands between the layers. Each number of the "
        "table goes through the same scaling."
    ),
)

COLUMNS = (
    "How many weight layers does the paper's column have, and how many has yours, with the three dense ones?",
    "Which rows does this column have more than the one before it, and in which blocks? Where is a kernel of 1?",
    (
        "Line of thought: five blocks, each with a pooling behind it, and channels that double until 512. The "
        "columns differ in how many convolutions a block has, and one of them in the kernel of the third."
    ),
)

VGG = (
    "Which row does the check name? What does your code make of it?",
    (
        "Is each row looked up when the network is built, from the table as it is then? Where do the channels "
        "that come in come from, and what depends on the kernel?"
    ),
    (
        "Line of thought: one loop over the rows, which carries along how many channels have come so far. Each "
        "kind of row has one thing that it becomes; what is in no table is refused; and the head follows when the "
        "loop is done."
    ),
)

MODULE = (
    "Draw the four branches: what does each see, and how many channels does it give?",
    (
        "Which paddings keep height and width for kernels of 3 and 5, and in the pooling? Is a ReLU behind each "
        "convolution, the reducing ones too? In which order are the outputs put together?"
    ),
    (
        "Line of thought: all four see the same maps, and each keeps their size, so that their outputs can lie "
        "one behind the other along the channels. A reduction is a convolution like others, with a ReLU of its "
        "own."
    ),
)

ROWS = (
    "Which of the paper's columns are the six numbers, and in which order does `Inception` take them?",
    "Does what comes out of each module, the sum of four of the six, equal the paper's output depth?",
    (
        "Line of thought: each module's four outputs add up to the channels that the next one takes. The paper "
        "prints that sum beside each row, and so it finds the row with the slip."
    ),
)

GOOGLENET = (
    "Which module does the check name? How many channels come in there, and how many does it expect?",
    (
        "Before which modules stands a pooling, with which padding? Is each number of a row scaled by itself, "
        "before they are summed?"
    ),
    (
        "Line of thought: go along the rows and carry the channels with you: what comes out of a module is the "
        "sum of its scaled parts, and is what the next one takes. Poolings stand between the groups of rows, and "
        "the given head ends it."
    ),
)

BLOCK = (
    "Write the way through the block down, and the way round it: which parts are on each?",
    (
        "Which convolution has the stride, and which channels does each give? When does the way round need a "
        "convolution, and with which size and stride? Where is the last ReLU?"
    ),
    (
        "Line of thought: two ways lead to one sum, so both have to give the same shape. Where the branch changes "
        "size or channels, the way round has to change them too, and everywhere else it changes nothing. The last "
        "ReLU comes after the sum."
    ),
)

RESNET = (
    "Which stage does the check name? How many blocks has it, with how many channels, and which of them has a stride?",
    (
        "How many channels come into the first block of a stage, and into the others? What does `expansion` "
        "change? What stands before the first stage and behind the last?"
    ),
    (
        "Line of thought: go through the stages and carry along how many channels have come. Only the first block "
        "of a later stage halves the size; each block gives its channels times its own expansion, and that is "
        "what the next one takes, the head included."
    ),
)
