"""Public checks of task 1."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor

from exercises.checking import Cause, Expect, MismatchError, Reference, Student, StudentError, awkward, check, draw

from . import hints
from .asked import (
    HOW_MANY,
    NOISE_HEARD,
    READ_ANEW,
    about_click,
    about_floor,
    about_loudness,
    about_stamp_shape,
    about_windows,
    in_frames,
    read_anew,
)
from .inputs import LONG, require_inputs_kept
from .judging import judge_stamp
from .sounds import FAR_RATES, RATES, STAMP_RATES, loud_frames, mel, named, settings, sixty_four_frames, tone

TWO_SECONDS = 16_500  # samples at 8000 Hz, and a little more: beyond 1 s at 16,000 Hz, where one might cut
FLOOR = 1e-6  # what log_mel adds to the energy


@check(
    "features.log_mel_shape",
    points=0.25,
    hints=hints.LOG_MEL,
    idea="A spectrogram has a row for each band and a column for each window",
)
def spectrogram_has_bands_and_frames(student: Student, solution: Reference | None, expect: Expect) -> None:
    """The last clips and bands are more than anybody would cut off at."""
    many = draw("bands").randint(LONG + 1, LONG + 20)
    for batch, bands, times in (
        (2, None, (600, 1300)),
        (3, None, (600, 1300)),
        (1, None, (600, 1300)),
        (1, 1, (600, 1300)),
        (5, many, (TWO_SECONDS, TWO_SECONDS + 2000)),
    ):
        sample_rate, n_fft, hop_length, n_mels = settings((batch, bands if bands != many else "many"))
        if bands == many:  # windows so long that each band has frequencies of its own
            sample_rate, n_fft = 8000, 4 * n_fft
        n_mels, time = bands or n_mels, draw(f"time {batch}").randint(*times)
        with expect.case(
            f"{batch} clips of {time} samples, {named(sample_rate, n_fft, hop_length, n_mels)}", hint=HOW_MANY
        ):
            x, sizes = awkward(batch, time, dtype=torch.float32), (sample_rate, n_fft, hop_length, n_mels)
            found = student.features.log_mel(x, *sizes)
            expect.shape(
                found, (batch, n_mels, 1 + time // hop_length), hint=partial(about_windows, found, time, sizes)
            )


@check(
    "features.log_mel_silence", points=0.25, hints=hints.LOG_MEL, idea="Silence has the logarithm of 1e-6 everywhere"
)
def silence_is_the_floor(student: Student, solution: Reference | None, expect: Expect) -> None:
    sample_rate, n_fft, hop_length, n_mels = settings("")
    with expect.case("two clips of zeros", hint="Which logarithm is asked for, and where is the small number added?"):
        found = student.features.log_mel(torch.zeros(2, 900), sample_rate, n_fft, hop_length, n_mels)
        shape = (2, n_mels, 1 + 900 // hop_length)
        expect.close(
            found,
            torch.full(shape, math.log(FLOOR)),
            atol=1e-4,  # float32, around -13.8
            what=f"{math.log(FLOOR):.4f} everywhere",
            hint=partial(about_floor, found, shape),
        )


@check(
    "features.log_mel_power",
    points=0.25,
    hints=hints.LOG_MEL,
    idea="A clip three times as loud has nine times the energy, beside 1e-6",
)
def energy_is_the_square_of_loudness(student: Student, solution: Reference | None, expect: Expect) -> None:
    """In noise that grows from hardly any energy, beside which 1e-6 is large, to one beside which it is nothing."""
    sample_rate, n_fft, hop_length, n_mels = settings("")
    x = 0.3 * torch.logspace(-4, 0, 3000) * awkward(2, 3000, dtype=torch.float32)
    hint = (
        "What the logarithm is taken of: how does it grow with the loudness (power, or amplitude)? "
        "Is 1e-6 added to it, also where it is small?"
    )
    with expect.case(f"noise, {named(sample_rate, n_fft, hop_length, n_mels)}", hint=hint):
        soft, loud = (
            expect.tensor(student.features.log_mel(factor * x, sample_rate, n_fft, hop_length, n_mels)).detach()
            for factor in (1, 3)
        )
        shape = (2, n_mels, 1 + 3000 // hop_length)
        expect.shape(soft, shape, hint=HOW_MANY)
        energy = (soft.double().exp() - FLOOR).clamp(min=0)
        expect.close(
            loud,
            torch.log(9 * energy + FLOOR),
            atol=2e-2,  # float32: rounding of the Fourier transform shows where little energy is left
            what="of the clip three times as loud the logarithm of 9 energies and 1e-6",
            hint=partial(about_loudness, soft, loud, FLOOR, hint),
        )


@check("features.log_mel_tone", points=0.25, hints=hints.LOG_MEL, idea="A tone lights the band that it lies in")
def tone_lights_its_band(student: Student, solution: Reference | None, expect: Expect) -> None:
    random = draw("tones")
    for sample_rate in (16000, random.choice(FAR_RATES), random.choice(RATES)):
        n_mels, hop_length = random.randint(54, 64), random.randint(200, 300)
        frequency = sample_rate * random.uniform(0.06, 0.12)
        hint = "Does the transform know the sample rate? Are the axes (batch, mel, time)?"
        with expect.case(f"a tone of {frequency:.0f} Hz at {sample_rate} Hz", hint=hint):
            found = student.features.log_mel(tone(frequency, 8000, sample_rate), sample_rate, 1000, hop_length, n_mels)
            expect.shape(found, (2, n_mels, 1 + 8000 // hop_length))
            band = int(found[0].detach().float().mean(dim=1).argmax())
            due = mel(frequency) / mel(sample_rate / 2) * (n_mels + 1) - 1  # the bands' centres lie equally far apart
            expect.that(
                abs(band - due) <= 1.5,
                expected=f"most energy around band {due:.1f} of {n_mels}",
                got=f"in band {band}",
            )
    _ends_are_mirrored(student, expect)


def _ends_are_mirrored(student: Any, expect: Expect) -> None:
    """A cosine goes on as its own mirror image, so that the first window hears as much of it as one in the middle."""
    sample_rate, hop_length, n_mels = 8000, draw("hop").randint(200, 300), draw("mirror").randint(24, 32)
    x = torch.cos(2 * math.pi * 0.09 * torch.arange(8000, dtype=torch.float64)).float().repeat(2, 1)
    hint = "What do centred windows hear beyond the ends of a clip: its mirror image (torchaudio's default), or zeros?"
    with expect.case(f"a cosine of 720 Hz at {sample_rate} Hz", hint=hint):
        found = student.features.log_mel(x, sample_rate, 1000, hop_length, n_mels)
        expect.shape(found, (2, n_mels, 1 + 8000 // hop_length))
        first, middle = (float(found[0, :, frame].detach().float().amax()) for frame in (0, found.shape[2] // 2))
        expect.that(
            abs(first - middle) < 0.5,
            expected=f"as much in the first frame as in the middle one, {middle:.2f} in its largest band",
            got=f"{first:.2f}",
        )


@check("features.input_kept", points=0.25, hints=hints.INPUT_KEPT, idea="The spectrogram leaves the waveform as it is")
def waveform_is_left_alone(student: Student, solution: Reference | None, expect: Expect) -> None:
    x = awkward(2, 1200, dtype=torch.float32) * 0.1
    require_inputs_kept(student, expect, ("waveform",), student.features.log_mel, x, *settings(""))


@check(
    "features.stamp_shape",
    points=0.25,
    hints=hints.STAMP,
    idea="Every word becomes an image of 64 frames and 32 bands, from 0 to 1",
)
def stamp_has_one_size(student: Student, solution: Reference | None, expect: Expect) -> None:
    random = draw("clips")

    def judge(stamp: Any) -> None:
        for loudness, (time, sample_rate) in zip((0.1, 0.1, 0.1, 0.1, 2e-5), clips, strict=True):
            quiet = "" if loudness == 0.1 else ", hardly to be heard"
            with expect.case(
                f"noise of {time} samples at {sample_rate} Hz{quiet}", hint="What is taken from each frame, and when?"
            ):
                found = stamp(awkward(time, dtype=torch.float32) * loudness, sample_rate)
                expect.shape(found, (64, 32), hint=about_stamp_shape(found))
                low, high = float(found.detach().min()), float(found.detach().max())
                expect.that(
                    low >= 0 and abs(high - 1) < 1e-5,
                    expected="values from 0 to 1, the largest of them 1",
                    got=f"from {low:.7g} to {high:.7g}",
                    hint="What is taken from each frame, and when is the maximum taken?"
                    if not quiet
                    else "By which number is a stamp divided whose largest value is below 1?",
                )

    clips = [(random.randint(1500, 9000), rate) for rate in (8000, 8000, *random.sample(STAMP_RATES, 2), 8000)]
    judge_stamp(student, judge)


@check(
    "features.stamp_silence",
    points=0.25,
    hints=hints.STAMP,
    idea="The stamp of silence, and of what is as good as silent, is zeros",
)
def silence_gives_zeros(student: Student, solution: Reference | None, expect: Expect) -> None:
    time = draw("time").randint(2000, 6000)
    faint = 1e-14 * awkward(time, dtype=torch.float32)  # float64 does not hear it either

    def judge(stamp: Any) -> None:
        for case, x, usual in (
            (f"{time} zeros", torch.zeros(time), "What is the minimum of silence?"),
            (f"noise of 1e-14, beside which 1e-6 is all that log_mel hears, {time} samples", faint, NOISE_HEARD),
        ):
            with expect.case(case):
                found = stamp(x, 8000)
                expect.shape(found, (64, 32), hint=about_stamp_shape(found))
                nothing = bool(expect.tensor(found).isnan().any())
                hint = "What is 0 divided by 0?" if nothing else usual
                expect.close(found, torch.zeros(64, 32), atol=1e-5, what="zeros", hint=hint)

    judge_stamp(student, judge)


@check("features.stamp_kept", points=0.25, hints=hints.INPUT_KEPT, idea="The stamp leaves the waveform as it is")
def stamp_leaves_the_waveform(student: Student, solution: Reference | None, expect: Expect) -> None:
    x = awkward(1200, dtype=torch.float32) * 0.1
    judge_stamp(student, lambda stamp: require_inputs_kept(student, expect, ("waveform",), stamp, x, 8000))


@check("features.stamp_loudness", points=0.25, hints=hints.STAMP, idea="A louder word has the same stamp")
def stamp_does_not_depend_on_loudness(student: Student, solution: Reference | None, expect: Expect) -> None:
    """For a clip without silence: what is added to the logarithm then goes with each frame's minimum."""
    x = 0.5 * awkward(6000, dtype=torch.float32)
    hint = "What does a factor become in a logarithm, and where does it go when each frame loses its minimum?"

    def judge(stamp: Any) -> None:
        with expect.case("noise", hint=hint):
            soft, loud = (expect.tensor(stamp(factor * x, 8000)).detach() for factor in (1, 4))
            expect.close(
                loud,
                soft,
                atol=2e-2,  # 1e-6 is little, but not nothing, beside the energy of the weakest band
                what="the same stamp for a clip four times as loud",
            )

    judge_stamp(student, judge)


