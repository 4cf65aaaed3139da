"""Stops: answered, obeyed, and the order of what follows (8.5, 8.6, 5.2, 13.3)."""

from __future__ import annotations

from harness.core import mischief
from harness.core.journal import GONE, LinkChanged, Misbehaved
from harness.core.pairs import NONE, Pair, slashed
from harness.protocols.ykc.audit.charges import Charge, Gun
from harness.protocols.ykc.audit.rule import MUST, SHOULD, Rule
from harness.protocols.ykc.audit.scene import Duty, Scene, Seen
from harness.protocols.ykc.audit.tolerances import CROSSING, STOP_CURRENT
from harness.protocols.ykc.audit.watcher import Watcher, hears
from harness.protocols.ykc.bills import real_serial
from harness.protocols.ykc.codes import APP_STOP, CHARGING

NO_STOP_REPLY = Rule(
    id="R-SP-2",
    check="stop_reply_missing",
    level=SHOULD,
    section="8.6",
    window=10.0,
    slack=0.5,
    tolerance="10 s, where the document gives no limit",
    zh="{gun} 号枪 10 秒内没有应答 0x36 停止命令",
    en="gun {gun}: 0x36 was not answered within 10 s",
)
NOT_STOPPED = Rule(
    id="R-SP-4",
    check="charging_after_stop",
    level=MUST,
    section="8.6, 13.3 no 3",
    window=15.0,
    slack=0.5,
    tolerance="15 s to ramp down, then current above 1 A or rising energy",
    zh="{gun} 号枪收到 0x36 后 {seconds} 秒仍在充电（{got}）",
    en="gun {gun} still charges {seconds} s after 0x36 ({got})",
    also=("app_stop_refused",),
)
APP_REFUSED = Rule(
    id="R-ST-8",
    check="app_stop_refused",
    level=MUST,
    section="5.2",
    tolerance="only for charges by card or VIN that go on",
    zh="{gun} 号枪刷卡或 VIN 启动的充电不接受 APP 停止",
    en="gun {gun}: a charge by card or VIN does not let the app end it",
    also=("charging_after_stop",),
)
STOP_ORDER = Rule(
    id="R-SP-7",
    check="stop_order",
    level=SHOULD,
    section="5.2",
    tolerance="AC has no 0x19",
    zh="{gun} 号枪停止后的顺序不对：{got}（应为 0x35、0x19、0x3B）",
    en="gun {gun}: the order after a stop is wrong, {got} (0x35, 0x19, 0x3B are due)",
)


class Stop:
    """One 0x36, and the charge that it is to end (None: the gun was idle)."""

    def __init__(self, sent: Seen, charge: Charge | None, reply_due: Duty) -> None:
        self.sent = sent
        self.charge = charge
        self.reply_due = reply_due
        self.reply: Seen | None = None
        self.late: Seen | None = None  # the first report after the time to ramp down
        self.told = False
        self.end: Seen | None = None  # a 0x19 before any 0x35, which may have left before the 0x36 arrived
        self.out_of_order = False
        self.recorded = False


