"""The networks that know digits, made again: `python -m grader.checks.transfer.pretrain`.

It draws spoken digits, trains both networks on them, and writes their weights beside the given modules, with networks.json:
how they were made, and how many digits of speakers that neither has heard they hear rightly.
"""

from __future__ import annotations

import json
from typing import Any

import torch
from safetensors.torch import save_file

from datasets.phonemes import DIGITS
from datasets.synthetic_speech import GENERATOR_VERSION
from exercises.learning import Recipe, accuracy, predict, train
from exercises.transfer.material import Words
from exercises.transfer.networks import HERE, PlainNetwork

from .trusted import classifier, words_of

SPEAKERS, EACH, SEED = 60, 10, 2212
TEST_SPEAKERS, TEST_SEED = 40, 2213
BUDGET = 60_000
RECIPES = {
    "digit_network": Recipe(learning_rate=0.01, batch_size=32, weight_decay=0.01),
    "plain_network": Recipe(learning_rate=0.01, batch_size=32, weight_decay=0.01),
}


def trained(name: str, digits: Words) -> Any:
    """A network of this name, trained from its own seed."""
    torch.manual_seed(SEED)
    network = classifier() if name == "digit_network" else PlainNetwork()
    train(network, digits.stamps, digits.labels, RECIPES[name], BUDGET, SEED)
    return network.eval()


def main() -> None:
    """Train, test and write."""
    torch.set_num_threads(1)
    digits = words_of(DIGITS, EACH, SPEAKERS, SEED)
    unheard = words_of(DIGITS, 2, TEST_SPEAKERS, TEST_SEED)
    about: dict[str, Any] = {}
    for name, recipe in RECIPES.items():
        network = trained(name, digits)
        weights = {key: value.contiguous() for key, value in network.state_dict().items()}
        save_file(weights, HERE / f"{name}.safetensors")
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
        f"generated speech, version {GENERATOR_VERSION}: {len(digits):,} digits somewhere in a second by {SPEAKERS} speakers "
        f"(seed {SEED}); tested on {len(unheard):,} by {TEST_SPEAKERS} others (seed {TEST_SEED})"
    )
    (HERE / "networks.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
