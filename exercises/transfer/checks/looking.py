"""Public checks of task 3."""

from __future__ import annotations

from functools import partial

from exercises.checking import Expect, Reference, Student, awkward, check

from . import deconvolution, hints, occlusion, own_pooling, patches, switches
from .places import SINGLE, each_written

LARGEST = 9  # pixels along an axis of what is drawn; elsewhere they are more
LAYERS = 2


@check(
    "looking.patches_example",
    points=0.25,
    hints=hints.PATCHES,
    idea="The best places of a channel, one of each image at most",
)
def few_activations(student: Student, solution: Reference | None, expect: Expect) -> None:
    patches.compare_patches(student, expect, patches.few_numbers())


@check(
    "looking.patches",
    points=0.5,
    hints=hints.PATCHES,
    idea="The largest activations are found in any maps, negative ones too",
)
def best_patches(student: Student, solution: Reference | None, expect: Expect) -> None:
    patches.compare_patches(student, expect, patches.maps(LARGEST))


@check(
    "looking.box_example",
    points=0.25,
    hints=hints.BOX,
    idea="An output sees a box of pixels, counted without the padding",
)
def few_layers(student: Student, solution: Reference | None, expect: Expect) -> None:
    patches.compare_boxes(student, expect, *patches.by_hand())


@check(
    "looking.box", points=0.5, hints=hints.BOX, idea="The box holds the pixels that can change an output, and no more"
)
def input_boxes(student: Student, solution: Reference | None, expect: Expect) -> None:
    patches.compare_boxes(student, expect, patches.stacks(LAYERS))


@check(
    "looking.occlusion_example",
    points=0.25,
    hints=hints.OCCLUSION,
    idea="The map is positive where what is covered speaks for the label",
)
def one_pixel(student: Student, solution: Reference | None, expect: Expect) -> None:
    occlusion.compare_one_pixel(student, expect)


@check(
    "looking.occlusion",
    points=0.6,
    hints=hints.OCCLUSION,
    idea="Every square that fits is covered once, in all channels",
)
def occlusion_maps(student: Student, solution: Reference | None, expect: Expect) -> None:
    occlusion.compare_maps(student, expect, occlusion.coverings(LARGEST))


@check(
    "looking.model_kept",
    points=0.15,
    hints=hints.LOOKED_AT,
    idea="Looking changes neither model nor image, and needs no gradients",
)
def model_stays(student: Student, solution: Reference | None, expect: Expect) -> None:
    occlusion.require_kept(student, expect, occlusion.coverings(LARGEST)[1])


@check(
    "looking.pool_example",
    points=0.2,
    hints=hints.POOL,
    idea="The largest of each window; what fills no window is left out",
)
def few_windows(student: Student, solution: Reference | None, expect: Expect) -> None:
    switches.compare_pooled(student, expect, switches.few_numbers())


@check("looking.pool", points=0.35, hints=hints.POOL, idea="The maxima are those of max pooling, in the input's dtype")
def maxima(student: Student, solution: Reference | None, expect: Expect) -> None:
    switches.compare_pooled(student, expect, switches.poolings(LARGEST))
    own_pooling.require_silent(student, expect, "max_pool_with_switches")


@check("looking.switches", points=0.35, hints=hints.POOL, idea="The switches tell where each maximum came from")
def where_maxima_were(student: Student, solution: Reference | None, expect: Expect) -> None:
    switches.compare_switches(student, expect, switches.poolings(LARGEST))
    own_pooling.require_silent(student, expect, "max_pool_with_switches")


@check("looking.unpool_example", points=0.2, hints=hints.UNPOOL, idea="Values go back to where the maxima were")
def few_values(student: Student, solution: Reference | None, expect: Expect) -> None:
    switches.compare_unpooled(student, expect, switches.few_numbers())


@check(
    "looking.unpool",
    points=0.5,
    hints=hints.UNPOOL,
    idea="Other values go back too, and zeros fill the rest of the image",
)
def unpooled(student: Student, solution: Reference | None, expect: Expect) -> None:
    switches.compare_unpooled(student, expect, switches.poolings(LARGEST))
    own_pooling.require_silent(student, expect, "unpool")


@check(
    "looking.arguments_kept",
    points=0.2,
    hints=hints.INPUT_KEPT,
    idea="No function changes its arguments, and switches can be used again",
)
def arguments_stay(student: Student, solution: Reference | None, expect: Expect) -> None:
    maps = awkward(3, 2, 4, 5, dtype=SINGLE)
    each_written(
        [
            partial(patches.require_kept, student, expect, maps),
            *(partial(own_pooling.require_kept, student, expect, name) for name in own_pooling.BOTH),
        ]
    )


@check(
    "looking.by_hand",
    points=0.2,
    hints=hints.BY_HAND,
    idea="Pooling and unpooling are written by yourself, without those of torch",
)
def written_by_hand(student: Student, solution: Reference | None, expect: Expect) -> None:
    own_pooling.run_both(student)
    each_written(partial(own_pooling.require_silent, student, expect, name) for name in own_pooling.BOTH)
    own_pooling.require_by_hand(student, expect)


@check(
    "looking.project_back", points=0.5, extra=True, hints=hints.BACK, idea="A convolution is led back by its transpose"
)
def transposes(student: Student, solution: Reference | None, expect: Expect) -> None:
    deconvolution.compare_projected(student, expect, deconvolution.convolutions())


@check(
    "looking.reconstruct_example",
    points=0.2,
    extra=True,
    hints=hints.RECONSTRUCT,
    idea="Behind one filter and a pooling, the picture is the filter where the maximum was",
)
def one_filter(student: Student, solution: Reference | None, expect: Expect) -> None:
    deconvolution.compare_pictures(student, expect, deconvolution.one_filter())


@check(
    "looking.reconstruct",
    points=0.4,
    extra=True,
    hints=hints.RECONSTRUCT,
    idea="One activation is led back through all layers",
)
def pictures(student: Student, solution: Reference | None, expect: Expect) -> None:
    deconvolution.compare_pictures(student, expect, deconvolution.pictures())
