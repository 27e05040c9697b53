"""Further hints of the checks, opened one after the other: questions first, the line of thought last, never code."""

from __future__ import annotations

from exercises.checking.hints import INPUT_KEPT as INPUT_KEPT

CONVOLVE = (
    "Three samples, two taps: write each value of the result as a sum by hand. Which sample does the second tap weigh?",
    (
        "How much longer is the result than the signal, and where are signal and filter 0? Is each signal of a "
        "batch filtered by itself, in its own type?"
    ),
    (
        "Line of thought: each tap lays a copy of the signal into the result, as much later as the tap's number "
        "and as loud as the tap. The result is the sum of these copies, and long enough for the last of them."
    ),
)

CORRELATE = (
    "Where does the filter lie for the first entry, and for the last? Which sample lies below which tap?",
    "What would `convolve` give, and what is other about it? Is the result turned round, or the filter?",
    (
        "Line of thought: convolution reads the taps from their end and cross-correlation as they are written; "
        "nothing else differs. So one of the two is the other one with its taps the other way round."
    ),
)

SPECTRA = (
    "How long is the full result? What becomes of its end if the transform has fewer points than that?",
    (
        "Have both transforms and the inverse the same number of points, also where it is odd? How many "
        "transforms run for a batch?"
    ),
    (
        "Line of thought: a product of spectra is a convolution on a circle. A circle as long as the whole result "
        "has room for its end, so nothing wraps round: pad both to that length, multiply, and go back."
    ),
)

CORRELATE_BY_SPECTRA = (
    "What does conjugating a spectrum do to the signal that it belongs to?",
    "Where on the circle do the negative lags come out, and where are they due?",
    (
        "Line of thought: a conjugated spectrum is that of the taps turned round in time, about sample 0. So "
        "negative lags come out at the end of the circle, and have to be moved to the front."
    ),
)

FIND = (
    "Which entries of the cross-correlation belong to places where the template lies fully inside?",
    "To which lag does the first of them belong, and does your answer count from there?",
    (
        "Line of thought: entry m belongs to lag m - P, so the lags from 0 to the last one that fits are a slice "
        "of the entries. The place of the largest in this slice, counted from its own beginning, is the answer."
    ),
)

ENERGY = (
    "What comes first, the square or the smoothing? Is the result as long as the signal?",
    "By how many samples is the smoothed energy late, and at which end is that taken away?",
    (
        "Line of thought: a symmetric filter answers half of its taps late. The full convolution is longer by all "
        "but one of them: half of that goes at the beginning and half at the end, and the signal's own times "
        "stay."
    ),
)

BY_HAND = (
    "Which line does the check name, and what is it that it does there?",
    "Which of your own functions does the same? What are the slices, sums and products that it is made of?",
    (
        "Line of thought: filtering is shifting, weighing and adding. Each of these is a plain operation on "
        "tensors, and together they are what the function with the name does."
    ),
)

IMPULSE = (
    "What is the impulse response of a filter that lets everything through? Where does its 1 stand?",
    "How many points has the inverse transform, and where does it put time 0 and the negative times?",
    (
        "Line of thought: the inverse transform begins with time 0, and negative times come at the end of the "
        "circle. Moving all by half a circle brings time 0 into the middle."
    ),
)

TRUNCATE = (
    "At which index is time 0, and how many taps lie before it and behind it?",
    (
        "What is refused: an even number, one below 1, and which one is too large? What is multiplied with the "
        "window, and is the result a new tensor?"
    ),
    (
        "Line of thought: with an odd number of taps, as many lie on each side of time 0. So the first one lies "
        "half of them before the middle; whatever has no such middle is refused before something is cut."
    ),
)

RESPONSE = (
    "What does a filter of the single tap 1 do with each frequency? And one that only delays by one sample?",
    "Which frequencies are due, from where to where, are both ends among them? What is the sign of the angle?",
    (
        "Line of thought: tap i turns a frequency by an angle that grows with both, i and f. The response is the "
        "sum of all taps, each turned by its angle: a table of angles, frequencies by taps, and a product with "
        "the taps."
    ),
)

BANDS = (
    "Which filter lets everything through as it is, and where does its only tap stand if it is as late as yours?",
    "Which of two low-pass filters lets more through? What is left if the other one's share is taken away?",
    (
        "Line of thought: filters of the same delay add and subtract like what they let through. High is "
        "everything less low, and a band is what the wider low-pass filter has more than the narrower one."
    ),
)

KERNEL = (
    "Where is the middle of a kernel of 5, and what do i and j count?",
    (
        "Is the square in the exponent divided by the right thing, does the sum come to 1 for each size, and what "
        "is refused?"
    ),
    (
        "Line of thought: count the places from the middle, to both sides; the bell along both axes is the "
        "product of two along one each. At the end the sum of all divides all. Without a middle or a width there "
        "is no bell."
    ),
)