@check(
    "features.stamp_frames",
    points=0.25,
    hints=hints.STAMP,
    idea="Each frame loses its own minimum, and one number divides them all",
)
def frames_lose_their_own_minimum(student: Student, solution: Reference | None, expect: Expect) -> None:
    """In a clip of 64 frames each, which grows from hardly any energy."""
    time = sixty_four_frames(8000)
    x = torch.logspace(-4, 0, time) * awkward(time, dtype=torch.float32)
    hint = "Over which axis is the minimum, and is it taken before anything is stretched?"

    def judge(stamp: Any) -> None:
        with expect.case(f"noise of {time} samples at 8000 Hz, 64 frames", hint=hint):
            found = expect.tensor(stamp(x, 8000)).detach()
            expect.shape(found, (64, 32), hint=about_stamp_shape(found))
            low, high = found.amin(dim=1), found.amax(dim=1)
            anew = bool((read_anew(found).amin(dim=1).abs() < 1e-5).all())
            expect.that(
                bool((low.abs() < 1e-5).all()),
                hint=READ_ANEW if anew else hint,
                expected="a band in each frame that is 0",
                got=f"the smallest bands of the frames lie between {float(low.min()):.3g} and {float(low.max()):.3g}",
            )
            expect.that(
                bool(high.min() < 0.97) and bool((high.max() - 1).abs() < 1e-5),
                expected="frames whose largest bands differ, the largest of all being 1",
                got=f"the largest bands of the frames lie between {float(high.min()):.3g} and {float(high.max()):.3g}",
                hint="Is the maximum that of the whole stamp, or of each frame? When is it taken?",
            )

    judge_stamp(student, judge)


