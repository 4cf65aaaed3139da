"""Puts changed code into what is loaded already: functions keep their identity, whoever has bound them."""

from __future__ import annotations

import ast
import gc
import importlib
import sys
from collections.abc import Iterator, Sequence
from graphlib import TopologicalSorter
from inspect import getsource
from operator import attrgetter
from types import CodeType, FunctionType, ModuleType

from tests.mutation.mutants import Where

Key = tuple[str, int]  # qualified name and first line


class Live:
    """The functions of some files, found once: decorated or nested, whoever holds them."""

    def __init__(self, paths: Sequence[str]) -> None:
        self._functions: dict[str, list[FunctionType]] = {path: [] for path in paths}
        for each in gc.get_objects():
            if isinstance(each, FunctionType) and each.__code__.co_filename in self._functions:
                self._functions[each.__code__.co_filename].append(each)

    def is_of(self, path: str, code: CodeType) -> bool:
        """Was what is loaded compiled from this? Somebody may have saved the file since."""
        known = _codes(code)
        return all(known.get(_key(each.__code__)) == each.__code__ for each in self._functions[path])

    def put(self, path: str, code: CodeType, where: Where, module: ModuleType) -> None:
        """From now on the changed code counts."""
        if where is Where.BODY:
            known = _codes(code)
            for each in self._functions[path]:
                each.__code__ = known[_key(each.__code__)]
        elif where is Where.DEFAULT:
            self._defaults(path, code, module)
        else:
            exec(code, module.__dict__)
            for name in _resting_on(module.__name__):
                importlib.reload(sys.modules[name])

    def _defaults(self, path: str, code: CodeType, module: ModuleType) -> None:
        anew = ModuleType(module.__name__)
        anew.__dict__.update(module.__dict__)
        exec(code, anew.__dict__)
        for each in self._functions[path]:
            if "<" not in each.__qualname__:
                made = attrgetter(each.__qualname__)(anew)
                if isinstance(made, FunctionType):
                    each.__defaults__, each.__kwdefaults__ = made.__defaults__, made.__kwdefaults__


def _key(code: CodeType) -> Key:
    return code.co_qualname, code.co_firstlineno


def _codes(code: CodeType) -> dict[Key, CodeType]:
    return {_key(each): each for each in _nested(code)}


def _nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _nested(const)


def _resting_on(name: str) -> list[str]:
    """The modules of the same room that import a module, directly or not, those first that others rest on."""
    room = ".".join(name.split(".")[: 4 if ".audit" in name else 3])
    imports = {other: _imports(other) for other in list(sys.modules) if other.startswith(f"{room}.")}
    reached = {name}
    order = [other for other in TopologicalSorter(imports).static_order() if other in imports]
    for other in order:
        if imports[other] & reached:
            reached.add(other)
    return [other for other in order if other in reached - {name}]


def _imports(name: str) -> set[str]:
    tree = ast.parse(getsource(sys.modules[name]))
    found = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    return {module for module in found if module != name}


__all__ = ["Live"]
