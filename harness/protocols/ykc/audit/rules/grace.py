"""Remote starts of a gun that is not plugged in, and the minute in which it may still be (8.4)."""

from __future__ import annotations

from typing import Any

from harness.core.journal import GONE, LinkChanged
from harness.core.pairs import NONE
from harness.protocols.ykc.audit.rule import MUST, Rule
from harness.protocols.ykc.audit.scene import Duty, Scene, Seen
from harness.protocols.ykc.audit.tolerances import USUAL_REPLY
from harness.protocols.ykc.audit.watcher import Watcher, hears
from harness.protocols.ykc.codes import CHARGING, FAULT, NOT_PLUGGED

GRACE, GRACE_SLACK = 60.0, 5.0

UNPLUGGED = Rule(
    id="R-ST-5",
    check="start_unplugged",
    level=MUST,
    section="8.4",
    tolerance="only guns that were seen plugged in; the next report must say not plugged, too",
    zh="{gun} 号枪没有插枪，却应答启动成功（应为失败，原因 5）",
    en="gun {gun} is not plugged in and confirms the start (failure with reason 5 is due)",
    also=("charging_overdue",),
)
GRACE_MISSED = Rule(
    id="R-ST-6",
    check="grace_missed",
    level=MUST,
    section="8.4",
    window=GRACE,
    slack=GRACE_SLACK,
    tolerance="plugged in within 55 s",
    zh="{gun} 号枪在 60 秒内插枪，没有再发 0x33 成功",
    en="gun {gun} was plugged in within 60 s, and no second 0x33 came",
)
GRACE_OVER = Rule(
    id="R-ST-7",
    check="grace_over",
    level=MUST,
    section="8.4",
    window=GRACE,
    slack=GRACE_SLACK,
    zh="{gun} 号枪{why}，又发了 0x33 成功",
    en="gun {gun} sent a second 0x33 {why}",
    also=("start_reply_too_late", "reconnect"),
)
SECOND_REPLY = Rule(
    id="E-GRACE",
    check="second_start_reply",
    level=MUST,
    section="8.4",
    doubt="E-GRACE",
    zh="{gun} 号枪以原因 {got} 应答启动失败，后来又应答成功（只有原因 5 可以）",
    en="gun {gun} refused the start with reason {got} and confirmed it later (only after reason 5)",
)


class Waiting:
    """A 0x34 and whether the gun was plugged in for it."""

    def __init__(self, sent: Seen) -> None:
        self.sent = sent
        self.yes: Seen | None = None
        self.no: Seen | None = None
        self.unplugged: Seen | None = None  # the report before it was confirmed, which says not plugged in
        self.fault = False
        self.cut = False  # the connection broke
        self.over = False
        self.duty: Duty | None = None

    @property
    def open(self) -> bool:
        """May a second 0x33 still come?"""
        waits = self.no is not None and self.no.values.fail_reason == NOT_PLUGGED
        return waits and self.yes is None and not (self.over or self.cut or self.fault)

    def settle(self) -> None:
        """Nothing is owed any more."""
        if self.duty is not None:
            self.duty.done()
            self.duty = None


