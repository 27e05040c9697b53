"""The networks that know digits, made again: `python -m grader.checks.transfer.pretrain`, a minute and a half.

It draws spoken digits, trains both networks on them, and writes their weights beside the given modules, with
networks.json: how they were made, and how many digits of speakers that neither has heard they hear rightly.  What the
digit network makes of the animal words that everybody has comes along.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor

from datasets.phonemes import ANIMALS, DIGITS
from datasets.synthetic_speech import GENERATOR_VERSION
from exercises.learning import Recipe, accuracy, predict, train
from exercises.transfer.checks.animals import FEW, FILE
from exercises.transfer.networks import data_file

from .data import SPEAKERS as ANIMAL_SPEAKERS
from .data import numbered, numbers_of
from .trusted import Words, digit_network, plain_network, words_of

SPEAKERS, EACH, SEED = 60, 10, 2212
TEST_SPEAKERS, TEST_SEED = 40, 2213
ANIMALS_EACH, ANIMALS_SEED = 5, 2214  # and the next seed for other speakers
BUDGET = 60_000
NETWORKS = {
    "digit_network": (digit_network, Recipe(learning_rate=0.01, batch_size=32, weight_decay=0.01)),
    "plain_network": (plain_network, Recipe(learning_rate=0.005, batch_size=32, weight_decay=0.01)),
}


def trained(name: str, digits: Words) -> Any:
    """A network of this name, trained from its own seed."""
    build, recipe = NETWORKS[name]
    torch.manual_seed(SEED)
    network = build(pretrained=False)
    train(network, digits.stamps, digits.labels, recipe, BUDGET, SEED)
    return network.eval()


def practice_words() -> tuple[Words, Words]:
    """The animal words that everybody has: to learn from, and of other speakers."""
    learn, unheard = (words_of(ANIMALS, ANIMALS_EACH, ANIMAL_SPEAKERS, ANIMALS_SEED + part) for part in range(2))
    return learn, unheard


def main() -> None:
    """Train, test and write."""
    torch.set_num_threads(1)
    digits = words_of(DIGITS, EACH, SPEAKERS, SEED)
    unheard = words_of(DIGITS, 2, TEST_SPEAKERS, TEST_SEED)
    about: dict[str, Any] = {}
    for name, (_, recipe) in NETWORKS.items():
        network = trained(name, digits)
        _write(data_file(f"{name}.safetensors"), network.state_dict())
        about[name] = {
            "parameters": sum(one.numel() for one in network.parameters()),
            "digits_heard_rightly": round(accuracy(predict(network, unheard.stamps), unheard.labels), 4),
            "words_seen": BUDGET,
            "learning_rate": recipe.learning_rate,
            "batch_size": recipe.batch_size,
            "weight_decay": recipe.weight_decay,
            "seed": SEED,
        }
        print(name, about[name])
    about["data"] = (
        f"generated speech, version {GENERATOR_VERSION}: {len(digits):,} digits somewhere in a second by {SPEAKERS} "
        f"speakers (seed {SEED}); tested on {len(unheard):,} by {TEST_SPEAKERS} others (seed {TEST_SEED})"
    )
    about["animals"] = _write_animals()
    data_file("networks.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def _write_animals() -> str:
    """Write what the digit network makes of the animal words that everybody has, and say in words what they are."""
    learn, unheard = practice_words()
    animals = numbered(learn, unheard, ANIMALS_SEED)
    parts = {"learn": animals.learn, "unheard": animals.unheard, "few": numbers_of(words_of(*FEW))}
    values = {f"{part}_{field}": value for part, one in parts.items() for field, value in asdict(one).items()}
    _write(FILE, {**values, "draws": animals.draws})
    return (
        f"{', '.join(ANIMALS)} somewhere in a second: {len(learn)} by {ANIMAL_SPEAKERS} speakers (seed {ANIMALS_SEED}) "
        f"to learn from, {len(unheard)} by as many others (seed {ANIMALS_SEED + 1})"
    )


def _write(path: Path, values: Mapping[str, Tensor]) -> None:
    """As bytes: safetensors would write a file that nobody else may read."""
    path.write_bytes(save({name: value.contiguous() for name, value in values.items()}))


if __name__ == "__main__":
    main()
