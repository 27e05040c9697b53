"""Further hints of the checks, opened one after the other: questions first, the line of thought last, never code."""

from __future__ import annotations

from exercises.checking.hints import INPUT_KEPT as INPUT_KEPT
from exercises.checking.hints import RECIPE as RECIPE

LOG_MEL = (
    (
        "What do torchaudio's defaults say about rate, window, step and power, and which of them does this task "
        "set otherwise?"
    ),
    (
        "Is the energy that of torchaudio (power, no decibels, no normalisation), where does the small number "
        "come in, and which logarithm is it? In seconds or in samples: what does each argument count?"
    ),
    (
        "Line of thought: the transform is built anew for the rate, the window, the step and the bands that were "
        "given, and gives energies. First the small number keeps them from 0, then comes the natural logarithm, "
        "and nothing else."
    ),
)

STAMP = (
    "The docstring has four steps: which of them stands where in your code, and in which order?",
    (
        "Which axis is mel and which is time at each line? Does each minimum and each maximum belong to a frame "
        "or to the whole stamp? What is divided if all is 0?"
    ),
    (
        "Line of thought: loudness adds the same number to each logarithm, so the minimum of each frame takes it "
        "away. Then time is stretched in a line, and only then does one number, the largest of all, divide the "
        "whole; where that is 0 nothing has to be divided. The two axes change places last."
    ),
)

WINDOWS = (
    "How many samples are 25 ms and 10 ms at this rate? And at another one?",
    "Are both numbers handed on to log_mel, and computed from the rate that came, not from one that you expected?",
    (
        "Line of thought: times stay and numbers of samples change with the rate. Whoever counts in seconds and "
        "converts once, at the beginning, is right at each rate."
    ),
)

CONTEXT = (
    "Draw four frames and windows of three: which frames stand in the first and in the last one?",
    (
        "How many frames have to be added at each end, and which ones? Which axis of the result counts the "
        "windows, and which the places in a window?"
    ),
    (
        "Line of thought: repeat the outermost frames by half a window at each end, so that every frame has "
        "neighbours enough; then cut a window at each place, and bring the axes into the order that is asked for. "
        "An even window has no middle, and is refused."
    ),
)

OWN_FRAMES = (
    (
        "Which frames of each clip are its own, and which are padding? Write a row of yes and no for each clip of "
        "a batch of two."
    ),
    (
        "By what is each sum divided: by the length of the batch, of the longest clip, or of this clip? What "
        "comes of something huge, or NaN, in the padding if it is multiplied by 0?"
    ),
    (
        "Line of thought: compare the number of each frame with the length of each clip; that is a mask of batch "
        "and time. What lies outside is replaced before it is summed, and each sum is divided by the clip's own "
        "length."
    ),
)

DECISION = (
    "What is added up over what: probabilities or their logarithms, frames or classes?",
    "Over which axis is the largest taken, and before or after the sum? Do frames of the padding have a vote?",
    (
        "Line of thought: chances of independent frames multiply, so their logarithms add. Each class gets one "
        "sum over the clip's own frames, and the class with the largest one decides; frames outside add nothing."
    ),
)

BEST_PATH = (
    (
        "Three classes, five frames: what is the best path if nothing is asked for, and what does a change of the "
        "class cost?"
    ),
    (
        "What has to be known of the past to decide what happens at frame t: the whole path, or a few numbers for "
        "each class? Where does the last segment begin?"
    ),
    (
        "Line of thought: for each class and each frame, keep the best score of all paths that end there, and "
        "where their last segment began. A segment either grows by one frame, or a new one of the least length is "
        "put behind the best path that ends before it. At the end, go back from the best."
    ),
)

POOL_GRADIENT = (
    "By how much does the average move if one of the clip's own frames moves a little? And if one of the padding does?",
    "Is the padding multiplied by 0, replaced, or cut off? Is anything cut out of the graph (item, tolist, detach)?",
    (
        "Line of thought: a frame that is replaced has no say, so no gradient reaches it; each of the others has "
        "the same share of the average, one by the clip's length."
    ),
)

