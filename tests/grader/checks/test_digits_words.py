"""What checks of digits say of mistakes whose messages once misled: the case, and a hint that fits."""

from __future__ import annotations

from functools import cache

import pytest

from exercises.checking import Verdict
from exercises.digits.checks.miscounts import TELLING, TELLING_SIZES, fields_of_slips, sizes_of_slips
from exercises.digits.checks.receptive_field import field_by_torch, size_by_torch
from grader.authoring.galleries import solution_files, wrong_answers
from grader.measuring.validity.jobs import Job, run_jobs

# answer, check, words of what was expected or came, words of the hint
WORDS = (
    (
        "pooled_by_numpy",
        "pooling.gradient",
        "gradient of MaxPool1d",
        "detach, tolist and numpy copy it",
    ),
    ("minimum", "pooling.max_2d_example", "kernel_size=2 of the rows", "the smallest values of the windows"),
    ("minus_infinity_kept", "pooling.max_2d_example", "NaN or infinite", "is replaced by the values of its window"),
    ("pair_of_maxima", "pooling.max_1d_example", "which of the two is due?", "Write the windows down"),
    ("super_forgotten", "blocks.skip_1d", "is super().__init__() missing", ""),
    ("branch_taken_off", "blocks.residual_2d", "eval mode", "Is f(x) added to x, as it is?"),
    ("no_skip_1d", "blocks.order_1d", "eval mode", "the numbers of f(x) alone"),
    ("relu_after_the_convolution", "blocks.order_2d", "eval mode", "of convolution, norm, ReLU, convolution, norm"),
    ("second_convolution_first", "blocks.order_1d", "eval mode", "conv2 in the place of conv1"),
    ("relu_before_the_residual_block", "blocks.conv_block_example", "with all weights 0", "0 for what is negative"),
    ("global_maximum", "pooling.global_shape_1d", "with one value among", "does each count alike?"),
    ("strides_added", "receptive_field.two_small_kernels", "[Layer(3), Layer(3)]: 7", "strides added up"),
    ("third_relu_2d", "blocks.order_2d", "eval mode", "of norm1, ReLU, conv1, norm2, ReLU, conv2, ReLU"),
    ("even_kernel_with_even_dilation", "blocks.even_kernel_1d", "dilation=2", "whose padding comes out odd"),
    ("stochastic_without_zero_guard", "pooling.stochastic_members", "windows of zeros", "what is 0 / 0"),
    ("stochastic_over_all_windows", "pooling.stochastic_example", "of shape", "the sum of all windows of a channel"),
    ("stochastic_plain_mean", "pooling.stochastic_mean", "in evaluation", "These are the averages"),
    ("skip_twice", "blocks.conv_block_example", "with all weights 0", "how often is the input added?"),
    ("other_momentum", "blocks.parameters_1d", "momentum 0.1", "other than torch's defaults"),
    (
        "input_smaller_than_its_stride",
        "classifier.coverage",
        "whatever stands in rows 2, 6, 10",
        "is its kernel smaller than its stride",
    ),
    ("branch_halved", "blocks.order_1d", "eval mode", "Is f(x) added to x, as it is?"),
    ("leaky_relus", "blocks.order_1d", "eval mode", "each gives 0 below 0"),
    ("replicating_padding", "blocks.order_2d", "eval mode", "in your padding?"),
    ("replicating_padding", "blocks.residual_2d", "eval mode", "in your padding?"),
    ("branch_returned_too", "blocks.skip_1d", "with all weights 0", "One tensor is due, and a tuple came"),
    ("branch_returned_too", "blocks.gradient_1d", "gradients of ResidualBlock1d", "give one tensor?"),
    ("skip_cut_off", "blocks.gradient_2d", "eval mode: one through f alone", "Do the sum and norm1"),
    ("skip_cut_off_1d", "blocks.residual_1d", "gradient of sum(y * w)", "Do the sum and norm1"),
    ("branch_cut_off_2d", "blocks.gradient_2d", "as if f(x) did not depend on x", "Do the sum and norm1"),
    ("branch_cut_off_in_training", "blocks.gradient_1d", "train mode: w itself", "Do the sum and norm1"),
    ("output_swapped", "classifier.logits", "bias of `output`", "A Linear takes them first"),
    ("output_swapped", "classifier.gradient", "gradients of CNNClassifier2d", "Does it run on such an input"),
    ("output_swapped", "classifier.no_torch_pooling", "CNNClassifier2d()", "Does it run on such an input"),
    ("output_with_weight_norm", "classifier.parameters", "numbers in `output`", "is its weight computed (weight_norm"),
    ("output_with_weight_norm", "classifier.logits", "NaN or infinite", "is its weight computed (weight_norm"),
    ("last_rows_left_out", "classifier.coverage", "whatever lies in rows", "come that far?"),
    ("second_convolution_too_wide", "blocks.skip_2d", "ResidualBlock2d(", "How many channels come into"),
    (
        "dropout_in_evaluation",
        "classifier.one_image",
        "others for the same images",
        "What is random in evaluation",
    ),
    (
        "dropout_in_evaluation",
        "classifier.gradient",
        "another output each time, for the same input",
        "what is random in evaluation mode?",
    ),
    ("blocks_in_a_list", "classifier.parameters", "as `blocks` is a list", "Does torch know your blocks"),
    ("one_block_shared", "classifier.parameters", "num_blocks=2", "Does torch know your blocks"),
    ("blocks_in_a_list", "classifier.one_image", "image 0 alone", "Does torch know your blocks"),
    ("classifier_kernel_size_ignored", "classifier.parameters", "kernel_size=", "with the kernel size"),
    ("detached_average_of_time", "pooling.gradient", "gradient of GlobalAvgPool1d", "still hang on the input?"),
    ("size_rounded_up", "receptive_field.output_size_stacks", "size 29, [Layer(", "how does each layer round"),
    ("field_off_by_one", "receptive_field.two_small_kernels", "[]: 0", "By how many samples"),
    ("field_as_tensor", "receptive_field.two_small_kernels", "[]: a tensor", ".item()"),
    ("too_many_blocks", "accuracy.recipe", "num_blocks=3) of 28 x 28 pixels", "Each halves it"),
    (
        "field_with_padding",
        "receptive_field.field_strides",
        "padding=1)]: 12",
        "padding that is added: does it let an output see more",
    ),
    (
        "projection_behind_the_residual",
        "blocks.conv_block_example",
        "numbers in ConvBlock2d",
        "does the residual block get",
    ),
    ("projection_behind_the_residual", "blocks.conv_block_order", "as with one of", "does the residual block get"),
    ("one_by_one_always", "blocks.conv_block_example", "with all weights 0", "Is `pool` looked at?"),
    ("pool_ignored", "blocks.conv_block_example", "pool='avg'", "These are the maxima"),
    ("input_without_padding", "classifier.small_images", "num_blocks=1, images of", "with its padding"),
)


