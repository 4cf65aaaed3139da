"""Every sentence of the pages, Chinese and English side by side: one file an area, keys `area.name`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from harness.core.pairs import Pair, told


def say(key: str, **params: object) -> Pair:
    """A sentence in both languages; a parameter that is itself a pair fills each with its own. KeyError if unknown."""
    sentence = words()[key]
    return told(sentence, params) if params else sentence


@cache
def words() -> Mapping[str, Pair]:
    """All sentences, by key."""
    found: dict[str, Pair] = {}
    for module in iter_modules(__path__):
        for key, pair in import_module(f"{__name__}.{module.name}").WORDS.items():
            if key in found or not key.startswith(f"{module.name}."):
                raise KeyError(f"web/words/{module.name}.py: {key} stands twice or belongs elsewhere")
            found[key] = pair
    return MappingProxyType(found)
