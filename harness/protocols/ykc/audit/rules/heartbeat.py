"""Heartbeats (6.3)."""

from __future__ import annotations

from harness.core.journal import GONE, LinkChanged
from harness.protocols.ykc.audit.rule import MUST, SHOULD, Rule
from harness.protocols.ykc.audit.scene import Duty, Scene, Seen
from harness.protocols.ykc.audit.watcher import EVERY_FRAME, Watcher, hears

LOGGED_IN = ("login", "relogin")
PERIOD = 10.0
SHORTEST, LONGEST = 8.0, 12.0  # +-20 % (E-HB)

HEARTBEAT_GAP = Rule(
    id="R-HB-1",
    check="heartbeat_gap",
    level=MUST,
    section="6.3",
    window=30.0,
    slack=0.5,
    tolerance="one gun is enough; only when the pile speaks again on the same connection",
    zh="超过 30 秒没有心跳（应每 10 秒一次）",
    en="no heartbeat for more than 30 s (one is due every 10 s)",
    also=("heartbeat_interval",),
)
HEARTBEAT_INTERVAL = Rule(
    id="R-HB-1",
    check="heartbeat_interval",
    level=SHOULD,
    section="6.3",
    window=PERIOD,
    tolerance="8 to 12 s",
    zh="{gun} 号枪的心跳间隔 {seconds} 秒，应为 10 秒（8 至 12 秒）",
    en="gun {gun}: {seconds} s between heartbeats, 10 s are due (8 to 12 s)",
)


class Heartbeats(Watcher):
    """When each gun's heartbeat came last, and what the pile owes from any of them."""

    rules = (HEARTBEAT_GAP, HEARTBEAT_INTERVAL)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._last: dict[str, Seen] = {}
        self._next: Duty | None = None
        self._overdue: Seen | None = None  # the last one (or the login), when the time is over
        self._watched = False  # was the connection seen when it was made?

    @hears(EVERY_FRAME)
    def frame(self, seen: Seen) -> None:
        """A pile that says nothing at all may be gone; one that speaks again on this connection was there."""
        if self._overdue is not None and seen.up:
            if seen.name != "login":
                self._gap(self._overdue, seen)
            self._overdue = None

    @hears("heartbeat")
    def beat(self, seen: Seen) -> None:
        gun = seen.values.gun_no
        last = self._last.get(gun)
        self._last[gun] = seen
        if last is not None:
            self._interval(gun, last, seen)
        if self._next is not None:
            self._next.done()
        self._next = self.scene.owe(HEARTBEAT_GAP, lambda: self._due(seen))

    @hears("login")
    def login(self, seen: Seen) -> None:
        """They begin anew, on whatever connection."""
        self._last.clear()
        if self._next is not None:
            self._next.done()

    @hears(LinkChanged)
    def link(self, event: LinkChanged) -> None:
        if event.what in GONE:
            self._last.clear()
            self._overdue = None
            self._watched = False
        elif event.what == "connected":
            self._watched = True
        elif event.what in LOGGED_IN:
            self._begins()

    @hears("login_reply")
    def replied(self, seen: Seen) -> None:
        if self._watched and seen.values.login_result == 0:
            self._begins()

    def _begins(self) -> None:
        """After a login there is a first one, too; what has to come before it may take as long as one period.

        Logs leave heartbeats out, so that only who watched the connection can tell that there were none.
        """
        login = self.scene.pile.login
        waits = self._next is not None and self._next.open
        if login is not None and self.scene.pile.of_all_guns and not self._last and not waits:
            self._next = self.scene.owe_within(HEARTBEAT_GAP, 2 * HEARTBEAT_GAP.limit, lambda: self._due(login))

    def _interval(self, gun: str, last: Seen, seen: Seen) -> None:
        if not self.scene.timed(HEARTBEAT_INTERVAL):
            return
        seconds = self.scene.elapsed(last.at, seen.at)
        if self.scene.at_most(last.at, seen.at) < SHORTEST or seconds > LONGEST:
            self.scene.tell(
                HEARTBEAT_INTERVAL,
                [last.n, seen.n],
                gun=gun,
                expected="8 – 12 s",
                seen=f"{seconds:.1f} s",
                seconds=f"{seconds:.1f}",
            )

    def _due(self, last: Seen) -> None:
        self._overdue = last

    def _gap(self, last: Seen, seen: Seen) -> None:
        gun = getattr(last.values, "gun_no", "")
        self.scene.tell(HEARTBEAT_GAP, [last.n, seen.n], gun=gun, expected="≤ 30 s", seen="> 30 s")
