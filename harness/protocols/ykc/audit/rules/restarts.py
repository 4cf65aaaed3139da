"""Restarts: at once or when idle, and back again (4, 11.1)."""

from __future__ import annotations

from typing import NamedTuple

from harness.core.journal import GONE, LinkChanged
from harness.core.pairs import NONE
from harness.protocols.ykc.audit.rule import MUST, Rule
from harness.protocols.ykc.audit.scene import Duty, Scene, Seen
from harness.protocols.ykc.audit.watcher import Watcher, hears
from harness.protocols.ykc.codes import AT_ONCE, CHARGING, IDLE, WHEN_IDLE

BACK_WITHIN = 180.0
STARTS = (  # what says that a gun will charge
    "remote_start",
    "remote_start_reply",
    "start_request",
    "start_confirm",
    "parallel_remote_start",
    "parallel_remote_start_reply",
    "parallel_start_request",
    "parallel_start_confirm",
)

REBOOT_BUSY = Rule(
    id="R-RB-1",
    check="reboot_while_charging",
    level=MUST,
    section="11.1",
    tolerance="when the charge does not go on after the login, within 180 s",
    zh="要求空闲时重启，桩在充电中就重启了",
    en="it was told to restart when idle, and went down while charging",
)
NOT_RESTARTED = Rule(
    id="R-RB-1",
    check="not_restarted",
    level=MUST,
    section="11.1",
    window=BACK_WITHIN,
    tolerance="180 s, from 0x91; when idle: while all guns report idle and unplugged",
    zh="要求{when}重启，桩应答成功，180 秒后仍在原来的连接上，没有重启",
    en="it was told to restart {when} and said yes; 180 s later it is still there on the same connection",
)
NO_RELOGIN = Rule(
    id="R-LG-1",
    check="not_back_after_reboot",
    level=MUST,
    section="4, 11.1",
    window=BACK_WITHIN,
    zh="重启后 180 秒内没有重新登录",
    en="no login within 180 s of the restart",
)


class Cut(NamedTuple):
    """A connection that was lost while a gun charged and a restart was due once it is idle."""

    asked: Seen
    replied: Seen
    charging: Seen
    at: float


class Restarts(Watcher):
    """0x92: at once or when idle, then back within 180 s."""

    rules = (REBOOT_BUSY, NOT_RESTARTED, NO_RELOGIN)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._asked: Seen | None = None
        self._replied: Seen | None = None
        self._goes: Duty | None = None
        self._back: Duty | None = None
        self._cut: Cut | None = None

    @hears("remote_reboot")
    def asked(self, seen: Seen) -> None:
        self._asked, self._replied = seen, None
        self._may_stay()

    @hears("remote_reboot_reply")
    def replied(self, seen: Seen) -> None:
        asked = self._asked
        if asked is None or seen.values.set_result != 1:
            return
        self._replied = seen
        if asked.values.exec_control == AT_ONCE or self._has_to_go(asked):
            self._goes = self._goes or self.scene.owe(NOT_RESTARTED, lambda: self._stayed(asked, seen))

    @hears("login", "login_reply")
    def back(self, seen: Seen) -> None:
        self._may_stay()
        if self._back is not None:
            self._back.done()
        self._asked = self._replied = self._back = None

    @hears(*STARTS)
    def starts(self, seen: Seen) -> None:
        """A gun is about to charge: who restarts when idle waits for the next report that says so."""
        if self._asked is not None and self._asked.values.exec_control == WHEN_IDLE:
            self._may_stay()

    @hears(LinkChanged)
    def link(self, event: LinkChanged) -> None:
        asked, replied = self._asked, self._replied
        if event.what not in GONE or asked is None or replied is None:
            return
        busy = next((gun.last for gun in self.scene.pile.guns.values() if gun.charging), None)
        if asked.values.exec_control == WHEN_IDLE and busy is not None:
            self._cut = Cut(asked, replied, busy, self.scene.at)
        self._may_stay()
        self._asked = self._replied = None
        self._back = self.scene.owe(NO_RELOGIN, lambda: self._gone(asked, replied), over_relogin=True)

    @hears("realtime_data")
    def idle(self, seen: Seen) -> None:
        """Has who restarts when idle to go now?"""
        asked, replied = self._asked, self._replied
        if asked is None or replied is None or asked.values.exec_control != WHEN_IDLE:
            return
        if not self._has_to_go(asked):
            self._may_stay()
        elif self._goes is None:
            self._goes = self.scene.owe(NOT_RESTARTED, lambda: self._stayed(asked, replied, seen))

    @hears("realtime_data")
    def report(self, seen: Seen) -> None:
        """The first one of the gun that charged: was it the restart that cut the connection?"""
        cut = self._cut
        if cut is None or cut.charging.values.gun_no != seen.values.gun_no:
            return
        self._cut = None
        if seen.values.status != CHARGING and seen.at - cut.at <= BACK_WITHIN:
            frames = sorted((cut.asked.n, cut.replied.n, cut.charging.n, seen.n))
            gun = seen.values.gun_no
            self.scene.tell(REBOOT_BUSY, frames, gun=gun, expected="空闲 / idle", seen="充电 / charging")

    def _has_to_go(self, asked: Seen) -> bool:
        """Is nobody at any gun? One that is plugged in may be kept for who stands there."""
        pile = self.scene.pile
        reports = [gun.last.values for gun in pile.guns.values() if gun.last is not None]
        all_heard = pile.of_all_guns and pile.gun_count is not None and len(reports) >= pile.gun_count
        free = all(values.status == IDLE and values.gun_plugged == 0 for values in reports)
        return asked.values.exec_control == WHEN_IDLE and all_heard and free

    def _may_stay(self) -> None:
        if self._goes is not None:
            self._goes.done()
            self._goes = None

    def _stayed(self, *marks: Seen) -> None:
        self._asked = self._replied = self._goes = None
        when = ("立即", "at once") if marks[0].values.exec_control == AT_ONCE else ("空闲时", "when idle")
        self.scene.tell(NOT_RESTARTED, [seen.n for seen in marks], expected="0x01 ≤ 180 s", seen=NONE, when=when)

    def _gone(self, asked: Seen, replied: Seen) -> None:
        self.scene.tell(NO_RELOGIN, [asked.n, replied.n], expected="0x01 ≤ 180 s", seen=NONE)


__all__ = ["Restarts"]
