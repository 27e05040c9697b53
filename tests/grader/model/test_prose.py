"""What verdicts and problems say is for people: no program reads it to tell one from another."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

import pytest

from grader.repository import REPOSITORY

# Texts of verdicts, problems, exceptions of students and simulated students.
PROSE = {"expected", "got", "hint", "note", "text", "reason", "summary", "fact", "story"}
READING = {
    *("match", "fullmatch", "search", "findall", "finditer", "split", "rsplit", "partition", "rpartition", "sub"),
    *("startswith", "endswith", "removeprefix", "removesuffix", "find", "index", "count", "replace"),
}
ALLOWED = {"exercises.checking.run: error.summary.removeprefix"}  # an exception's class, which is known beside it
ROOMS = (
    "exercises/checking",
    *("grader/grading", "grader/course", "grader/grades", "grader/gradebook", "grader/feedback", "grader/batch"),
    *("grader/report", "grader/cli", "grader/measuring", "grader/authoring", "grader/checks", "grader/sandbox"),
)


def readings(source: str) -> Iterator[str]:
    """Each place where a text, or a local name for it, is searched or taken apart: "verdict.got.startswith"."""
    module = ast.parse(source)
    handed = _handed_on(module)
    for function in ast.walk(module):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        held = {
            target.id
            for node in ast.walk(function)
            if isinstance(node, ast.Assign | ast.NamedExpr) and _is_prose(node.value)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name)
        } | handed.get(getattr(function, "name", ""), set())
        for node in ast.walk(function):
            match node:
                case ast.Call(func=ast.Attribute(value=value, attr=name)) if name in READING:
                    texts = [value] if _is_prose(value, held) else node.args
                    yield from (f"{ast.unparse(text)}.{name}" for text in texts if _is_prose(text, held))
                case ast.Compare(ops=ops, comparators=[*others]) if any(isinstance(o, ast.In | ast.NotIn) for o in ops):
                    yield from (f"in {ast.unparse(text)}" for text in others if _is_prose(text, held))


def _handed_on(module: ast.Module) -> dict[str, set[str]]:
    """The parameters of each of the module's functions that get a text somewhere in it."""
    parameters = {
        node.name: [a.arg for a in node.args.args] for node in module.body if isinstance(node, ast.FunctionDef)
    }
    found: dict[str, set[str]] = {}
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            for name, given in zip(parameters.get(node.func.id, ()), node.args, strict=False):
                if _is_prose(given):
                    found.setdefault(node.func.id, set()).add(name)
    return found


def _is_prose(node: ast.AST, held: Collection[str] = ()) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in PROSE
    return isinstance(node, ast.Name) and node.id in held


@pytest.mark.parametrize(
    "source",
    [
        "def f(verdict): return ONE.match(verdict.got)",
        "def f(verdict): return verdict.got.startswith('not written yet')",
        "def f(verdict): return re.search('SyntaxError', verdict.got)",
        "def f(one): return one.story.endswith('; notebook answered')",
        "def f(one, description): return description in one.story",
        "def f(self):\n    got = self.verdict.got\n    if found := UNWRITTEN.match(got): return found[1]",
        "def f(graded): return [p for p in graded.problems if 'is missing' in p.text]",
        "def f(verdict): return 'limit' not in verdict.expected",
        "def f(verdict): return is_crash(verdict.got)\n\ndef is_crash(words): return ENDED.match(words)",
    ],
)
def test_reading_is_noticed(source: str) -> None:
    assert len(set(readings(source))) == 1


def test_showing_and_comparing_is_no_reading() -> None:
    fine = (
        "def f(a, b): return a.got == b.got and clean(a.got) and f'{a.got}: {a.hint}' and a.got[:9] or 'x' in a.about"
    )
    assert list(readings(fine)) == []


def test_no_program_reads_what_verdicts_say() -> None:
    found = {
        f"{'.'.join(path.relative_to(REPOSITORY).with_suffix('').parts)}: {reading}"
        for room in ROOMS
        for path in sorted((REPOSITORY / room).rglob("*.py"))
        for reading in readings(path.read_text(encoding="utf-8"))
    }
    assert found == ALLOWED
