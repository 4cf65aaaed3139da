"""Charges of runs whose process was killed: stopped when they show, their records confirmed and kept with the run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Engine

from harness.core.clock import Clock
from harness.core.journal import Journal, Record
from harness.engine.view import View
from harness.protocols.ykc.language import YkcLanguage
from harness.protocols.ykc.platform import Platform
from harness.store.ownership import orphans
from harness.store.recorder import Recorder

LANGUAGE = YkcLanguage()


def open_serials(records: Sequence[Record]) -> Iterable[str]:
    """The serials of charges that a journal starts and has no record of."""
    view = View(records, LANGUAGE)
    begun = [*view.sent("start"), *(s for s in view.sent("ask_start_reply") if LANGUAGE.succeeded(s.message))]
    bills = {bill.serial for seen in view.frames if (bill := LANGUAGE.bill(seen.message)) is not None}
    return [serial for seen in begun if (serial := LANGUAGE.serial(seen.message)) and serial not in bills]


def adopt_leftovers(engine: Engine, platform: Platform, clock: Clock, recorder: Recorder) -> None:
    """Tell the platform which serials belong to runs that are no more."""
    wall = clock.wall()
    for orphan in orphans(engine, wall, open_serials):
        opened_at = clock.monotonic() - (wall - orphan.opened).total_seconds()
        platform.adopt(orphan.serial, Journal(orphan.key, clock, (recorder,), after=orphan.last, opened_at=opened_at))