BLUR = (
    "What does a single bright pixel become? And one at the border?",
    (
        "How many zeros stand at each side? Are channels kept apart? For gradients: which kernel grows to the "
        "right, and which downwards, and is it turned round or not?"
    ),
    (
        "Line of thought: pad by half a kernel at each side, so that the size stays. Each tap then lays a "
        "shifted, weighted copy of the padded image into the sum; channels and batch come along untouched."
    ),
)

LAYER = (
    "A single 1 goes in: in which order do the taps of the kernel come out?",
    (
        "Take two input channels and three output channels: over what is summed for one output, and what is left? "
        "At which samples does output t look, with stride and dilation?"
    ),
    (
        "Line of thought: lay out what lies below the kernel at each place: batch, input channel, place, tap. One "
        "sum over channels and taps with the weights makes the output channels of it, and the bias comes last. "
        "Nothing is turned round."
    ),
)

SAME = (
    "By how much does the kernel shorten its input, with dilation? How many zeros give that back?",
    "Where does the odd zero go? What may `padding` be besides, and what means nothing?",
    (
        'Line of thought: "same" needs as many zeros as lie between the first and the last tap; half of them in '
        "front, the rest behind. That works for a stride of 1 alone; other words, and less than nothing, are "
        "refused when the layer is built."
    ),
)

START = (
    "Which bound does the docstring name, and which numbers go into it?",
    "Is the range that of both signs, even, and for the bias as well? Are both of them parameters?",
    (
        "Line of thought: one output is a sum over input channels and taps. The more there are, the smaller each "
        "starts: one divided by the root of their number is the bound, for weight and bias alike."
    ),
)

LAYER_GRADIENT = (
    "Which of input, weight and bias gets no gradient, or a wrong one?",
    "Is something taken out of the graph on the way (detach, .data, item, numpy), or filled into a new tensor?",
    (
        "Line of thought: if the output is made of input, weight and bias by torch's operations alone, the "
        "gradients come by themselves. Look for the line that leaves torch, or that writes over something."
    ),
)

OPERATIONS = (
    "How many operations run for 100 samples, and how many for 1,000?",
    "Which loop goes over places, examples or output channels, and which over taps?",
    (
        "Line of thought: a loop over the taps takes as many turns for each length, and one over places does not. "
        "Let each operation work on all places at once."
    ),
)

DENSE = (
    "What does a dense layer see at one time, and what does a kernel of one tap see?",
    (
        "Which axis of the dense layer's weight is which of the kernel's? Is the order that of `flatten`, is the "
        "bias there, and does the dense layer stay as it is?"
    ),
    (
        "Line of thought: both are sums over everything that they see, with a weight each. So the numbers are the "
        "same ones, and only get axes for the places of the kernel."
    ),
)

KERNELS = (
    (
        "How many frequencies are there for 8 points, the first and the last included? What are the kernels of "
        "frequency 0?"
    ),
    "Which window is it (periodic or not), does it weigh both rows, and what is the sine's sign?",
    (
        "Line of thought: the transform of one frame multiplies it with a window and with a turning pointer, and "
        "adds up. Its real part is a cosine and its imaginary part a minus sine: for each frequency a row of "
        "both, over all points, times the window."
    ),
)

SPECTROGRAM = (
    "How many frames lie fully inside, and where does each begin?",
    "What is done with the two answers of a frequency: added, squared, and in which order? Is anything padded?",
    (
        "Line of thought: sliding along the sound with the hop as its stride, each kernel gives one number a "
        "frame: that is a convolution layer with many output channels. Cosine and sine answer as two sides of a "
        "right triangle, so their squares add up to the power."
    ),
)

FRONT = (
    "How many edges are there for how many filters? In which unit does `bandpass` want them?",
    "Which window is it, are bias and padding left out, and what is the shape of the weight?",
    (
        "Line of thought: neighbouring edges, divided by the sample rate, are the two cut-offs of one filter. "
        "Each is designed as in task 2 and becomes the first value of the kernel of one output channel of a layer "
        "that slides as it is asked to."
    ),
)

FRONT_LEARNS = (
    "Is the weight of your filters still a parameter after you have filled it?",
    "What do the filters begin with, and does the loss move them? Which filters has the network after a training?",
    (
        "Line of thought: filling a parameter's values is something else than putting a plain tensor in its "
        "place. If it stays a parameter, and forward uses it, the loss reaches it; from band-pass filters there "
        "is less to learn than from noise."
    ),
)