@check(
    "features.stamp_click",
    points=0.25,
    hints=hints.WINDOWS,
    idea="Windows last 25 ms, and one begins 10 ms after the other",
)
def windows_hear_a_click(student: Student, solution: Reference | None, expect: Expect) -> None:
    """A single sample in silence is heard by the windows around it: those of 25 ms whose middle is nearer than 12.5 ms.

    The clips have 64 frames, so that nothing is stretched.
    """
    random = draw("clicks")
    rates = (8000, random.choice([rate for rate in STAMP_RATES if rate >= 16000]))  # twice as far: it shows
    clicks = [(rate, random.randint(6, 56), half) for rate in rates for half in (0, 1)]

    def judge(stamp: Any) -> None:
        for sample_rate, frame, half in clicks:
            hop_length = sample_rate // 100
            x = torch.zeros(sixty_four_frames(sample_rate))
            x[frame * hop_length + half * (hop_length // 2)] = 1.0
            due = [frame, frame + 1] if half else [frame - 1, frame, frame + 1]
            hint = "How many samples are 25 ms and 10 ms at this sample rate, and which of the two is the window?"
            with expect.case(f"a click {10 * frame + 5 * half} ms after the beginning, at {sample_rate} Hz", hint=hint):
                found = expect.tensor(stamp(x, sample_rate)).detach()
                expect.shape(found, (64, 32), hint=about_stamp_shape(found))
                heard = loud_frames(found)
                expect.that(
                    heard == due,
                    expected=f"a click in the frames {due}",
                    got=in_frames(heard),
                    hint=READ_ANEW
                    if loud_frames(read_anew(found)) == due
                    else partial(about_click, heard, int(x.argmax()), len(x), sample_rate, hint),
                )

    judge_stamp(student, judge)


@check(
    "features.stamp_stretched",
    points=0.25,
    hints=hints.STAMP,
    idea="Long words shrink and short ones are stretched, in a line",
)
def stamps_are_stretched(student: Student, solution: Reference | None, expect: Expect) -> None:
    random = draw("words")
    begin, end = random.uniform(0.2, 0.4), random.uniform(0.6, 0.8)
    long, short = 80 * random.randint(250, 300), 80 * random.randint(7, 12)

    def judge(stamp: Any) -> None:
        place = torch.arange(long) / long
        x = torch.where((begin < place) & (place < end), awkward(long), 0.0).float()
        hint = "Where in the stamp lies the middle of a word, however long it is?"
        with expect.case(f"{1 + long // 80} frames of silence, noise, silence", hint=hint):
            found = expect.tensor(stamp(x, 8000)).detach()
            expect.shape(found, (64, 32), hint=about_stamp_shape(found))
            heard = loud_frames(found) or [0]

            def lies_well(frames: list[int]) -> bool:
                return abs(frames[0] - 64 * begin) < 3 and abs(frames[-1] - 64 * end) < 3

            expect.that(
                lies_well(heard),
                expected=f"noise from about frame {64 * begin:.0f} to {64 * end:.0f} of 64",
                got=f"from {heard[0]} to {heard[-1]}",
                hint=READ_ANEW if lies_well(loud_frames(read_anew(found)) or [0]) else hint,
            )
        hint = "Between two frames, does the stamp go from one to the other, or is one of them repeated?"
        with expect.case(f"noise of {1 + short // 80} frames", hint=hint):
            found = expect.tensor(stamp(awkward(short, seed=1, dtype=torch.float32), 8000)).detach()
            expect.shape(found, (64, 32), hint=about_stamp_shape(found))
            steps = int(((found[1:] - found[:-1]).abs() > 1e-5).any(dim=1).sum())
            # At the ends, half a frame each may be repeated; in between, that would leave 13 steps at most.
            expect.that(steps > 30, expected="a step from almost each of 64 frames to the next", got=f"{steps} steps")

    judge_stamp(student, judge)


@check(
    "features.context_shape",
    points=0.25,
    extra=True,
    hints=hints.CONTEXT,
    idea="Every frame gets a window with itself in the middle",
)
def context_windows_have_a_middle(student: Student, solution: Reference | None, expect: Expect) -> None:
    """The last windows, and the clip, are longer than any number that might be written into the function."""
    hint = "Which axis counts the windows? What stands beyond the first and the last frame? How long is a window?"
    random = draw("frames")
    sizes = ((15, 18, 30), (5, 18, 30), (1, 18, 30), (2 * random.randint(10, 16) + 1, LONG + 1, LONG + 16))
    for width, fewest, most in sizes:
        frames = random.randint(fewest, most)
        features = awkward(3, 40, frames, dtype=torch.float32)
        with expect.case(f"width={width}, {frames} frames", hint=hint):
            found = student.features.context_windows(features.clone(), width)
            expect.shape(found, (frames, 3, 40, width))
            middle = found[..., width // 2].detach()
            expect.close(middle, features.permute(2, 0, 1), atol=0.0, what="frame t itself", case="middles")


@check(
    "features.context_ends",
    points=0.25,
    extra=True,
    hints=hints.CONTEXT,
    idea="Beyond the ends, the first and the last frame repeat",
)
def ends_are_repeated(student: Student, solution: Reference | None, expect: Expect) -> None:
    """Frames hold their own numbers, so that a window shows which ones it has."""
    features = torch.arange(1.0, 5.0).expand(3, 40, 4).contiguous()
    for t, due in ((0, [1.0, 1.0, 1.0, 2.0, 3.0]), (1, [1.0, 1.0, 2.0, 3.0, 4.0]), (3, [2.0, 3.0, 4.0, 4.0, 4.0])):
        with expect.case(
            f"frames 1, 2, 3, 4, width=5, window {t}", hint="What stands beyond the first and last frame?"
        ):
            found = student.features.context_windows(features, 5)
            expect.shape(found, (4, 3, 40, 5))
            expect.close(found[t, 0, 0].detach(), torch.tensor(due), atol=0.0)


@check("features.context_even", points=0.25, extra=True, hints=hints.CONTEXT, idea="An even width raises ValueError")
def even_width_raises(student: Student, solution: Reference | None, expect: Expect) -> None:
    features = awkward(3, 40, 9, dtype=torch.float32)
    student.features.context_windows(features.clone(), 3)  # an answer that refuses everything is none
    for width in (2, 2 * draw("width").randint(3, 8)):
        with expect.case(f"width={width}", hint="Which frame stands in the middle of an even window?"):
            expect.raises(partial(student.features.context_windows, features.clone(), width), "ValueError")
