"""Whole numbers in addresses and forms: none is larger than the store can hold."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

MOST = 2**63 - 1
DIGITS = 19


class Whole(IntegerConverter):
    """A number in an address; the page of a larger one is not there."""

    def __init__(self, map: Map, *args: Any, **named: Any) -> None:
        super().__init__(map, *args, **{"max": MOST, **named})


def join(app: Flask) -> None:
    """Every `<int:...>` of an app is such a number."""
    app.url_map.converters["int"] = Whole


def whole(text: str) -> int:
    """A number from an address or a form, for `get(name, type=whole)`; ValueError for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS and int(text) <= MOST):
        raise ValueError(f"no whole number: {text[:DIGITS]!r}")
    return int(text)


def whole_or_none(text: str) -> int | None:
    """The same; None for anything else."""
    try:
        return whole(text)
    except ValueError:
        return None
