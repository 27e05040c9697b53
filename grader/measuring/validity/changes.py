"""The small changes that make a mutant: other operators, constants, axes and functions, parts left out or swapped.

They are slips of the kind that a student makes, one at a time. Texts are left alone unless they choose a mode, and so
is what an exception says.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

BINARY: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div, ast.Mult),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
}
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
# Names and texts that are easily taken for each other.
NAMES = {
    "amax": "amin",
    "amin": "amax",
    "argmax": "argmin",
    "cat": "stack",
    "cumsum": "cumprod",
    "log": "log10",
    "max": "min",
    "maximum": "minimum",
    "mean": "sum",
    "rand": "randn",
    "relu": "sigmoid",
    "round": "int",
    "sum": "mean",
    "zeros": "ones",
    "new_zeros": "new_ones",
    "conv1": "conv2",
    "conv2": "conv1",
    "norm1": "norm2",
    "norm2": "norm1",
    "BatchNorm1d": "InstanceNorm1d",
    "BatchNorm2d": "InstanceNorm2d",
}
ATTRIBUTES = {"dilation": "stride", "kernel_size": "stride", "padding": "dilation", "stride": "kernel_size"}
TEXTS = {"-inf": "inf", "avg": "max", "linear": "nearest", "max": "avg", "replicate": "reflect"}


def changed(statement: ast.stmt, parameters: tuple[str, ...] = ()) -> Iterator[ast.stmt]:
    """Every version of a statement with one change.  Statements inside it are left alone: they have their own turn.

    Args:
        parameters: of the function that it stands in; each is also taken for the next one.
    """
    yield ast.Pass()
    yield from _other_statements(statement)
    for node in _expressions(statement):
        for other in (*_other_expressions(node), *_next_parameter(node, parameters)):
            # A deep copy that finds `other` where it would copy `node`.
            yield copy.deepcopy(statement, {id(node): other})


def _other_statements(statement: ast.stmt) -> Iterator[ast.stmt]:
    if isinstance(statement, ast.If):
        yield ast.If(ast.UnaryOp(ast.Not(), statement.test), statement.body, statement.orelse)
    elif isinstance(statement, ast.For):
        yield ast.For(statement.target, statement.iter, [*statement.body, ast.Break()], statement.orelse)
    elif isinstance(statement, ast.Raise) and isinstance(statement.exc, ast.Call):
        yield ast.Raise(ast.Call(ast.Name("RuntimeError"), statement.exc.args, statement.exc.keywords), statement.cause)
    elif isinstance(statement, ast.AugAssign):
        yield ast.Assign([statement.target], statement.value, lineno=statement.lineno)
        for operator in BINARY.get(type(statement.op), ()):
            yield ast.AugAssign(statement.target, operator(), statement.value)


def _expressions(statement: ast.stmt) -> Iterator[ast.expr]:
    """The expressions of a statement itself: not those of its body, nor of a text, nor of what is raised."""
    if isinstance(statement, ast.Raise):
        return
    waiting: list[ast.AST] = [child for child in ast.iter_child_nodes(statement) if not isinstance(child, ast.stmt)]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.JoinedStr):
            continue
        if isinstance(node, ast.expr):
            yield node
        if not _integer(node):
            waiting += ast.iter_child_nodes(node)


def _integer(node: ast.AST) -> int | None:
    """The value of a whole number, also of a negative one, and None for anything else (0 as well as True)."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = _integer(node.operand)
        return None if value is None else -value
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return node.value
    return None


def _other_expressions(node: ast.expr) -> Iterator[ast.expr]:
    if (value := _integer(node)) is not None:
        yield from (ast.Constant(value + 1), ast.Constant(value - 1))
    elif isinstance(node, ast.Constant):
        yield from _other_constants(node.value)
    elif isinstance(node, ast.BinOp):
        yield from (ast.BinOp(node.left, operator(), node.right) for operator in BINARY.get(type(node.op), ()))
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        yield from node.values
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield from (ast.Compare(node.left, [one()], node.comparators) for one in COMPARISONS[type(node.ops[0])])
    elif isinstance(node, ast.IfExp):
        yield ast.IfExp(node.test, node.orelse, node.body)
        yield from (node.body, node.orelse)
    elif isinstance(node, ast.Call):
        yield from _other_calls(node)
    elif isinstance(node, ast.Attribute | ast.Name):
        yield from _other_names(node)
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple):
        yield ast.Subscript(node.value, ast.Tuple(node.slice.elts[::-1]), node.ctx)
    elif isinstance(node, ast.Slice):
        yield from (ast.Slice(None, node.upper), ast.Slice(node.lower, None)) if node.lower and node.upper else ()


def _other_constants(value: object) -> Iterator[ast.expr]:
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, float):
        yield from (ast.Constant(2 * value), ast.Constant(0.0))
    elif isinstance(value, str) and value in TEXTS:
        yield ast.Constant(TEXTS[value])


def _other_calls(call: ast.Call) -> Iterator[ast.expr]:
    """Two arguments swapped, an argument left out, one axis of several, and the call itself left out."""
    args, keywords = call.args, call.keywords
    for i in range(len(args) - 1):
        if ast.dump(args[i]) != ast.dump(args[i + 1]):
            yield ast.Call(call.func, [*args[:i], args[i + 1], args[i], *args[i + 2 :]], keywords)
    for i, keyword in enumerate(keywords):
        yield ast.Call(call.func, args, [*keywords[:i], *keywords[i + 1 :]])
        if isinstance(keyword.value, ast.Tuple):
            for axis in keyword.value.elts:
                yield ast.Call(call.func, args, [*keywords[:i], ast.keyword(keyword.arg, axis), *keywords[i + 1 :]])
    if len(args) > 1:
        yield ast.Call(call.func, args[:-1], keywords)
    if isinstance(call.func, ast.Attribute) and not _is_library(call.func.value):
        yield call.func.value  # x.amax(dim=1) -> x
    if args and not isinstance(args[0], ast.Starred | ast.GeneratorExp):
        yield args[0]  # relu(x) -> x


def _is_library(node: ast.expr) -> bool:
    """Whether a function is taken from torch, nn and the like, or is a part of self, and not a method of a value."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id in ("torch", "nn", "F", "torchaudio", "self")


def _other_names(node: ast.Attribute | ast.Name) -> Iterator[ast.expr]:
    name = node.attr if isinstance(node, ast.Attribute) else node.id
    other = NAMES.get(name) or (ATTRIBUTES.get(name) if isinstance(node, ast.Attribute) else None)
    if other and isinstance(node.ctx, ast.Load):
        yield ast.Attribute(node.value, other, node.ctx) if isinstance(node, ast.Attribute) else ast.Name(other)


def _next_parameter(node: ast.expr, parameters: tuple[str, ...]) -> Iterator[ast.expr]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in parameters and len(parameters) > 1:
        yield ast.Name(parameters[(parameters.index(node.id) + 1) % len(parameters)])
