"""One pile of a capture: what it says as records for an auditor, with what can be told of its connections."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping

import msgspec

from harness.core.auditing import Audit, AuditFinding
from harness.core.capture import PileAudit
from harness.core.journal import PILE, EventSeen, FrameSeen, LinkChanged, Opened, Record
from harness.core.message import Message
from harness.protocols.ykc.audit.auditor import PileAuditor
from harness.protocols.ykc.audit.captured_gaps import OF_RECORDS, Accepted, Confirmed, Counting, Returned
from harness.protocols.ykc.audit.captured_link import Item, Link
from harness.protocols.ykc.audit.captured_parts import merged, one_sided, softened, taken_back
from harness.protocols.ykc.audit.facts import MOST_CHARGES

SILENCE = 30.0  # s without a frame: a platform takes the pile for gone
COPIED_WITHIN = 0.2  # s in which a frame that is captured at two places shows up again
MOST_RECENT = 8  # frames among which it is looked for
MOST_HELD = 100  # frames for a silent pile that are kept until it speaks again; what more is sent to it is lost

ENCRYPTED = "encrypted"  # damage that hides what a sound frame says (E-ENC)

LOST = ("frames_lost", "clock_set")  # holes in which something may have come that nobody can judge now

Tell = Callable[[tuple[AuditFinding, ...]], None]


class Pile:
    """A pile as the capture shows it.

    Where the capture has a hole a new auditor begins, which owes nothing to what was before: nobody is accused of what
    was not seen. A pile that falls silent and comes back by a new login was gone; one that goes on was silent.
    """

    def __init__(
        self,
        code: str,
        *,
        strict: bool,
        times: bool,
        opened: Callable[[], Opened | None],
        tell: Tell,
        is_judged: bool,
        charges: int = MOST_CHARGES,
    ) -> None:
        self.code = code
        self.frames = 0
        self.heard = 0  # of them its own
        self.first = self.until = 0.0
        self.last = 0.0  # what the auditor was told of
        self.both_sides = False  # does the capture show what the platform says?
        self.link: Link | None = None
        self._strict = strict
        self._times = times
        self._opened: Callable[[], Opened | None] | None = opened
        self._tell = tell
        self._is_judged = is_judged
        self._charges = charges
        self._auditor: PileAuditor | None = None
        self._over: list[Audit] = []
        self._looked_at: frozenset[str] = frozenset()
        self._spoke = 0.0  # when it was last heard itself
        self._held: list[tuple[int, Item]] = []
        self._accepted = False  # was a login of it accepted on this link?
        self._recent: deque[bytes] = deque(maxlen=MOST_RECENT)
        self._in_log = False
        self._counting, self._login, self._returned = Counting(), Accepted(), Returned()
        self._confirmed = Confirmed()

    def hear(self, n: int, item: Item, link: Link) -> None:
        """A frame from it, to it, or damage of it."""
        up = item.sender == PILE
        if not self.frames:
            self.first = item.at
        self.frames += 1
        self.heard += up
        self.until = item.at
        if link is not self.link:
            self._in_log = not link.is_tcp and not link.is_export
        if self._in_log and item.message is not None:
            self._look_for_gap(up, item.message, item.at, link)
        self.both_sides = self.both_sides or not up
        if not up and self._times and item.at - self._spoke > SILENCE:
            if len(self._held) < MOST_HELD:
                self._held.append((n, item))
            return
        if up:
            self._came_back(item, link)
            self._spoke = item.at
        if link is not self.link:
            self._moved(n, item, link)
        elif not link.is_tcp and self._accepted and item.message is not None and item.message.name == "login":
            self._link(n, item.at, "lost")
        self._frame(n, item)
        if item.damage and (self._in_log or not up or item.damage == ENCRYPTED):
            link.holes += 1
            self.hole()

    def keep(self, record: Record, since: float, read: Message | None) -> None:
        """A record of a journal of its own, which needs nothing added; `read` is what its frame says.

        `since` is how long after the first journal of the file this one began.
        """
        if isinstance(record, FrameSeen):
            self.frames += 1
            self.heard += record.sender == PILE
            self.both_sides = True
        self._opened = None  # it has its own
        self._see(record, read)
        self.last = self.until = record.at + since

    def _all_looked_at(self) -> frozenset[str]:
        """The rules that had something to look at: none, when the pile was not heard."""
        if not self.heard:
            return frozenset()
        return self._looked_at | (frozenset() if self._auditor is None else self._auditor.looked_at())

    def is_copy(self, item: Item, link: Link) -> bool:
        """Did it say just this a moment ago, on another connection? Then the capture shows one frame twice."""
        if self.link is None or link is self.link or not link.is_tcp:
            return False
        return item.at - self.last < COPIED_WITHIN and item.raw in self._recent

    def has_record(self, serial: str) -> bool:
        """Did it send the record of a charge lately?"""
        return self._auditor is not None and serial in self._auditor.scene.pile.records

    def lost(self, n: int, at: float, link: Link) -> None:
        """A connection ended."""
        if link is self.link:
            if self._times and at - self._spoke > SILENCE:
                self._link(n, self._spoke, "offline")
            self._flush()
            self._link(n, at, "lost")
            self.link = None

    def hole(self, why: str = "frames_lost", since: float | None = None) -> None:
        """Something is missing here, or somewhere `since` a moment (left out: since the pile's last word).

        What the pile owes can no more be judged, nor what it seemed to owe over the hole.
        """
        if why in LOST:
            self._held = []  # said into a silence of which nobody knows how long it was
        self._flush()
        self._counting.skip()
        self._returned.skip()
        if self._auditor is not None:
            audit = self._auditor.result()
            if why in LOST:
                owed = self._auditor.scene.open_duties(why)
                audit = taken_back(audit, self._spoke if since is None else since, self._spoke, why)
                audit = msgspec.structs.replace(audit, not_judged=(*audit.not_judged, *owed))
            over = audit
            self._over = [merged([*self._over, over], self._strict)]
            self._looked_at |= self._auditor.looked_at()
        self._auditor = None

    def timed(self, times: bool) -> None:
        """From here on the file has times, or has none."""
        self.hole("no_times")
        self._times = times

    def told(self, slips: bool) -> PileAudit:
        """All that there is to say about it; `slips`: the log that it is in has wrong letters or digits elsewhere."""
        return PileAudit(
            pile_code=self.code,
            audit=self._result(slips),
            frames=self.frames,
            heard=self.heard,
            first=self.first,
            last=self.until,
            looked_at=self._all_looked_at(),
        )

    def _result(self, slips: bool) -> Audit:
        if not self.heard:
            return merged([], self._strict)
        last = () if self._auditor is None else (self._auditor.result(),)
        found = merged([*self._over, *last], self._strict)
        found = found if self.both_sides else one_sided(found)
        return softened(found, slips, self._counting.ever, self._login.waits) if self._in_log else found

    def _look_for_gap(self, up: bool, message: Message, at: float, link: Link) -> None:
        """Does a frame show that the log lacks one before it?"""
        counted = self._counting.lacks(up, message, at)
        unasked = self._login.lacks(up, message, at - self._spoke, at) and self.heard
        returned = up and self._returned.lacks(message, at)
        confirmed = message.name in OF_RECORDS and self._confirmed.lacks(message) and self.heard
        if counted or unasked or returned or confirmed:
            link.holes += 1
            since = self._returned.since if returned else self._spoke
            self.hole(since=min(since, self._counting.since) if counted else since)

    def _came_back(self, item: Item, link: Link) -> None:
        """What was held while it was silent can be told now: it was gone, or it was not."""
        gone = link is not self.link or (item.message is not None and item.message.name == "login")
        if self._times and gone and self.link is not None and item.at - self._spoke > SILENCE:
            n = self._held[0][0] if self._held else 0
            self._link(n, self._spoke, "offline")
        self._flush()

    def _flush(self) -> None:
        held, self._held = self._held, []
        for n, item in held:
            self._frame(n, item)

    def _moved(self, n: int, item: Item, link: Link) -> None:
        """It speaks on another connection than before."""
        if self.link is not None:
            self._link(n, item.at, "replaced")
        self.link = link
        self._accepted = False
        if link.from_start:
            self._link(n, link.began_at, "connected", link.peer)

    def _frame(self, n: int, item: Item) -> None:
        if item.message is not None and item.message.name == "login_reply":
            self._accepted = item.message.values.login_result == 0
            if self._login.was_granted:
                return  # the audit went on without it, and what was said before it does not count anew
        self._recent.append(item.raw)
        self._see(FrameSeen(n, max(item.at, self.last), item.sender, item.raw, item.damage), item.message)

    def _link(self, n: int, at: float, what: str, peer: str = "") -> None:
        self._accepted = False
        self._see(EventSeen(n, max(at, self.last), LinkChanged(what, peer)))

    def _see(self, record: Record, read: Message | None = None) -> None:
        self.last = record.at
        if not self._is_judged:
            return
        if self._auditor is None:
            self._auditor = PileAuditor(strict=self._strict, times=self._times)
            self._auditor.scene.pile.most_charges = self._charges
            opened = None if self._opened is None or not self._times else self._opened()
            if opened is not None:
                self._auditor.see(EventSeen(record.n, record.at, opened))
        self._tell(self._auditor.see(record, read))


def by_charge(message: Message | None, here: Mapping[str, Pile]) -> list[Pile]:
    """Whose charge a frame without a pile code is about, as 0x40 (E-40): who sent its record, else by its serial."""
    serial = "" if message is None else str(getattr(message.values, "transaction_serial", ""))
    if not serial:
        return []
    sent = [pile for pile in here.values() if pile.has_record(serial)]
    return sent[:1] or [pile for code, pile in here.items() if serial.startswith(code)]


__all__ = ["Pile", "by_charge"]