@cache
def verdicts() -> dict[str, dict[str, Verdict]]:
    """Of each answer, by check; those that are asked for here alone."""
    asked: dict[str, list[str]] = {}
    for name, check, _, _ in WORDS:
        asked.setdefault(name, []).append(check)
    answers = {answer.name: answer for answer in wrong_answers("digits")}
    jobs = [Job(name, "digits", answers[name].files(), tuple(checks)) for name, checks in asked.items()]
    return {done.name: {one.check: one for one in done.verdicts} for done in run_jobs(jobs, processes=2)}


@pytest.mark.parametrize(("name", "check", "words", "hint"), WORDS)
def test_a_mistake_is_told_with_its_case_and_a_hint_that_fits(name: str, check: str, words: str, hint: str) -> None:
    verdict = verdicts()[name][check]
    assert words in f"{verdict.expected} | {verdict.got}" and hint in verdict.hint, verdict


# module, old and new text, check, words of what came, words of the hint
MISTAKES = (
    (
        "receptive_field",
        "    for layer in layers:\n        field +=",
        "    for layer in reversed(layers):\n        field +=",
        "receptive_field.field_strides",
        "Layer(3)]: 6",
        "layers that are gone through from the end",
    ),
    (
        "receptive_field",
        "distance *= layer.stride",
        "distance *= layer.stride * layer.dilation",
        "receptive_field.field_dilated",
        "[Layer(3, dilation=2), Layer(3)]: 9",
        "a dilation that moves neighbours apart",
    ),
    (
        "pooling",
        "return x.mean(dim=-1)",
        "return x.sum(dim=-1) / x.shape[1]",
        "pooling.global_shape_1d",
        "constant channels",
        "by what do you divide the sum",
    ),
    (
        "blocks",
        'self.pool = MaxPool2d(2) if pool == "max" else AvgPool2d(2)',
        'self.pool = AvgPool2d(2) if pool == "max" else MaxPool2d(2)',
        "blocks.conv_block_example",
        "pool='max'",
        "These are the averages",
    ),
    (
        "blocks",
        "nn.BatchNorm2d",
        "nn.BatchNorm1d",
        "blocks.skip_2d",
        "got 4D input",
        "for time (1d), or for images (2d)?",
    ),
    (
        "classifier",
        "ConvBlock2d(hidden, hidden, kernel_size)",
        "ConvBlock2d(in_channels, hidden, kernel_size)",
        "classifier.shape",
        "called in (classifier.py, line ",
        "How many channels come into this convolution",
    ),
    (
        "classifier",
        "return self.output(self.pool(x))",
        "return (1e4 * self.output(self.pool(x))).softmax(dim=1)",
        "classifier.gradient",
        "none for input.weight",
        "as behind a softmax",
    ),
    (
        "receptive_field",
        "span) // layer.stride + 1",
        "span) // layer.stride",
        "receptive_field.output_size",
        "size 28",
        "no + 1 at all",
    ),
    (
        "receptive_field",
        "(size + 2 * layer.padding - span) // layer.stride + 1",
        "round((size + 2 * layer.padding - span) / layer.stride) + 1",
        "receptive_field.output_size",
        "size 28",
        "rounding to the nearest number",
    ),
    (
        "blocks",
        "raise ValueError(f'pool has",
        "print(f'pool has",
        "blocks.pool_argument",
        "no exception",
        'neither "max" nor "avg"',
    ),
    (
        "blocks",
        "branch = self.conv2(F.relu(self.norm2(branch)))",
        "branch = branch + self.conv2(F.relu(self.norm2(branch)))",
        "blocks.order_1d",
        "eval mode",
        "those of conv1 once more",
    ),
)


