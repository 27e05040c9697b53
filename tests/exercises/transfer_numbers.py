"""Numbers behind the sentences of the notebook of `transfer`: run in a student's folder with the model solution.

It prints one line of JSON: a list with a dictionary for each seed.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from exercises.digits.classifier import CNNClassifier2d
from exercises.learning import accuracy, predict
from exercises.transfer import heard, pictures, training
from exercises.transfer.looking import best_patches, input_box, occlusion_map, reconstruct
from exercises.transfer.material import ANIMALS, DIGITS, words_of
from exercises.transfer.networks import digit_network, plain_network, with_new_output
from exercises.transfer.probing import LinearProbe, features_of, fit_linear, logits_of
from exercises.transfer.training import Draw, few, right, share

SEEDS = 5
NETWORK, PLAIN = digit_network(), plain_network()
UNHEARD = training.unheard_digits(each=1)
READERS: dict[str, Callable[[Tensor], Tensor]] = {
    "features": lambda stamps: features_of(NETWORK, stamps),
    "logits": lambda stamps: logits_of(NETWORK, stamps),
    "raw": lambda stamps: stamps.flatten(1),
}


def heard_as(draw: Draw) -> dict[str, list[float]]:
    """Of each animal, which share is heard as each digit, in percent."""
    answers = predict(NETWORK, draw.judge.stamps).argmax(dim=1)
    counts = [answers[draw.judge.labels == word].bincount(minlength=10) for word in range(len(ANIMALS))]
    return {name: (100 * count / count.sum()).tolist() for name, count in zip(ANIMALS, counts, strict=True)}


def patterns_alike(draw: Draw) -> list[float]:
    """How the logits of two clips correlate: of one word by two speakers, and of two words."""
    alike = torch.corrcoef(predict(NETWORK, draw.judge.stamps))
    same = draw.judge.labels[:, None] == draw.judge.labels
    two_speakers = draw.judge.speakers[:, None] != draw.judge.speakers
    return [float(alike[same & two_speakers].mean()), float(alike[~same].mean())]


def learnt(draw: Draw, seed: int, nothing: bool) -> dict[str, dict[str, float]]:
    """Percent right by the way to learn and the clips of each word; from nothing where that is asked for."""
    found: dict[str, dict[str, float]] = {name: {} for name in (*READERS, "nothing")}
    for each in (5, 20):
        some = few(draw.learn, each, seed)
        for name, read in READERS.items():
            learn, judge = (read(some.stamps), some.labels), (read(draw.judge.stamps), draw.judge.labels)
            found[name][str(each)] = share(right(fit_linear, learn, judge))
        if nothing:
            new = training.from_nothing(some, seed)
            found["nothing"][str(each)] = 100 * accuracy(predict(new, draw.judge.stamps), draw.judge.labels)
    return found


def four(draw: Draw, seed: int) -> dict[str, list[float]]:
    """Tests of four clips, by how many are right, for logits and raw stamps of five clips of each word."""
    some = few(draw.learn, 5, seed)
    found = {}
    for name in ("logits", "raw"):
        learn, judge = (READERS[name](some.stamps), some.labels), (READERS[name](draw.judge.stamps), draw.judge.labels)
        found[name] = pictures.four_clips(right(fit_linear, learn, judge), draw.judge.labels, seed=seed)
    return found


def by_layer(model: Any, draw: Draw, seed: int) -> dict[str, float]:
    """As the notebook's `after_each_layer`."""
    some = few(draw.learn, 20, seed)
    learn, judge = heard.averages(model, some.stamps), heard.averages(model, draw.judge.stamps)
    return {
        name: share(right(fit_linear, (learn[name], some.labels), (judge[name], draw.judge.labels))) for name in learn
    }


def tuned(draw: Draw, seed: int) -> dict[str, Any]:
    """Percent of animals and of digits at each look, for each way to train on."""
    some = Draw(few(draw.learn, 20, seed), draw.judge)
    found = {}
    factors = {"probe": 0.0, "factor 0.1": 0.1, "factor 1": 1.0} | ({"factor 0": 0.0} if seed < 2 else {})
    for name, factor in factors.items():
        torch.manual_seed(seed)
        model = LinearProbe(NETWORK, len(ANIMALS)) if name == "probe" else with_new_output(NETWORK, len(ANIMALS))
        one = training.fine_tune(model, some, UNHEARD, copy.deepcopy(NETWORK.output), factor, seed)
        found[name] = {"animals": one.animals, "digits": one.digits}
    learn, judge = ((READERS["features"](words.stamps), words.labels) for words in (some.learn, some.judge))
    return found | {"fit": share(right(fit_linear, learn, judge))}


