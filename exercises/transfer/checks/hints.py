"""Further hints of the checks, opened one after the other: questions first, the line of thought last, never code."""

from __future__ import annotations

from exercises.checking.hints import INPUT_KEPT as INPUT_KEPT

LOGITS = (
    "How many rows go in, and how many come out? What becomes of the last batch if it is not full?",
    (
        "Which parts of a network behave differently in training and in evaluation, and in which mode do you "
        "find this one?"
    ),
    (
        "Line of thought: the whole set goes through in pieces of `batch_size`, the last of which may be "
        "short; what comes out is put together in the same order. While this happens, the network is in "
        "evaluation mode and nothing is noted for gradients."
    ),
)

FEATURES = (
    "Where do the numbers stand that you want: what comes out of `output`, or what goes in?",
    (
        "How does torch let you listen to a part of a network without rewriting its forward? And what if "
        "`output` has several parts?"
    ),
    (
        "Line of thought: let the network run as it is, listen at the door of `output`, and keep what passes "
        "there, batch by batch. Whoever listens leaves again, whatever happens on the way."
    ),
)

AT_REST = (
    (
        "Print what the model is before and after: is each part in the mode that it had? Are gradients "
        "switched on as before?"
    ),
    (
        "Which of your lines change something that outlives the call: modes, hooks, requires_grad, a part "
        "that is replaced?"
    ),
    (
        "Line of thought: whatever is changed for a moment is noted first, part by part, and put back at the "
        "end: parts of one network may be in different modes, so that one word for all of them does not bring "
        "them back."
    ),
)

FIT = (
    (
        "Work it out for one feature and three examples on paper: where does the bias go, and does the "
        "penalty pull at it?"
    ),
    (
        "What is the slope of the sum with respect to each weight at the minimum? Which term does the penalty "
        "add to it, once or once for each example?"
    ),
    (
        "Line of thought: for fixed weights the best bias makes the mean error 0, so that only deviations "
        "from the means are left. Setting the slope with respect to the weights to 0 gives a linear system: "
        "products of features among themselves, the penalty on its diagonal, and products of features with "
        "targets on the other side. Solve it in double precision."
    ),
)

PROBE = (
    (
        "Which parameters does an optimiser of the probe move, and which does it find at all? Which of them "
        "are the given model's?"
    ),
    "What moves in a network without any gradient, only because it runs in training mode?",
    (
        "Line of thought: a probe is two things, a copy that nobody ever changes and a new output that "
        "learns. The copy is made before anything is changed, has no parameter that wants a gradient, and "
        "stays in evaluation mode even when the probe as a whole is told to train."
    ),
)

CHOICE = (
    ("Which of the two knows more about words that are no digits: ten scores, or the numbers that these were made of?"),
    (
        "How large are the numbers, and how many are they beside so few examples? What does a weight cost "
        "that fits one example?"
    ),
    (
        "Line of thought: with few examples a weak penalty lets the weights follow single words. Try powers "
        "of ten on the public words, with 5 and with 20 examples, and take what holds for both."
    ),
)

PATCHES = (
    "Which one place of each image takes part, and among which numbers are the k best looked for?",
    "How does a place in a row of all pixels become a row and a column? By which of the two sizes do you divide?",
    (
        "Line of thought: look within each image first, for the place and the size of its largest activation; then "
        "put the images in order by that size. Only then a place is turned into row and column, by the width of the "
        "maps."
    ),
)

BOX = (
    "Which samples of its own input does one output of the last layer read, from the first to the last one?",
    (
        "Each end of that range is an output of the layer before: what does that one read? On which side does "
        "padding shift it?"
    ),
    (
        "Line of thought: go back from the last layer to the image with two ends along each axis. A step back "
        "multiplies by the stride, takes the padding away, and moves the far end on by the span of the "
        "kernel. Nothing is cut off at the border; and a slice ends one after the last pixel."
    ),
)

OCCLUSION = (
    (
        "At how many places can the square lie, with this step, along each axis? Is the square that covers "
        "fresh each time?"
    ),
    "Which number do you take: a logit, or the probability of this label? Which of the two is taken from the other?",
    (
        "Line of thought: one probability without a cover, and one for each place of the square, all of the "
        "same label after a softmax over the classes. What is lost by covering is the first less the other: "
        "positive where the network needed what it saw."
    ),
)

LOOKED_AT = (
    "Print the map: does it say `grad_fn`? And print modes, weights and image before and after: what has changed?",
    (
        "Where does the model run: only where torch notes nothing, or also elsewhere, as for the probability without a "
        "cover?"
    ),
    (
        "Line of thought: the model is asked and nothing else. It is in evaluation mode already, so that no mode is "
        "set; all its calls stand where no gradient is wanted; and what is covered is a copy of the image."
    ),
)

POOL = (
    "Write the windows of a 5 x 5 image down for a kernel of 2: which pixels are in none of them?",
    "A maximum has a value and a place within its window: how do both become a place in the image?",
    (
        "Line of thought: turn each axis into two, windows and places inside; one reduction over all places "
        "of a window gives value and place at once. The place in the image follows from where the window "
        "begins and where in it the largest one stands."
    ),
)

UNPOOL = (
    "How large is the result, and what stands where no maximum came from?",
    (
        "Each value has exactly one place: by what do the switches tell it? Do they fit when the image has "
        "more pixels than windows?"
    ),
    (
        "Line of thought: begin with an image of zeros in the size that was pooled, and write each value to "
        "the place that its switch names. The values are those that are given, not the maxima: the switches "
        "know places alone."
    ),
)

BY_HAND = (
    "Which of torch's functions or layers takes the work off you here?",
    "Which of its views lay the windows of an image side by side, so that one maximum over an axis is left?",
    (
        "Line of thought: windows that do not overlap need no pooling, only another shape: each axis becomes "
        "two, and the maximum is taken over two of them."
    ),
)

BACK = (
    "One output is a weighted sum of pixels. If it alone is 1, which pixels get something back, and how much each?",
    (
        "What does a stride do to the places on the way back, and what happens with the rim that the padding "
        "added? Where do pixels at the end stay empty?"
    ),
    (
        "Line of thought: a convolution is a matrix from pixels to outputs, and what is asked for is its "
        "transpose: each rectified output spreads its kernel over the pixels that it has read. Take the bias "
        "as what it is, no part of the matrix, and check the identity with random numbers."
    ),
)

RECONSTRUCT = (
    ("What does each layer need to know of the way forward: sizes, switches? Do you keep it for each layer by itself?"),
    (
        "How many numbers are not zero when you begin to go back? And which of your functions belongs to "
        "which kind of layer?"
    ),
    (
        "Line of thought: forward through the layers, noting of each what its way back needs; then all but "
        "one activation become zero; then back through the same layers in the opposite order, each with its "
        "own undoing."
    ),
)