@cache
def edited() -> dict[str, Verdict]:
    jobs = []
    for place, (module, old, new, check, *_) in enumerate(MISTAKES):
        files = solution_files("digits")
        assert old in files[module], old
        jobs.append(Job(str(place), "digits", files | {module: files[module].replace(old, new)}, (check,)))
    return {
        done.name: verdict
        for done in run_jobs(jobs, processes=2)
        for verdict in done.verdicts
        if verdict.check == MISTAKES[int(done.name)][3]
    }


@pytest.mark.parametrize("place", range(len(MISTAKES)))
def test_the_difference_itself_tells_what_to_ask(place: int) -> None:
    verdict, (*_, words, hint) = edited()[str(place)], MISTAKES[place]
    assert words in verdict.got and hint in verdict.hint, verdict


def test_a_pooling_in_four_loops_is_right() -> None:
    """It once was asked whether a loop never ends."""
    text = """
        batch, channels, height, width = x.shape
        size, step = self.kernel_size, self.stride
        rows, columns = (height - size) // step + 1, (width - size) // step + 1
        out = torch.zeros(batch, channels, rows, columns)
        for n in range(batch):
            for c in range(channels):
                for i in range(rows):
                    for j in range(columns):
                        out[n, c, i, j] = x[n, c, i * step : i * step + size, j * step : j * step + size].max()
        return out
"""
    files = solution_files("digits")
    old = "        windows = x.unfold(2, self.kernel_size, self.stride).unfold(3, self.kernel_size, self.stride)\n"
    files["pooling"] = files["pooling"].replace(old, text + old, 1)
    (done,) = run_jobs([Job("loops", "digits", files, ("pooling.*", "classifier.coverage"))])
    assert [verdict for verdict in done.verdicts if verdict.points < verdict.max_points] == []


def test_each_slip_in_counting_gives_a_number_of_its_own_by_which_it_is_told() -> None:
    fields = list(fields_of_slips(TELLING).values())
    sizes = list(zip(*[list(sizes_of_slips(*one).values()) for one in TELLING_SIZES], strict=True))
    assert len(set(fields)) == len(fields) > 8 and len(set(sizes)) == len(sizes) > 7
    assert fields_of_slips(TELLING)[""] == field_by_torch(TELLING)
    assert [sizes_of_slips(*one)[""] for one in TELLING_SIZES] == [size_by_torch(*one) for one in TELLING_SIZES]