class Graces(Watcher):
    """The last 0x34 of each gun."""

    rules = (UNPLUGGED, GRACE_MISSED, GRACE_OVER, SECOND_REPLY)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._waiting: dict[str, Waiting] = {}
        self._have_plugs: set[str] = set()  # guns that were seen plugged in: their sensor works
        self._held: dict[str, list[int]] = {}  # by gun: confirmed while not plugged in, if it has a sensor

    @hears("remote_start")
    def ordered(self, seen: Seen) -> None:
        self._end(seen.values.gun_no)
        self._waiting[seen.values.gun_no] = Waiting(seen)

    @hears("start_confirm", "remote_stop", "transaction_record")
    def no_more(self, seen: Seen) -> None:
        """Stopped, another start, or a record: nobody waits for a plug any more."""
        self._end(seen.values.gun_no)

    @hears(LinkChanged)
    def link(self, event: LinkChanged) -> None:
        if event.what in GONE:
            self._cut()

    @hears("login")
    def login(self, seen: Seen) -> None:
        self._cut()

    @hears("remote_start_reply")
    def replied(self, seen: Seen) -> None:
        waiting = self._waiting.get(seen.values.gun_no)
        if waiting is None or waiting.yes is not None:
            return
        if seen.values.start_result != 1:
            waiting.no = waiting.no or seen
            return
        waiting.yes = seen
        waiting.settle()
        last = self.scene.pile.gun(seen.values.gun_no).last
        if waiting.no is not None:
            self._second(waiting, waiting.no, seen)
        elif last is not None and last.values.gun_plugged == 0 and last.values.status != CHARGING:
            waiting.unplugged = last

    @hears("realtime_data")
    def report(self, seen: Seen) -> None:
        gun = seen.values.gun_no
        if seen.values.gun_plugged == 1:
            self._have_plugs.add(gun)
        waiting = self._waiting.get(gun)
        if waiting is not None:
            self._plug(waiting, seen)
        if gun in self._held and gun in self._have_plugs:
            self._tell_unplugged(gun)

    def _end(self, gun: str) -> None:
        waiting = self._waiting.get(gun)
        if waiting is not None:
            waiting.over = True
            waiting.settle()

    def _cut(self) -> None:
        for waiting in self._waiting.values():
            waiting.cut = True

    def _second(self, waiting: Waiting, no: Seen, yes: Seen) -> None:
        """A success after a failure: only after "not plugged in", and only within the grace."""
        reason, seconds = no.values.fail_reason, self.scene.elapsed(waiting.sent.at)
        if reason != NOT_PLUGGED:
            shown = f"0x{reason:02X}"
            self._tell(SECOND_REPLY, [waiting.sent, no, yes], "0x05", shown, got=shown)
        elif waiting.cut or waiting.fault:
            why = ("掉线后", "after it was offline") if waiting.cut else ("报故障后", "after it reported a fault")
            self._tell(GRACE_OVER, [waiting.sent, no, yes], NONE, "0x33", why=why)
        elif self.scene.timed(GRACE_OVER) and seconds > GRACE_OVER.limit:
            why = (f"在 0x34 之后 {seconds:.0f} 秒", f"{seconds:.0f} s after 0x34")
            self._tell(GRACE_OVER, [waiting.sent, no, yes], "≤ 60 s", f"{seconds:.1f} s", why=why)

    def _plug(self, waiting: Waiting, seen: Seen) -> None:
        """What a report says of the plug, to an order that was confirmed without it, or that waits for it."""
        values = seen.values
        if waiting.unplugged is not None and waiting.yes is not None:
            if values.gun_plugged == 0 and not waiting.over:
                self._held[values.gun_no] = [waiting.unplugged.n, waiting.yes.n, seen.n]
            waiting.unplugged = None
        if values.status == FAULT:
            waiting.fault = True
        if waiting.open and values.gun_plugged == 1:
            self._in_grace(waiting, seen)
        else:
            waiting.settle()

    def _in_grace(self, waiting: Waiting, seen: Seen) -> None:
        """Plugged in, soon enough for a second 0x33 within the minute?"""
        before = self.scene.pile.gun(seen.values.gun_no).previous
        left = GRACE_MISSED.limit - self.scene.elapsed(waiting.sent.at)
        if waiting.duty is None and left >= USUAL_REPLY and before is not None and before.values.gun_plugged == 0:
            waiting.duty = self.scene.owe_within(GRACE_MISSED, left, lambda: self._missed(waiting, seen))

    def _missed(self, waiting: Waiting, plugged: Seen) -> None:
        assert waiting.no is not None
        self._tell(GRACE_MISSED, [waiting.sent, waiting.no, plugged], "0x33 成功 / 0x33 success", NONE)

    def _tell_unplugged(self, gun: str) -> None:
        self.scene.tell(
            UNPLUGGED,
            self._held.pop(gun),
            gun=gun,
            expected="失败，原因 5 / failure, reason 5",
            seen="成功 / success",
            fields=("gun_plugged",),
        )

    def _tell(self, rule: Rule, marks: list[Seen], expected: str, seen: str, **facts: Any) -> None:
        gun = marks[0].values.gun_no
        self.scene.tell(rule, sorted(mark.n for mark in marks), gun=gun, expected=expected, seen=seen, **facts)
