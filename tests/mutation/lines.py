"""Which lines of some files are run by something."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any

Lines = set[tuple[str, int]]


@contextmanager
def traced(paths: Sequence[str]) -> Iterator[Lines]:
    """The lines of these files that are run within, as they come."""
    wanted, found = frozenset(paths), Lines()

    def inside(frame: FrameType, event: str, _: Any) -> Any:
        found.add((frame.f_code.co_filename, frame.f_lineno))
        return inside

    def called(frame: FrameType, event: str, _: Any) -> Any:
        return inside if frame.f_code.co_filename in wanted else None

    before = sys.gettrace()
    sys.settrace(called)
    try:
        yield found
    finally:
        sys.settrace(before)


__all__ = ["Lines", "traced"]