def own_network(draw: Draw, seed: int) -> dict[str, float]:
    """A network like the notebook's own one: percent of the digits and, from 20 clips of each word, of the animals."""
    torch.manual_seed(seed)
    own = CNNClassifier2d(hidden=16, num_blocks=2)
    training.learn_digits(own, seed)
    some = few(draw.learn, 20, seed)
    learn, judge = features_of(own, some.stamps), features_of(own, draw.judge.stamps)
    return {
        "digits": 100 * accuracy(predict(own, UNHEARD.stamps), UNHEARD.labels),
        "animals": share(right(fit_linear, (learn, some.labels), (judge, draw.judge.labels))),
    }


def of_one_word(seed: int) -> dict[str, list[float]]:
    """Of a part's filters: which share of nine patches the commonest word has, mean in percent; how many have eight."""
    words = words_of((*DIGITS, *ANIMALS), 1, 40, 77 + 1000 * seed)
    found = {}
    for name, part in heard.stack_of(NETWORK, words.stamps).items():
        channels = range(part.activations.shape[1])
        shares = [pictures.commonest(best_patches(part.activations, channel, 9), words.labels) for channel in channels]
        found[name] = [100 * sum(shares) / len(shares), sum(9 * one > 7.5 for one in shares)]
    return found


def covered(seed: int, speakers: int) -> dict[str, dict[str, float]]:
    """What squares cost in "four" and "six", by thirds of the bands, and how many of them, in percent, change much."""
    found = {}
    words = words_of(("four", "six"), 1, speakers, 300 + seed)
    for label, name in enumerate(("four", "six")):
        own = words.stamps[words.labels == label]
        lost = torch.stack([occlusion_map(NETWORK, stamp, DIGITS.index(name), 8, 2) for stamp in own])
        changing = 100 * float((lost.abs() > 0.1).float().mean())
        found[name] = {**pictures.by_thirds(lost, stride=2, size=8, mel=own.shape[3]), "changing": changing}
    return found


def led_back(seed: int, each: int) -> list[float]:
    """Of the pixels that the largest activation of layer 3 sees: which share is not zero in its picture."""
    layers = heard.layers_of(PLAIN.layers)
    found = []
    for stamp in words_of(DIGITS, 1, each, 800 + seed).stamps:
        with torch.no_grad():
            maps = PLAIN.layers(stamp[None])[0]
        channel, row, column = (int(one) for one in torch.unravel_index(maps.argmax(), maps.shape))
        picture = reconstruct(PLAIN.layers, stamp[None], (channel, row, column))[0, 0]
        top, left, bottom, right_ = input_box(row, column, layers)
        inside = picture[max(top, 0) : bottom, max(left, 0) : right_]
        assert torch.equal(inside.count_nonzero(), picture.count_nonzero())
        found.append(100 * int(inside.count_nonzero()) / inside.numel())
    return found


def numbers(seed: int) -> dict[str, Any]:
    """All numbers of one seed."""
    draw, cut_out = training.draw(seed), training.draw(seed, cut_out=True)
    torch.manual_seed(seed)
    return {
        "heard as": heard_as(draw),
        "patterns": patterns_alike(draw),
        "four": four(draw, seed),
        "trained": by_layer(NETWORK, draw, seed),
        "random": by_layer(digit_network(pretrained=False), draw, seed),
        "in a second": learnt(draw, seed, nothing=True),
        "cut out": learnt(cut_out, seed, nothing=False),
        "tuned": tuned(draw, seed),
        "own": own_network(draw, seed) if seed == 0 else {},
        "of one word": of_one_word(seed),
        "covered": covered(seed, 8),
        "led back": led_back(seed, 1),
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    print(json.dumps([numbers(seed) for seed in range(SEEDS)]))
