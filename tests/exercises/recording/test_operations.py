"""The list of operations: each is torch's own, in C, and none gives memory, numbers or files away."""

from __future__ import annotations

import pytest
import torch

from exercises.recording.operations import FORM, GUARDED, NAMES, OPERATIONS, READS, is_in_place, is_random

FORBIDDEN = """
set_ resize_ resize_as_ _set_data storage untyped_storage data_ptr numpy tolist item from_file frombuffer from_numpy
native_batch_norm native_layer_norm native_group_norm native_dropout miopen_batch_norm cudnn_convolution nonzero unique
mkldnn_convolution _cudnn_rnn quantized_batch_norm sparse_coo_tensor seed manual_seed register_hook share_memory_
masked_select bincount __array__ __reduce_ex__ apply_ map_ map2_ _make_subclass as_subclass
"""


def test_each_is_a_function_of_c_and_known_by_its_name() -> None:
    for name, operation in OPERATIONS.items():
        assert callable(operation), name
        assert name in GUARDED or not hasattr(operation, "__code__"), name
        assert name in GUARDED or OPERATIONS[NAMES[operation]] is operation, name
    assert len(OPERATIONS) > 900


def test_what_gives_something_away_is_not_among_them() -> None:
    last = {name.rpartition(".")[2] for name in OPERATIONS}
    assert not last & set(FORBIDDEN.split())
    assert not [name for name in last if name.startswith(("native_", "_")) and not name.startswith("__")] or (
        {name for name in last if name.startswith("_") and not name.startswith("__")} == {"_weight_norm"}
    )
    assert not last & (FORM | READS)


def test_weight_norm_reads_nothing_behind_its_lengths() -> None:
    weight_norm, v = OPERATIONS["torch._weight_norm"], torch.randn(4, 8)
    assert torch.equal(weight_norm(v, torch.ones(4, 1), 0), torch._weight_norm(v, torch.ones(4, 1), 0))
    for g, dim in ((torch.ones(1, 1), 0), (torch.ones(4, 1), 1), (torch.ones(4, 1), 2), (torch.ones(4, 1).double(), 0)):
        with pytest.raises(ValueError, match="weight_norm of"):
            weight_norm(v, g, dim)


@pytest.mark.parametrize(
    ("name", "in_place", "random"),
    [
        ("Tensor.add_", True, False),
        ("Tensor.__iadd__", True, False),
        ("Tensor.__setitem__", True, False),
        ("Tensor.__add__", False, False),
        ("torch.dropout_", True, True),
        ("torch.lstm", False, True),
        ("nn.linear", False, False),
    ],
)
def test_what_changes_its_argument_and_what_draws(name: str, in_place: bool, random: bool) -> None:
    assert name in OPERATIONS
    assert (is_in_place(name), is_random(name)) == (in_place, random)
