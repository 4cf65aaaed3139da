"""The audit of a capture: frames are cut from its links, sorted by pile, and each pile has an auditor of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from zoneinfo import ZoneInfo

from harness.core.auditing import AuditFinding
from harness.core.capture import (
    EXPORT,
    LOG,
    Began,
    CaptureAudit,
    Ended,
    Happening,
    Hole,
    Piece,
    Recorded,
    WholeFrame,
)
from harness.core.journal import PILE, EventSeen, FrameSeen, Opened
from harness.core.message import Message
from harness.protocols.ykc.audit.captured_link import Item, Link
from harness.protocols.ykc.audit.captured_pile import Pile, by_charge
from harness.protocols.ykc.audit.captured_sums import Opening, Places, Totals
from harness.protocols.ykc.audit.facts import MOST_CHARGES
from harness.protocols.ykc.audit.rules import RULES

FEW_CHARGES = 5
MOST_PILES = 500  # judged at a time, so that the memory suffices
MOST_KNOWN = 50_000  # piles that are told apart when one alone is judged
MANY = 50  # piles: from so many on, less is remembered of each
COUNTED = ("frames_lost", "between_cases")  # holes in what the file holds; others are told otherwise
MOST_EARLY = 50  # frames and damage of a link on which no pile is known yet


class Captured:
    """Hears what happened in a capture, one thing after the other; `only` judges one pile alone.

    `wall` gives the true time at moment 0, None where the file does not tell; `timezone` is where the piles stand.
    """

    def __init__(
        self,
        *,
        strict: bool = False,
        only: str = "",
        timezone: str = "Asia/Shanghai",
        wall: Callable[[], datetime | None] = lambda: None,
    ) -> None:
        self.strict = strict
        self.only = only
        self.timezone = timezone
        self._wall = wall
        self._times: bool | None = None
        self._were_times = False
        self._n = 0
        self._places = Places()
        self._cited: dict[int, int] = {}
        self._moments: dict[int, float] = {}
        self._journals = Opening()
        self._piles: dict[str, Pile] = {}
        self._links: dict[str, Link] = {}
        self._on: dict[str, dict[str, Pile]] = {}  # piles by link
        self._kept: Pile | None = None  # whose journal is read
        self._totals = Totals()
        self._rest: Counter[str] = Counter()
        self._slips = False  # has a log wrong letters or digits that are not the pile's?

    def take(self, happening: Happening) -> None:
        """One more."""
        if self._times is None:
            self._times = self._were_times = happening.at is not None
        link = self._link(happening)
        if isinstance(happening, Piece):
            for item in link.feed(happening):
                self._item(item, link)
            self._tear(link)
        elif isinstance(happening, Began):
            link.began_at, link.peer = happening.at or 0.0, happening.peer
        elif isinstance(happening, Ended):
            self._ended(link, happening)
        elif isinstance(happening, Hole):
            self._hole(link, happening)
        elif isinstance(happening, Recorded):
            self._recorded(happening, link)
        else:
            self._item(link.whole(happening), link)

    @property
    def codes(self) -> list[str]:
        """The piles seen so far."""
        return sorted(self._piles)

    def result(self) -> CaptureAudit:
        """The capture is over."""
        for name in tuple(self._links):
            self._forget(self._links[name])
        piles = sorted(self._piles.values(), key=lambda pile: pile.code)
        judged = [pile for pile in piles if self.only in ("", pile.code)]
        return CaptureAudit(
            piles=tuple(pile.told(self._slips) for pile in judged),
            rest={what: size for what, size in self._rest.items() if size},
            places=self._cited,
            moments=self._moments,
            rules=frozenset(rule.id for rule in RULES),
            began=self._wall_at_0(),
            times=self._were_times,
            **asdict(self._totals),
        )

    # Links

    def _link(self, happening: Happening) -> Link:
        link = self._links.get(happening.link)
        if link is None:
            is_tcp = happening.link not in (LOG, EXPORT)
            link = Link(happening.link, is_tcp=is_tcp, from_start=isinstance(happening, Began))
            self._links[link.name] = link
        return link

    def _hole(self, link: Link, hole: Hole) -> None:
        if link.is_foreign:
            return
        self._slips = self._slips or (link.name == LOG and hole.why == "frames_lost")
        link.hole()
        link.take_torn()
        link.from_start = False
        link.holes += hole.why in COUNTED
        link.lost += hole.lost
        if hole.why == "times":
            self._time(hole.at is not None)
        for pile in (*self._on.get(link.name, {}).values(), *filter(None, [self._kept])):
            if pile.link is link or pile is self._kept:
                pile.hole(hole.why)

    def _time(self, times: bool) -> None:
        self._times = times
        self._were_times = self._were_times or times
        for pile in self._piles.values():
            pile.timed(times)

    def _tear(self, link: Link) -> None:
        """A log lost a frame, and nobody knows what it said."""
        if link.take_torn():
            self._holed(link)

    def _holed(self, link: Link) -> None:
        link.holes += 1
        for pile in self._on.get(link.name, {}).values():
            pile.hole()

    def _ended(self, link: Link, ended: Ended) -> None:
        for item in link.finish():
            self._item(item, link)
        link.take_torn()
        for pile in self._on.get(link.name, {}).values():
            pile.lost(self._n, ended.at or 0.0, link)
        self._forget(link)

    def _forget(self, link: Link) -> None:
        """Nothing more comes on a link: only its sums are kept."""
        for item in link.finish():
            self._item(item, link)
        del self._links[link.name]
        self._totals.unplaced += len(link.early)
        self._totals.copies += link.doubted
        self._on.pop(link.name, None)
        self._totals.add(link)
        if link.frames or not link.is_tcp:
            self._rest.update(link.rest)

    # Frames and damage

    def _item(self, item: Item, link: Link) -> None:
        self._n = max(self._n + 1, item.n)
        self._places.add(self._n, item.place, item.at)
        self._totals.frames += not item.damage
        self._tear(link)
        if item.damage and item.sender != PILE and link.name == LOG:
            self._slips = True
        if not item.sender:
            self._totals.unplaced += 1
            if link.name == LOG:
                self._holed(link)
            return
        piles = self._piles_of(item, link)
        if piles is None:
            self._totals.too_many += 1
            return
        if not piles:
            self._keep_early(item, link)
            if item.damage:  # of one of several piles, and nobody knows what it said
                self._holed(link)
            return
        for n, early in link.take_early():
            piles[0].hear(n, early, link)
        for pile in piles:
            self._hear(pile, item, link)

    def _recorded(self, recorded: Recorded, link: Link) -> None:
        """A record of a journal of ours; each journal names its pile when it is opened."""
        record = recorded.record
        read: Message | None = None
        if isinstance(record, EventSeen) and isinstance(record.event, Opened):
            self._kept = self._pile(str(record.event.profile.get("pile_code", "")))
            self._journals.opens(record.event, record.at)
            if self._kept is not None:
                self._kept.hole("between_cases")
        if isinstance(record, FrameSeen):
            frame = WholeFrame(EXPORT, record.at, record.sender, record.raw, recorded.place, record.damage)
            read = link.whole(frame).message
            self._totals.frames += not record.damage
        self._places.add(record.n, recorded.place, record.at + self._journals.since)
        if self._kept is not None:
            self._kept.keep(record, self._journals.since, read)

    def _wall_at_0(self) -> str:
        wall = self._journals.began or self._wall()
        return "" if wall is None else wall.astimezone(ZoneInfo(self.timezone)).isoformat()

    def _hear(self, pile: Pile, item: Item, link: Link) -> None:
        if pile.code in link.copies:
            self._totals.copies += 1
        elif pile.is_copy(item, link):
            self._totals.copies += link.doubt(pile.code, self._n, item)
        else:
            for n, before in link.take_doubted(pile.code):
                pile.hear(n, before, link)
            pile.hear(self._n, item, link)

    def _piles_of(self, item: Item, link: Link) -> list[Pile] | None:
        """Whose frame or damage it is: that of the pile it names, of the only one here, of the charge, else nobody's.

        None when it is of one pile too many.
        """
        here = self._on.setdefault(link.name, {})
        if item.names and item.names not in here and self._is_here(item, link, here):
            pile = self._pile(item.names)
            if pile is None:
                return None
            here[item.names] = pile
        if item.names in here:
            return [here[item.names]]
        return list(here.values()) if len(here) == 1 else by_charge(item.message, here)

    def _is_here(self, item: Item, link: Link, here: dict[str, Pile]) -> bool:
        """Does a new code on a link mean another pile, or does the pile here carry a wrong one (R-ID-1)?"""
        if item.sender == PILE and item.message is not None and item.message.name == "login":
            link.logged_in = True
            return True
        if link.name == EXPORT or item.damage:
            return not here
        return not link.is_tcp or not (link.logged_in or (link.from_start and here))

    def _pile(self, code: str) -> Pile | None:
        """The pile of a code; None when there are too many."""
        pile = self._piles.get(code)
        if pile is None and len(self._piles) < (MOST_KNOWN if self.only else MOST_PILES):
            pile = self._piles[code] = Pile(
                code,
                strict=self.strict,
                times=bool(self._times),
                opened=self._opened,
                tell=self._tell,
                is_judged=self.only in ("", code),
                charges=FEW_CHARGES if len(self._piles) >= MANY else MOST_CHARGES,
            )
        return pile

    def _opened(self) -> Opened | None:
        wall = self._wall()
        return None if wall is None else Opened(wall=wall.isoformat(), timezone=self.timezone)

    def _keep_early(self, item: Item, link: Link) -> None:
        if not self._on.get(link.name) and len(link.early) < MOST_EARLY:
            link.early.append((self._n, item))
        else:
            self._totals.unplaced += 1

    def _tell(self, findings: tuple[AuditFinding, ...]) -> None:
        """Remember where the frames stand that a finding cites, and those of its window."""
        for finding in findings:
            for n in (*finding.frames, *finding.window):
                place = self._places.of(n)
                if place is not None:
                    self._cited[n] = place
                    self._moments[n] = self._places.moment(n)


__all__ = ["Captured"]
