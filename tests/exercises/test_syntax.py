"""Syntax of a newer Python is found by reading, on the oldest Python that there is."""

from __future__ import annotations

import ast
import time

import pytest

from exercises.syntax import newer_syntax, version

NEWER = {
    'f"{d["a"]}"': "own kind of quotes",
    "f'{f'{1}'}'": "own kind of quotes",
    'f"{x:{w["n"]}}"': "own kind of quotes",
    'f"""{"""a"""}"""': "own kind of quotes",
    "f\"{'\\n'.join(x)}\"": "backslash",
    'f"""{x  # why\n}"""': "comment",
    'f"{\nx\n}"': "several lines",
    'f"{x:{y:{z}}}"': "nested more than twice",
    "type Pair = tuple[int, int]": "`type` statement",
    "type Pair[T] = tuple[T, T]": "`type` statement",
    "def f[T](x: T): pass": "type parameters",
    "class A:\n    async def f[*Ts](self): pass": "type parameters",
    "class A[T](B): pass": "type parameters",
    't"{x}"': "t-string",
    "RT'''a'''": "t-string",
    "try: pass\nexcept A, B: pass": "`except`",
    "try: pass\nexcept* A, B: pass": "`except`",
    "lazy import torch": "lazy import",
    "[*row for row in rows]": "beginning of a comprehension",
    "{**one for one in all_of_them}": "beginning of a comprehension",
}
OLD = (
    "f\"{d['a']}\"",
    'f"""{d["a"]}"""',
    "f'''{f\"{'a'}\"}'''",
    'f"{x!r:>{width}}"',
    'f"{x:%H:%M:%S}" f"{{}}" rf"\\{x}" f"\\N{BULLET}" f"{x=}"',
    'f\'{x:"<5}\' f"{\'#\'}" f"{x != y}" f"{(lambda n: 1)(2)}"',
    "f'''{\nx\n}'''",
    "type = 3\ntype(x)\ntype[0]\nprint(type, x)",
    "try: pass\nexcept (A, B): pass",
    "try: pass\nexcept* (A, B) as e: print(1, 2)",
    "f(*x, *y)\n[*x, *y]\n{**x, 'a': [a for a in b]}",
    "def f(x: dict[str, int] = {}) -> list[int]: return x[0]",
    "lazy = 1\nprint(lazy)",
    '\'def f[T]\' # class A[T]\n"""\ntype X = 1\n"""',
    "x = 1 if 2 else 3\ny = 1e-5 + 0x_ff + .5j",
)


@pytest.mark.parametrize("source", NEWER)
def test_what_a_newer_python_brought_is_named(source: str) -> None:
    [(line, what), *_] = newer_syntax(f"x = 1\n{source}\n", "3.11")
    assert NEWER[source] in what and "which Python 3.1" in what
    assert line == 2 + source[: source.index("\nexcept") + 1].count("\n") if "\nexcept" in source else line >= 2
    with pytest.raises(SyntaxError):  # this test is meant for the oldest
        ast.parse(source, feature_version=(3, 11))


@pytest.mark.parametrize("source", OLD)
def test_what_the_grading_python_reads_is_not_named(source: str) -> None:
    assert newer_syntax(source, "3.11") == []
    ast.parse(source)


def test_a_newer_grading_python_reads_more() -> None:
    source = 'f"{d["a"]}"\nclass A[T = int]: pass\nt"x"\n'
    assert [line for line, _ in newer_syntax(source, "3.12")] == [2, 3]
    assert [line for line, _ in newer_syntax(source, "3.13")] == [3]
    assert newer_syntax(source, "3.14") == []


@pytest.mark.parametrize("source", ["", "'", 'f"{', 'f"{x', "f'''{x}", "((((", "))))", "\0", "def", "except", "\\"])
def test_what_no_python_reads_is_no_finding(source: str) -> None:
    assert newer_syntax(source, "3.11") == []


@pytest.mark.parametrize(
    "source",
    ["[*" * 30_000, ";except " * 8_000, 'f"{' * 20_000, "f'{f\"{" * 10_000, "f'{x:" + "{x:" * 20_000, 't""' * 16_000],
    ids=["brackets", "except", "braces", "nested", "formats", "findings"],
)
def test_reading_takes_no_longer_than_a_hundred_usual_files_of_this_size(source: str) -> None:
    """Measured: 26 for brackets.  Without a bound on what is read ahead, a quarter of that file takes 146 already."""
    assert _seconds(source) < 100 * _seconds('x = f"{a}"\n' * (len(source) // 11))


def _seconds(source: str) -> float:
    begin = time.process_time()
    newer_syntax(source, "3.11")
    return time.process_time() - begin


def test_a_version_is_two_numbers() -> None:
    assert version("3.11") == (3, 11)
    for wrong in ("3", "3.11.2", "python3", 3.11):
        with pytest.raises(ValueError, match='write it as "3.11"'):
            version(wrong)  # type: ignore[arg-type]
