"""When real-time data come: in their periods, when asked for, and when something changes (7.1, 7.2)."""

from __future__ import annotations

from harness.core.journal import GONE, LinkChanged
from harness.core.pairs import NONE, joined
from harness.protocols.ykc.audit.charges import Gun
from harness.protocols.ykc.audit.facts import PileFacts
from harness.protocols.ykc.audit.learning import BURST
from harness.protocols.ykc.audit.rule import MUST, SHOULD, Rule
from harness.protocols.ykc.audit.rules.heartbeat import LOGGED_IN
from harness.protocols.ykc.audit.scene import Duty, Scene, Seen
from harness.protocols.ykc.audit.watcher import Watcher, hears
from harness.protocols.ykc.codes import CHARGING, IDLE

ALIKE = 9  # guns whose numbers are the same as BCD and as BIN (E-GUN)
ANSWERS = 10.0  # s in which a report with the serial of a 0x12 is its answer
MOST_ASKED = 4  # remembered beside the last

LATE = Rule(
    id="R-RT-1",
    check="realtime_late",
    level=SHOULD,
    section="7.2",
    window=15.0,
    slack=3.0,
    tolerance="no lower bound",
    zh="{gun} 号枪充电中超过 18 秒没有 0x13（应每 15 秒一次）",
    en="gun {gun}: no 0x13 for more than 18 s while charging (one is due every 15 s)",
)
GAP = Rule(
    id="R-RT-1",
    check="realtime_gap",
    level=MUST,
    section="7.2",
    window=45.0,
    tolerance="no lower bound",
    zh="{gun} 号枪充电中超过 45 秒没有 0x13（应每 15 秒一次）",
    en="gun {gun}: no 0x13 for more than 45 s while charging (one is due every 15 s)",
    also=("realtime_late",),
)
IDLE_GAP = Rule(
    id="R-RT-2",
    check="idle_realtime_gap",
    level=MUST,
    section="7.2",
    window=360.0,
    tolerance="360 s, no lower bound",
    zh="{gun} 号枪空闲时超过 6 分钟没有 0x13（应每 5 分钟一次）",
    en="gun {gun}: no 0x13 for more than 6 min while idle (one is due every 5 min)",
)
UNREPORTED = Rule(
    id="R-RT-3",
    check="change_not_reported",
    level=MUST,
    section="7.2",
    window=5.0,
    tolerance="only what an answer to 0x12 shows",
    zh="{gun} 号枪变为{now}（原来是{before}），只在应答 0x12 时说了，没有主动上送 0x13",
    en="gun {gun} is {now} (it was {before}); only the answer to 0x12 tells it, no 0x13 came by itself",
    doubt="E-ECHO",
)
UNANSWERED = Rule(
    id="R-RT-4",
    check="call_not_answered",
    level=SHOULD,
    section="7.1, 7.2",
    window=10.0,
    tolerance="any 0x13 of the gun is an answer",
    zh="{gun} 号枪：发出 0x12 后 10 秒内没有 0x13",
    en="gun {gun}: no 0x13 within 10 s of 0x12",
)
OVER = ("remote_stop_reply", "charge_end", "bms_abort", "charger_abort", "transaction_record")
NO_REPORT = joined(("没有充电状态的 0x13", "no 0x13 that says charging"))
STATES = {0: ("离线", "offline"), 1: ("故障", "faulty"), 2: ("空闲", "idle"), 3: ("充电", "charging")}
PLUGGED = {0: ("未插枪", "unplugged"), 1: ("已插枪", "plugged in")}


def live(gun: Gun, seen: Seen) -> bool:
    """Does this report tell how it is now? A burst of them after an outage tells what was (R-RT-10)."""
    charge, before = gun.charge, gun.previous
    if gun.stored is seen:
        return False
    if charge is not None and charge.order is not None and not charge.relogins:
        return True
    if before is None or before.values.status != CHARGING:
        return False
    began_away = charge is None or charge.order is None  # then nothing but the pace tells it from stored data
    return BURST <= seen.at - before.at <= (LATE.limit if began_away else GAP.limit)


def there(pile: PileFacts, gun: str) -> bool:
    """May the pile have a gun of this number?"""
    return gun.isdigit() and (pile.gun_count is None or 0 < int(gun) <= pile.gun_count)


