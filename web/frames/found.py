"""The list of 查看报文 with those frames alone that findings end on, journal after journal."""

from __future__ import annotations

from sqlalchemy import Engine

from harness.store import frame_log
from harness.store.frame_log import LogFrame, LogPage, Place, Wanted
from web.frames.notes import Marking
from web.frames.query import Seen

BEYOND = 10**14  # no journal has so many records


def found_page(
    engine: Engine, seen: Seen, wanted: Wanted, beyond: Place | None, newer: bool, limit: int, marking: Marking
) -> LogPage:
    """As frame_log.page. The present journal is shown as far as it is known; before an older one that is still being
    audited the search stops, and goes on there.
    """
    ordered = list(reversed(seen.journals)) if newer else seen.journals
    keys = [journal.key for journal in ordered]
    first = keys.index(beyond.key) if beyond is not None and beyond.key in keys else 0
    found: list[LogFrame] = []
    for journal in ordered[first:]:
        here = beyond if beyond is not None and beyond.key == journal.key else None
        present = journal is seen.journals[0]
        if not present and (marking.tired or not marking.of(journal.key).whole):
            return _page(found, here or Place(journal.key, 0 if newer else BEYOND), newer)
        if len(found) == limit:
            return _page(found, found[-1].place, newer)
        page = frame_log.page(engine, [journal], wanted=wanted, beyond=here, newer=newer, limit=limit - len(found))
        found += reversed(page.frames) if newer else page.frames
        if page.on is not None:
            return _page(found, page.on, newer)
    return _page(found, None, newer)


def _page(found: list[LogFrame], on: Place | None, newer: bool) -> LogPage:
    return LogPage(tuple(reversed(found) if newer else found), on)
