"""Hidden checks of task 3: other maps, layers, images and windows, larger ones, and no pooling of torch."""

from __future__ import annotations

from exercises.checking import Expect, Reference, Student, check
from exercises.transfer.checks import deconvolution, hints, occlusion, own_pooling, patches, switches

LARGEST = 13  # pixels along an axis
LAYERS = 3


@check(
    "looking.patches_values",
    points=0.7,
    hints=hints.PATCHES,
    idea="The best places of maps that nobody knows",
    topic="best patches",
)
def best_patches(student: Student, solution: Reference, expect: Expect) -> None:
    patches.compare_patches(student, expect, patches.maps(LARGEST))


@check("looking.box_values", points=0.7, hints=hints.BOX, idea="The boxes of deeper stacks", topic="boxes")
def input_boxes(student: Student, solution: Reference, expect: Expect) -> None:
    patches.compare_boxes(student, expect, patches.stacks(LAYERS))


@check(
    "looking.occlusion_values",
    points=0.9,
    hints=hints.OCCLUSION,
    idea="Maps of images that nobody knows",
    topic="occlusion",
)
def occlusion_maps(student: Student, solution: Reference, expect: Expect) -> None:
    occlusion.compare_maps(student, expect, occlusion.coverings(LARGEST))


@check(
    "looking.pool_values", points=0.35, hints=hints.POOL, idea="The maxima of images that nobody knows", topic="pooling"
)
def maxima(student: Student, solution: Reference, expect: Expect) -> None:
    switches.compare_pooled(student, expect, switches.poolings(LARGEST))
    own_pooling.require_silent(student, expect, "max_pool_with_switches")


@check(
    "looking.switches_values",
    points=0.35,
    hints=hints.POOL,
    idea="Where the maxima of such images came from",
    topic="switches",
)
def where_maxima_were(student: Student, solution: Reference, expect: Expect) -> None:
    switches.compare_switches(student, expect, switches.poolings(LARGEST))
    own_pooling.require_silent(student, expect, "max_pool_with_switches")


@check(
    "looking.unpool_values",
    points=0.5,
    hints=hints.UNPOOL,
    idea="Values go back to where they were in such images",
    topic="unpooling",
)
def unpooled(student: Student, solution: Reference, expect: Expect) -> None:
    switches.compare_unpooled(student, expect, switches.poolings(LARGEST))
    own_pooling.require_silent(student, expect, "unpool")


@check(
    "looking.project_back_values",
    points=0.4,
    extra=True,
    hints=hints.BACK,
    idea="The transposes of convolutions that nobody knows",
    topic="transposes",
)
def transposes(student: Student, solution: Reference, expect: Expect) -> None:
    deconvolution.compare_projected(student, expect, deconvolution.convolutions())


@check(
    "looking.reconstruct_values",
    points=0.5,
    extra=True,
    hints=hints.RECONSTRUCT,
    idea="Pictures of activations in stacks that nobody knows",
    topic="pictures",
)
def pictures(student: Student, solution: Reference, expect: Expect) -> None:
    deconvolution.compare_pictures(student, expect, deconvolution.pictures())
