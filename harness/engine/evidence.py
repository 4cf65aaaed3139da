"""What a finding rests on: the bytes of the frames it cites, and the window in which something did not happen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from harness.core.journal import FrameSeen
from harness.core.message import Message
from harness.core.ports import FieldPlace
from harness.core.verdict import Finding, Place
from harness.engine.view import View


def located(view: View, finding: Finding) -> Finding:
    """The finding with the bytes it rests on; words of the checks become names of fields."""
    places = tuple(place for n in finding.frames for place in _places(view, n, finding.fields))
    fields = tuple(dict.fromkeys(place.field for place in places if place.field))
    return msgspec.structs.replace(finding, places=places, fields=fields or finding.fields)


def _places(view: View, n: int, words: tuple[str, ...]) -> Iterator[Place]:
    record = view.by_number.get(n)
    if not isinstance(record, FrameSeen):
        return  # an event has no bytes
    found: set[FieldPlace] = set()
    message = view.language.read(record.raw)  # a frame may be cited that is not of this gun
    if isinstance(message, Message) and not record.damage:
        found.update(place for word in words for place in view.language.places(message, word))
    for field, start, end in sorted(found, key=lambda place: place.start):
        yield Place(n, field, start, end)
    if not found:
        yield Place(n, "", 0, len(record.raw))


def window(view: View, first: int, last: int) -> list[int]:
    """What opens and closes a window in which something did not happen, and the pile's heartbeats between.

    Both ends are the frames next to them inside, and the records `first` and `last` themselves. A window in which
    nothing came at all opens with the last word before it.
    """
    inside = [seen for seen in view.frames if first <= seen.n <= last]
    inside = inside or [seen for seen in view.frames if seen.n < first][-1:]
    ends = [n for n in (first, last) if n in view.by_number]
    return attended(view, [*ends, *(seen.n for seen in (*inside[:1], *inside[-1:]))])


def attended(view: View, shown: Iterable[int]) -> list[int]:
    """Records that show that something did not happen, and the pile's heartbeats between the first and the last."""
    cited = sorted(set(shown) - {0})
    return sorted({*cited, *(n for n in view.heartbeats if cited[0] < n < cited[-1])}) if cited else []


def attempt(view: View) -> list[int]:
    """The window that is the whole attempt."""
    there = [record.n for record in view.records if record.n >= view.begin_n]
    return window(view, there[0], there[-1]) if there else []