class Stops(Watcher):
    """The last 0x36 of each gun."""

    rules = (NO_STOP_REPLY, NOT_STOPPED, APP_REFUSED, STOP_ORDER)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._stops: dict[str, Stop] = {}

    @hears("remote_stop")
    def sent(self, seen: Seen) -> None:
        gun = self.scene.pile.gun(seen.values.gun_no)
        before = self._stops.get(gun.number)
        charge = stoppable(gun)
        if before is None or charge is None or before.charge is not charge:
            self._stops[gun.number] = Stop(seen, charge, self._reply_due(seen))
        elif not before.reply_due.open:  # sent again: the first one counts
            before.reply_due = self._reply_due(seen)

    def _reply_due(self, sent: Seen) -> Duty:
        return self.scene.owe(NO_STOP_REPLY, lambda: self._silent(sent))

    @hears(Misbehaved)
    def ours(self, event: Misbehaved) -> None:
        """A 0x36 that left in pieces is not due to be answered from its first byte."""
        for gun, stop in tuple(self._stops.items()):
            if event.what == mischief.SPLIT and stop.sent.n in event.frames:
                stop.reply_due.done()
                del self._stops[gun]

    @hears(LinkChanged)
    def link(self, event: LinkChanged) -> None:
        if event.what in GONE:
            self._stops.clear()

    @hears("remote_stop_reply")
    def replied(self, seen: Seen) -> None:
        stop = self._stops.get(seen.values.gun_no)
        if stop is None:
            return
        stop.reply_due.done()
        stop.reply = stop.reply or seen

    @hears("remote_start", "start_confirm")
    def another(self, seen: Seen) -> None:
        """What charges from now on was not to be stopped, unless the old charge still runs."""
        stop = self._stops.get(seen.values.gun_no)
        if stop is not None and stop.charge is not None and (stop.recorded or stop.charge.ended is not None):
            del self._stops[seen.values.gun_no]

    @hears("realtime_data")
    def report(self, seen: Seen) -> None:
        stop = self._stops.get(seen.values.gun_no)
        if stop is None or stop.charge is None or seen.values.status != CHARGING or stop.recorded:
            return
        serial = real_serial(seen.values.transaction_serial)
        if serial and serial != stop.charge.serial:
            return
        self._still(stop, stop.charge, seen)

    def _still(self, stop: Stop, charge: Charge, seen: Seen) -> None:
        """It says charging after the stop."""
        current = seen.values.output_current
        refused = stop.reply is not None and stop.reply.values.stop_result != 1
        if refused and current > STOP_CURRENT and charge.way in ("card", "vin") and not stop.told:
            stop.told = True
            self._refused(stop, seen)
        if not self.scene.timed(NOT_STOPPED) or self.scene.elapsed(stop.sent.at) <= NOT_STOPPED.limit:
            return
        before, stop.late = stop.late, stop.late or seen
        rising = before is not None and seen.values.energy > before.values.energy
        if stop.told or not (current > STOP_CURRENT or rising):
            return
        stop.told = True
        got = f"{current} A" if current > STOP_CURRENT else f"{seen.values.energy} kWh"
        self.scene.tell(
            NOT_STOPPED,
            [stop.sent.n, seen.n],
            gun=seen.values.gun_no,
            expected="≤ 1 A",
            seen=got,
            fields=("output_current", "energy"),
            seconds=f"{self.scene.elapsed(stop.sent.at):.0f}",
            got=got,
        )

    def _refused(self, stop: Stop, seen: Seen) -> None:
        frames = sorted({stop.sent.n, seen.n, *([stop.reply.n] if stop.reply else [])})
        self.scene.tell(
            APP_REFUSED,
            frames,
            gun=seen.values.gun_no,
            expected="停止 / stopped",
            seen=f"{seen.values.output_current} A",
            fields=("output_current",),
        )

    @hears("charge_end", "transaction_record")
    def followed(self, seen: Seen) -> None:
        """0x19 or 0x3B of the charge that was to be stopped."""
        stop = self._stops.get(seen.values.gun_no)
        if stop is None or stop.charge is None or seen.values.transaction_serial != stop.charge.serial:
            return
        if seen.name == "charge_end" and stop.recorded:
            self._out_of_order(stop, seen, ("0x19 在 0x3B 之后", "0x19 after 0x3B"))
        elif stop.reply is None and self._by_it(stop, seen):
            self._out_of_order(stop, seen, (f"{seen.code} 之前没有 0x35", f"no 0x35 before {seen.code}"))
        elif seen.name == "charge_end" and stop.reply is None:
            stop.end = seen
        elif seen.name == "transaction_record" and stop.end is not None and self._late_reply(stop, stop.end, seen):
            self._out_of_order(stop, stop.end, ("0x35 之前已有 0x19", "0x19 before 0x35"), seen)
        stop.recorded = stop.recorded or seen.name == "transaction_record"

    def _by_it(self, stop: Stop, seen: Seen) -> bool:
        """Was it this stop that ended the charge? A frame of another end may have left before it arrived."""
        if seen.name == "transaction_record" and seen.values.stop_reason == APP_STOP:
            return True
        return self.scene.times and self.scene.elapsed(stop.sent.at) > CROSSING

    def _late_reply(self, stop: Stop, end: Seen, record: Seen) -> bool:
        """Had the 0x36 arrived when the 0x19 left? Else it would have been answered soon after."""
        if stop.reply is None or not self.scene.times or record.values.stop_reason != APP_STOP:
            return False
        return self.scene.elapsed(end.at, stop.reply.at) > CROSSING

    def _out_of_order(self, stop: Stop, seen: Seen, got: Pair, *more: Seen) -> None:
        if not stop.out_of_order:
            stop.out_of_order = True
            gun = seen.values.gun_no
            frames, due = [stop.sent.n, seen.n, *(each.n for each in more)], "0x35, 0x19, 0x3B"
            self.scene.tell(STOP_ORDER, frames, gun=gun, expected=due, seen=slashed(got), got=got)

    def _silent(self, sent: Seen) -> None:
        gun = sent.values.gun_no
        self.scene.tell(NO_STOP_REPLY, [sent.n], gun=gun, expected="≤ 10 s", seen=NONE)


def stoppable(gun: Gun) -> Charge | None:
    """The charge that a stop is to end: one that runs, or was ordered and not refused."""
    charge = gun.charge
    if charge is None or charge.records or charge.ended is not None:
        return None
    started = charge.last is not None or (charge.order is not None and charge.refused is None)
    return charge if started and not charge.relogins else None


__all__ = ["Stops", "stoppable"]
