"""What can be changed in a source: one comparison or boolean at a time."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from enum import StrEnum
from types import CodeType
from typing import NamedTuple

import msgspec

FLIPPED: dict[type[ast.cmpop], tuple[type[ast.cmpop], str]] = {
    ast.Lt: (ast.GtE, "< becomes >="),
    ast.LtE: (ast.Gt, "<= becomes >"),
    ast.Gt: (ast.LtE, "> becomes <="),
    ast.GtE: (ast.Lt, ">= becomes <"),
    ast.Eq: (ast.NotEq, "== becomes !="),
    ast.NotEq: (ast.Eq, "!= becomes =="),
    ast.Is: (ast.IsNot, "is becomes is not"),
    ast.IsNot: (ast.Is, "is not becomes is"),
    ast.In: (ast.NotIn, "in becomes not in"),
    ast.NotIn: (ast.In, "not in becomes in"),
}
NO_CHECKS = {  # types, and how a class is made: they say nothing of piles
    (ast.ClassDef, "keywords"),
    (ast.arg, "annotation"),
    (ast.AnnAssign, "annotation"),
    (ast.FunctionDef, "returns"),
}


class Where(StrEnum):
    """Where code stands: it decides how a change of it reaches what is already loaded."""

    BODY = "body"  # of a function
    DEFAULT = "default"  # of an argument
    TOP = "top"  # of the module, or of a class


class Place(NamedTuple):
    """The statement that a node belongs to, and where that stands."""

    first: int = 0
    last: int = 0
    where: Where = Where.TOP


class Mutant(msgspec.Struct, frozen=True):
    """One change. `text` is its line without indent; `nth` tells apart equal changes of equal lines of a file.

    `number` counts all changes of the file; `first` to `last` are the lines of its statement, without what that holds.
    """

    file: str
    number: int
    line: int
    column: int
    what: str
    text: str
    nth: int
    first: int
    last: int
    where: Where

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What names it even when lines above it come or go."""
        return self.file, self.text, self.what, self.nth


class Change(NamedTuple):
    """A change that can be made to a tree."""

    node: ast.AST
    what: str
    make: Callable[[], None]
    place: Place


def mutants_of(file: str, source: str) -> list[Mutant]:
    """All changes of a source."""
    lines = source.splitlines()
    known: Counter[tuple[str, str]] = Counter()
    found: list[Mutant] = []
    for number, change in enumerate(_changes(ast.parse(source), Place())):
        line, text = change.node.lineno, lines[change.node.lineno - 1].strip()  # type: ignore[attr-defined]
        known[text, change.what] += 1
        column, nth = change.node.col_offset + 1, known[text, change.what]  # type: ignore[attr-defined]
        found.append(Mutant(file, number, line, column, change.what, text, nth, *change.place))
    return found


def changed(source: str, number: int, path: str) -> CodeType:
    """The code of a source with the change of that number."""
    tree = ast.parse(source)
    change = next(change for count, change in enumerate(_changes(tree, Place())) if count == number)
    change.make()
    return compiled(ast.fix_missing_locations(tree), path)


def compiled(tree: ast.Module | str, path: str) -> CodeType:
    """The code of a source as it is when imported."""
    return compile(tree, path, "exec", dont_inherit=True)


def _changes(node: ast.AST, place: Place) -> Iterator[Change]:
    yield from (Change(node, what, make, place) for what, make in _of_node(node))
    for name, value in ast.iter_fields(node):
        if (type(node), name) in NO_CHECKS:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _changes(child, _inside(node, name, child, place))


def _inside(node: ast.AST, name: str, child: ast.AST, place: Place) -> Place:
    if isinstance(child, ast.stmt):
        body = getattr(child, "body", None)
        last = max(child.lineno, body[0].lineno - 1) if isinstance(body, list) else child.end_lineno or child.lineno
        place = place._replace(first=child.lineno, last=last)
    if place.where is not Where.TOP:
        return place
    if isinstance(node, ast.FunctionDef | ast.Lambda) and name == "body":
        return place._replace(where=Where.BODY)
    return place._replace(where=Where.DEFAULT) if isinstance(node, ast.arguments) else place


def _of_node(node: ast.AST) -> Iterator[tuple[str, Callable[[], None]]]:
    if isinstance(node, ast.Compare):
        yield from ((FLIPPED[type(op)][1], _flip(node, index)) for index, op in enumerate(node.ops))
    elif isinstance(node, ast.BoolOp):
        other, what = (ast.Or, "and becomes or") if isinstance(node.op, ast.And) else (ast.And, "or becomes and")
        yield what, lambda: setattr(node, "op", other())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not x becomes x", lambda: setattr(node, "operand", ast.UnaryOp(ast.Not(), node.operand))
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        value = node.value
        yield f"{value} becomes {not value}", lambda: setattr(node, "value", not value)


def _flip(node: ast.Compare, index: int) -> Callable[[], None]:
    def flip() -> None:
        node.ops[index] = FLIPPED[type(node.ops[index])][0]()

    return flip


__all__ = ["FLIPPED", "Mutant", "Where", "changed", "compiled", "mutants_of"]
