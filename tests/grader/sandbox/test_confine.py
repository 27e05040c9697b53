"""The system call filter, instruction by instruction, for both processors."""

from __future__ import annotations

import struct

import pytest

from grader.sandbox.inside import confine
from grader.sandbox.inside.confine import (
    ALLOWED_WITH,
    AUDIT_ARCH,
    CLONE,
    CLONE3,
    DENIED,
    FCNTL,
    MMAP,
    NAMESPACES,
    system_call_filter,
)

ALLOW, EPERM, ENOSYS, KILL = 0x7FFF0000, 0x50001, 0x50026, 0x80000000


def judge(machine: str, number: int, *arguments: int, architecture: int | None = None) -> int:
    """What the filter says of a system call: a small interpreter of classic BPF."""
    program = list(struct.iter_unpack("HBBI", system_call_filter(machine)))
    data = {0: number, 4: architecture if architecture is not None else AUDIT_ARCH[machine]}
    data |= {16 + 8 * position: (*arguments, 0, 0, 0, 0)[position] for position in range(4)}
    accumulator, at = 0, 0
    while True:
        code, if_true, if_false, operand = program[at]
        at += 1
        if code == 0x06:
            return operand
        if code == 0x20:
            accumulator = data[operand]
            continue
        if code == 0x54:
            accumulator &= operand
            continue
        holds = {0x15: accumulator == operand, 0x35: accumulator >= operand, 0x45: bool(accumulator & operand)}[code]
        at += if_true if holds else if_false


@pytest.mark.parametrize(("machine", "column"), [("x86_64", 0), ("aarch64", 1)])
def test_filter_refuses_what_it_names_and_allows_the_rest(machine: str, column: int) -> None:
    named = {pair[column] for pair in DENIED.values()}
    special = {CLONE[column], CLONE3[column], *(numbers[column] for numbers, _ in ALLOWED_WITH.values())}
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
    for name in ("socket", "socketpair"):
        number = ALLOWED_WITH[name][0][column]
        assert judge(machine, number, 1, 0x80801) == ALLOW  # a stream, closed on exec, that does not block
        assert [judge(machine, number, family, 1) for family in (2, 10, 16, 17, 30)] == [EPERM] * 5
        assert [judge(machine, number, 1, kind) for kind in (2, 3, 5)] == [EPERM] * 3


@pytest.mark.parametrize(("machine", "column"), [("x86_64", 0), ("aarch64", 1)])
def test_filter_refuses_what_would_hold_memory_unseen(machine: str, column: int) -> None:
    private, shared, fixed, anonymous, huge = 0x02, 0x01, 0x10, 0x20, 0x40000
    for flags in (private, shared, private | fixed, private | anonymous, private | anonymous | fixed):
        assert judge(machine, MMAP[column], 0, 4096, 3, flags) == ALLOW
    for flags in (shared | anonymous, 3 | anonymous, shared | anonymous | fixed, private | anonymous | huge):
        assert judge(machine, MMAP[column], 0, 4096, 3, flags) == EPERM
    assert [judge(machine, FCNTL[column], 5, command) for command in (1, 4, 1031, 1032)] == [ALLOW, ALLOW, EPERM, ALLOW]
    number = ALLOWED_WITH["setsockopt"][0][column]
    assert judge(machine, number, 5, 1, 2) == ALLOW
    assert {judge(machine, number, 5, 1, option) for option in (7, 8, 26, 32, 33, 50)} == {EPERM}


@pytest.mark.parametrize(("machine", "column"), [("x86_64", 0), ("aarch64", 1)])
def test_filter_refuses_changes_to_other_processes(machine: str, column: int) -> None:
    for name in ("prlimit64", "sched_setaffinity", "sched_setscheduler", "sched_setparam", "sched_setattr"):
        number = ALLOWED_WITH[name][0][column]
        assert [judge(machine, number, pid) for pid in (0, 1, 77)] == [ALLOW, EPERM, EPERM]
    number = ALLOWED_WITH["setpriority"][0][column]
    asked = [(0, 0), (0, 1), (1, 0), (2, 0), (2, 1000)]  # a process, a group, a user
    assert [judge(machine, number, which, who) for which, who in asked] == [ALLOW, EPERM, EPERM, EPERM, EPERM]


def test_filter_ends_a_process_of_another_architecture_and_x32_calls() -> None:
    assert judge("x86_64", 0, architecture=AUDIT_ARCH["aarch64"]) == KILL
    assert judge("x86_64", 0x40000000) == KILL


def test_filter_says_which_processors_it_knows() -> None:
    with pytest.raises(OSError, match="riscv64"):
        system_call_filter("riscv64")


def test_no_system_call_is_listed_twice() -> None:
    for column in (0, 1):
        numbers = [pair[column] for pair in (*confine.DENIED.values(), *(one for one, _ in ALLOWED_WITH.values()))]
        assert len(numbers) == len(set(numbers))
