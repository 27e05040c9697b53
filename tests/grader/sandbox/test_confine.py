"""The system call filter, instruction by instruction, for both processors."""

from __future__ import annotations

import struct

import pytest

from grader.sandbox.inside import confine
from grader.sandbox.inside.confine import (
    AUDIT_ARCH,
    CLONE,
    CLONE3,
    DENIED,
    NAMESPACES,
    PRLIMIT,
    SOCKET,
    system_call_filter,
)

ALLOW, EPERM, ENOSYS, KILL = 0x7FFF0000, 0x50001, 0x50026, 0x80000000


def judge(machine: str, number: int, argument: int = 0, architecture: int | None = None) -> int:
    """What the filter says of a system call: a small interpreter of classic BPF."""
    program = list(struct.iter_unpack("HBBI", system_call_filter(machine)))
    data = {0: number, 4: architecture if architecture is not None else AUDIT_ARCH[machine], 16: argument}
    accumulator, at = 0, 0
    while True:
        code, if_true, if_false, operand = program[at]
        at += 1
        if code == 0x06:
            return operand
        if code == 0x20:
            accumulator = data[operand]
            continue
        holds = {0x15: accumulator == operand, 0x35: accumulator >= operand, 0x45: bool(accumulator & operand)}[code]
        at += if_true if holds else if_false


@pytest.mark.parametrize(("machine", "column"), [("x86_64", 0), ("aarch64", 1)])
def test_filter_refuses_what_it_names_and_allows_the_rest(machine: str, column: int) -> None:
    named = {pair[column] for pair in DENIED.values()}
    special = {CLONE[column], CLONE3[column], SOCKET[column]}
    for number in range(500):
        if number in named:
            assert judge(machine, number) == EPERM, number
        elif number not in special:
            assert judge(machine, number) == ALLOW, number
    assert judge(machine, CLONE3[column]) == ENOSYS


@pytest.mark.parametrize(("machine", "column"), [("x86_64", 0), ("aarch64", 1)])
def test_filter_refuses_namespaces_and_all_but_unix_sockets(machine: str, column: int) -> None:
    assert judge(machine, CLONE[column], 0x11) == ALLOW
    for flag in (1 << bit for bit in range(32)):
        expected = EPERM if flag & NAMESPACES else ALLOW
        assert judge(machine, CLONE[column], 0x11 | flag) == expected
    assert judge(machine, SOCKET[column], 1) == ALLOW
    assert [judge(machine, SOCKET[column], family) for family in (2, 10, 16, 17)] == [EPERM] * 4
    assert [judge(machine, PRLIMIT[column], pid) for pid in (0, 1, 77)] == [ALLOW, EPERM, EPERM]


def test_filter_ends_a_process_of_another_architecture_and_x32_calls() -> None:
    assert judge("x86_64", 0, architecture=AUDIT_ARCH["aarch64"]) == KILL
    assert judge("x86_64", 0x40000000) == KILL


def test_filter_says_which_processors_it_knows() -> None:
    with pytest.raises(OSError, match="riscv64"):
        system_call_filter("riscv64")


def test_no_system_call_is_listed_twice() -> None:
    for column in (0, 1):
        numbers = [pair[column] for pair in confine.DENIED.values()]
        assert len(numbers) == len(set(numbers))
