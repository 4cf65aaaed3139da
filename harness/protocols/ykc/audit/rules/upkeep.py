"""Clock, parking lock and update (9.4, 10, 11.3)."""

from __future__ import annotations

from harness.core.pairs import NONE
from harness.protocols.ykc.audit.rule import MUST, SHOULD, Rule
from harness.protocols.ykc.audit.scene import Duty, Scene, Seen
from harness.protocols.ykc.audit.tolerances import CLOCK_SLACK
from harness.protocols.ykc.audit.watcher import Watcher, hears
from harness.protocols.ykc.codes import WHEN_IDLE

UPDATE_SLACK = 300.0
MINUTE = 60.0

CLOCK_WRONG = Rule(
    id="R-TI-2",
    check="clock_wrong",
    level=MUST,
    section="9.4",
    doubt="E-TZ",
    tolerance="60 s; the old or the new time",
    zh="0x55 的时间 {got} 与桩应有的时间 {wanted} 相差超过 60 秒",
    en="0x55 shows {got}; the pile's clock should read {wanted}, give or take 60 s",
)
LOCK_SILENT = Rule(
    id="R-LK-2",
    check="lock_silent",
    level=SHOULD,
    section="10.1",
    window=600.0,
    tolerance="after a first 0x61 only",
    zh="{gun} 号枪的地锁 10 分钟没有上报（应每 5 分钟一次）",
    en="no 0x61 of the lock at gun {gun} for 10 min (one is due every 5 min)",
    also=("lock_change_silent",),
)
LOCK_CHANGE_SILENT = Rule(
    id="R-LK-1",
    check="lock_change_silent",
    level=MUST,
    section="10.1",
    window=60.0,
    tolerance="after a first 0x61 only; a lock that is to move has 60 s to move and to say so",
    zh="{gun} 号枪的地锁已应答 0x62，60 秒内没有上报变化",
    en="the lock at gun {gun} answered 0x62, and reported no change within 60 s",
    also=("lock_silent",),
)
LOCK_ALARM = Rule(
    id="R-LK-3",
    check="lock_alarm_repeated",
    level=SHOULD,
    section="10.1",
    tolerance="the state every 5 min is right",
    zh="{gun} 号枪的地锁没有报警也没有变化，却在 {seconds} 秒内又上报",
    en="the lock at gun {gun} reported again after {seconds} s though nothing had changed and there is no alarm",
)
NO_UPDATE_REPLY = Rule(
    id="R-UP-3",
    check="update_reply_missing",
    level=MUST,
    section="11.4",
    window=UPDATE_SLACK,
    doubt="E-94",
    tolerance="download_timeout + 5 min",
    zh="升级命令后 {minutes} 分钟（下载超时加 5 分钟）没有 0x93",
    en="no 0x93 within {minutes} min of the update command (download timeout and 5 min)",
)


class Clocks(Watcher):
    """0x55 against the time that was told; the document does not say whether it gives the old or the new one."""

    rules = (CLOCK_WRONG,)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._told: Seen | None = None

    @hears("time_sync")
    def told(self, seen: Seen) -> None:
        self._told = seen

    @hears("time_sync_reply")
    def replied(self, seen: Seen) -> None:
        told, shown = self._told, seen.values.current_time.time
        if told is None or shown is None:
            return
        new = told.values.current_time.time
        clock = self.scene.pile.clock
        old = [first for first, _ in clock.could_show(told.at - 1, told.at)] if self._known_before(told) else None
        if new is None or old is None or any(abs(shown - each) <= CLOCK_SLACK for each in (new, *old)):
            return
        self.scene.tell(
            CLOCK_WRONG,
            [told.n, seen.n],
            expected=f"{new}",
            seen=f"{shown}",
            fields=("current_time",),
            got=f"{shown:%Y-%m-%d %H:%M:%S}",
            wanted=f"{new:%Y-%m-%d %H:%M:%S}",
        )

    def _known_before(self, told: Seen) -> bool:
        """Was the pile told the time before this, on this clock? Else it may rightly show any old time."""
        return bool(self.scene.pile.clock.offsets(told.at - 1.0, told.at - 0.001))


class Locks(Watcher):
    """Parking locks, by gun."""

    rules = (LOCK_SILENT, LOCK_CHANGE_SILENT, LOCK_ALARM)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._last: dict[str, Seen] = {}
        self._next: dict[str, Duty] = {}
        self._moved: dict[str, Duty] = {}
        self._told: dict[str, int] = {}  # where it shall be: the codes of 0x62 and 0x61 are the same

    @hears("ground_lock_control")
    def told(self, seen: Seen) -> None:
        self._told[f"{seen.values.gun_no:02d}"] = seen.values.lock_action

    @hears("ground_lock_report")
    def report(self, seen: Seen) -> None:
        gun = f"{seen.values.gun_no:02d}"
        last = self._last.get(gun)
        self._last[gun] = seen
        for duties in (self._next, self._moved):
            if gun in duties:
                duties.pop(gun).done()
        self._next[gun] = self.scene.owe(LOCK_SILENT, lambda: self._silent(LOCK_SILENT, gun, seen.n))
        if last is not None and self.scene.timed(LOCK_ALARM):
            self._again(gun, last, seen)

    @hears("ground_lock_control_reply")
    def moved(self, seen: Seen) -> None:
        gun = f"{seen.values.gun_no:02d}"
        last, wanted = self._last.get(gun), self._told.pop(gun, None)
        if seen.values.control_result == 1 and last is not None and last.values.lock_status != wanted:
            self._moved[gun] = self.scene.owe(LOCK_CHANGE_SILENT, lambda: self._silent(LOCK_CHANGE_SILENT, gun, seen.n))

    def _again(self, gun: str, last: Seen, seen: Seen) -> None:
        seconds = self.scene.at_most(last.at, seen.at)
        if seen.body == last.body and not seen.values.alarm_status and seconds < MINUTE:
            self.scene.tell(
                LOCK_ALARM,
                [last.n, seen.n],
                gun=gun,
                expected="300 s",
                seen=f"{seconds:.0f} s",
                seconds=f"{seconds:.0f}",
            )

    def _silent(self, rule: Rule, gun: str, last: int) -> None:
        self.scene.tell(rule, [last], gun=gun, expected=f"0x61 ≤ {rule.limit:g} s", seen=NONE)


class Updates(Watcher):
    """0x94: a 0x93 has to come."""

    rules = (NO_UPDATE_REPLY,)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._owed: Duty | None = None

    @hears("remote_update")
    def asked(self, seen: Seen) -> None:
        values = seen.values
        if values.exec_control == WHEN_IDLE and self._charging():
            return  # it may take as long as the charge does
        seconds = values.download_timeout * MINUTE + UPDATE_SLACK
        self._owed = self.scene.owe_within(NO_UPDATE_REPLY, seconds, lambda: self._missing(seen), over_relogin=True)

    @hears("remote_update_reply")
    def replied(self, seen: Seen) -> None:
        if self._owed is not None:
            self._owed.done()

    def _charging(self) -> bool:
        return any(gun.charging for gun in self.scene.pile.guns.values())

    def _missing(self, asked: Seen) -> None:
        minutes = asked.values.download_timeout + UPDATE_SLACK / MINUTE
        self.scene.tell(
            NO_UPDATE_REPLY,
            [asked.n],
            expected=f"0x93 ≤ {minutes:.0f} min",
            seen=NONE,
            minutes=f"{minutes:.0f}",
        )


__all__ = ["Clocks", "Locks", "Updates"]