class Periods(Watcher):
    """What each gun owes since its last report. What announces the end of a charge ends the 15 s, too."""

    rules = (LATE, GAP, IDLE_GAP)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._charging: dict[str, tuple[Duty, Duty]] = {}
        self._charged: dict[str, int] = {}  # its last report that says charging
        self._idle: dict[str, Duty | None] = {}  # None while it is not idle

    @hears(LinkChanged)
    def link(self, event: LinkChanged) -> None:
        if event.what in GONE:
            self._charging.clear()
            self._idle.clear()
        elif event.what in LOGGED_IN:
            self._begins()

    @hears("realtime_data")
    def report(self, seen: Seen) -> None:
        gun = self.scene.pile.gun(seen.values.gun_no)
        self._end(gun.number)
        idle = self._idle.get(gun.number)
        if idle is not None:
            idle.done()
        if seen.values.status == IDLE:
            self._rest(gun.number, seen)
            return
        self._idle[gun.number] = None
        if seen.values.status == CHARGING:
            self._charged[gun.number] = seen.n
        if seen.values.status == CHARGING and live(gun, seen):
            owe, number = self.scene.owe, gun.number
            self._charging[number] = (
                owe(LATE, lambda: self._late(LATE, number, seen, "18 s")),
                owe(GAP, lambda: self._late(GAP, number, seen, "45 s")),
            )

    @hears("transaction_record")
    def record(self, seen: Seen) -> None:
        """A charge of which no report said charging, though energy flowed for longer than a report may be due."""
        charge, values = self.scene.pile.charge_of(seen.values.transaction_serial), seen.values
        if charge is None or charge.order is None or self.scene.pile.repeats(seen):
            return
        if self._charged.get(charge.gun_no, 0) > charge.order.n:
            return
        start, end = values.start_time.time, values.end_time.time
        seconds = (end - start).total_seconds() if start and end else 0
        online = seen.at - charge.order.at if not charge.relogins and self.scene.timed(GAP) else 0
        if values.total_energy > 0 and min(seconds, online) > GAP.limit:
            limit = f"≤ {GAP.limit:.0f} s"
            self.scene.tell(GAP, [charge.order.n, seen.n], gun=charge.gun_no, expected=limit, seen=NO_REPORT)

    @hears(*OVER)
    def over(self, seen: Seen) -> None:
        self._end(seen.values.gun_no)

    @hears("heartbeat")
    def beat(self, seen: Seen) -> None:
        """A gun that is there owes a first report, too."""
        if seen.values.gun_no not in self._idle and there(self.scene.pile, seen.values.gun_no):
            self._rest(seen.values.gun_no, seen)

    def _begins(self) -> None:
        """After a login every gun of the pile owes a first report, if the journal would hold it."""
        login, count = self.scene.pile.login, self.scene.pile.gun_count or 0
        if login is None or not self.scene.pile.of_all_guns:
            return
        for gun in (f"{number:02d}" for number in range(1, min(count, ALIKE) + 1)):
            if gun not in self._idle:
                self._rest(gun, login)

    def _rest(self, gun: str, seen: Seen) -> None:
        self._idle[gun] = self.scene.owe(IDLE_GAP, lambda: self._late(IDLE_GAP, gun, seen, "360 s"))

    def _end(self, gun: str) -> None:
        for duty in self._charging.pop(gun, ()):
            duty.done()

    def _late(self, rule: Rule, gun: str, last: Seen, limit: str) -> None:
        self.scene.tell(rule, [last.n], gun=gun, expected=f"≤ {limit}", seen=f"> {limit}")


class Calls(Watcher):
    """0x12, its answer, and changes that nothing but the answer tells."""

    rules = (UNANSWERED, UNREPORTED)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._asked: dict[str, list[Seen]] = {}
        self._owed: dict[str, Duty] = {}
        self._change: dict[str, Duty] = {}  # that a report by itself is due

    @hears(LinkChanged)
    def link(self, event: LinkChanged) -> None:
        if event.what in GONE:
            self._asked.clear()

    @hears("realtime_read")
    def asks(self, seen: Seen) -> None:
        gun = seen.values.gun_no
        if not there(self.scene.pile, gun):
            return
        self._asked[gun] = [*self._asked.get(gun, ())[-MOST_ASKED:], seen]
        owed = self._owed.get(gun)
        if owed is None or not owed.open:
            self._owed[gun] = self.scene.owe(UNANSWERED, lambda: self._silent(gun, seen))

    @hears("realtime_data")
    def report(self, seen: Seen) -> None:
        gun = self.scene.pile.gun(seen.values.gun_no)
        owed = self._owed.get(gun.number)
        if owed is not None:
            owed.done()
        asked = next((each for each in self._asked.get(gun.number, ()) if self._answers(each, seen)), None)
        if asked is None:
            due = self._change.pop(gun.number, None)
            if due is not None:
                due.done()
            return
        self._asked[gun.number].remove(asked)
        before = gun.previous
        if before is None or gun.stored in (before, seen):
            return
        if _state(before) != _state(seen):
            self._change[gun.number] = self.scene.owe(
                UNREPORTED, lambda: self._unreported(gun.number, before, asked, seen)
            )

    def _answers(self, asked: Seen, seen: Seen) -> bool:
        return asked.message.serial == seen.message.serial and seen.at - asked.at < ANSWERS

    def _silent(self, gun: str, asked: Seen) -> None:
        self.scene.tell(UNANSWERED, [asked.n], gun=gun, expected="0x13", seen=NONE)

    def _unreported(self, gun: str, before: Seen, asked: Seen, seen: Seen) -> None:
        was, now = _changed(before, seen)
        self.scene.tell(
            UNREPORTED,
            [before.n, asked.n, seen.n],
            gun=gun,
            expected=joined(("主动上送", "a report by itself")),
            seen=joined(now),
            fields=("status", "gun_plugged"),
            of=seen,
            before=was,
            now=now,
        )


def _state(seen: Seen) -> tuple[int, int]:
    return seen.values.status, seen.values.gun_plugged


def _changed(before: Seen, seen: Seen) -> tuple[tuple[str, str], tuple[str, str]]:
    """What it was and what it is, in words."""
    if before.values.status != seen.values.status:
        return _word(STATES, before.values.status), _word(STATES, seen.values.status)
    return _word(PLUGGED, before.values.gun_plugged), _word(PLUGGED, seen.values.gun_plugged)


def _word(words: dict[int, tuple[str, str]], value: int) -> tuple[str, str]:
    return words.get(value, (str(value), str(value)))


__all__ = ["Calls", "Periods", "live"]
