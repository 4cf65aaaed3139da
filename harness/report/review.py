"""What people decided on results: a report that knows of it says so first, whatever was measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from harness.core.pairs import Pair


class Note(NamedTuple):
    """What a reviewer wrote, in the reviewer's own words; `bad`: results were sent back with it."""

    bad: bool
    title: Pair
    text: str


class Review(NamedTuple):
    """How results stand with the platform: shape and word of the whole, what was said of it and of cases by id."""

    state: str
    word: Pair
    note: Note | None
    cases: Mapping[str, Note]