BLOCK = (
    "Which parts has the residual block of digits, and in which order?",
    "Where in that chain do the convolutions stand, and what lies just before each of them? Is what is added x itself?",
    (
        "Line of thought: it is the very same chain, norm, ReLU, convolution, twice, and the sum. The mask only "
        "comes between: just before each convolution, the frames outside of a clip become zeros."
    ),
)

BLOCK_ALONE = (
    "Alone, a clip ends where its frames end. What does a convolution find behind that end then, and what in a batch?",
    (
        "After which operations are frames of the padding no longer 0: a norm, a bias, a ReLU? How often has the "
        "mask to be put on?"
    ),
    (
        "Line of thought: a convolution reaches over the clip's end into the padding. So what it reaches has to "
        "be the zeros that it would find alone, just before each of the two convolutions, since norms and biases "
        "make other numbers of zeros."
    ),
)

CLASSIFIER = (
    "Print the shape and the lengths after each part: do the two always tell the same story?",
    (
        "Which axis is it that convolutions go along, mel or time? How many frames has a clip of 13 after one "
        "pooling, and after two?"
    ),
    (
        "Line of thought: bands are channels, and everything goes along time. Each block keeps the frames and "
        "each pooling halves them, and the lengths with them, rounded down; at the end the average goes over what "
        "is left of each clip. Without lengths, every clip is as long as the batch."
    ),
)

LOGITS = (
    "What does cross_entropy do with the numbers that it gets?",
    "What is the last thing that forward does before it returns?",
    (
        "Line of thought: the loss turns logits into probabilities itself, so the network ends with plain "
        "weighted sums, which may be any numbers."
    ),
)

CLIP_ALONE = (
    (
        "At which part does a clip first feel what stands behind its end? Try one part after the other, with and "
        "without padding."
    ),
    (
        "Is the padding silent before the input layer, too? Are the lengths halved with the frames, and handed on "
        "to each block and to the average?"
    ),
    (
        "Line of thought: every part that looks at neighbours or at all frames has to know where the clip ends: "
        "the input layer's convolution, each block, the average. Where a length is odd, the last frame goes, as "
        "it would alone."
    ),
)

REACHED = (
    "For which parameters does the check find none? Which line should use them?",
    "Are all blocks known to torch, and all called? Is something cut off on the way (detach, .data, no_grad, item)?",
    (
        "Line of thought: gradients run the way of the numbers backwards. A parameter gets one if its numbers go "
        "into the logits by torch's operations, on each way that leads there."
    ),
)

SHIFT = (
    "A clip of five samples moves two later: what stands at each of the five places? And two earlier?",
    (
        "How many random numbers does a batch need, are both ends of the range possible, and does a sample that "
        "leaves come back at the other end?"
    ),
    (
        "Line of thought: for each place of the result, ask from where its sample comes: the place less the shift "
        "of this clip. Where that lies outside of the clip, silence moves in. A shift is drawn for each clip, "
        "evenly, both ends included."
    ),
)

MASKS = (
    "How many numbers are drawn for each clip, and which values may each of them have?",
    (
        "A width of 3 on 10 bands: where can it begin? Does the place depend on the width that was drawn, and is "
        "the mean taken before or after something was hidden?"
    ),
    (
        "Line of thought: first a width, all from 0 to the widest alike; then a place, all at which it fits "
        "alike; the same for the other axis, each clip by itself. What lies in the band or in the stretch becomes "
        "one number, the mean of the clip as it came."
    ),
)

DRAWN = (
    (
        "Which generator do your random numbers come from, and is it the same for each of them? Does a number "
        "change something that came in?"
    ),
    "Is torch's own generator, NumPy's or Python's used anywhere, also by a function that you call?",
    (
        "Line of thought: the same generator in the same state has to give the same result, so every number comes "
        "from the one that was handed over; and the clips may still be needed, so the result is something new."
    ),
)
