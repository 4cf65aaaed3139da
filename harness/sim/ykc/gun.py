"""One gun: from plug and start command to the record."""

from __future__ import annotations

from typing import Any

from harness.core.errors import HarnessFault
from harness.core.pairs import Pair
from harness.sim.ykc import frames
from harness.sim.ykc.charge import Charge, Order, milliseconds
from harness.sim.ykc.states import (
    APP,
    ASK_PATIENCE,
    BUSY,
    BY_CARD,
    BY_VIN,
    CARD,
    FAULTY,
    IDLE_PERIOD,
    NEXT,
    NO_CURRENT,
    NOT_CHARGING,
    OK,
    PILOT_OPEN,
    PLUG_GRACE,
    SOC_FULL,
    START_FAILED_INSTEAD,
    STOPPED_BY_HAND,
    STOPPED_REMOTELY,
    UNPLUGGED,
    VIN,
    WAITING,
    WATCH_PERIOD,
)
from harness.sim.ykc.telling import Telling


class Gun(Telling):
    """A gun of a pile: what a person and the platform do with it, and its charge."""

    # What a person does

    def plug(self, now: float) -> Pair:
        """Put the gun into the car."""
        if self.plugged:
            return f"{self.number} 号枪已经插着", f"gun {self.number} is already plugged in"
        self.plugged = True
        self.tell_change(now)
        if self.state == "grace":
            self._start_after_all(now)
        return f"{self.number} 号枪已插上", f"gun {self.number} is plugged in"

    def unplug(self, now: float) -> Pair:
        """Pull the gun; a charge ends and is billed at once (R-SP-5)."""
        if not self.plugged:
            return f"{self.number} 号枪没有插着", f"gun {self.number} is not plugged in"
        self.plugged = False
        if self.state != "grace":  # that goes on: it may be put in again (R-ST-6)
            self.trip(PILOT_OPEN, now)
        self.tell_change(now)
        return f"{self.number} 号枪已拔下", f"gun {self.number} is unplugged"

    def swipe(self, card: bytes, now: float) -> Pair:
        """Hold a card to the reader: asks for a charge, or ends the one that belongs to the card (R-ST-8, R-SP-6).

        The reader reads it whether the gun is plugged in or not (flow 5.3 begins with the card).
        """
        if self.charge is not None:
            if self.charge.order.card != card:
                return "此卡不能停止这次充电", "this card may not end this charge"
            self._later("stop", self.pile.habits.confirm_delay, now, lambda at: self.stop(STOPPED_BY_HAND, at))
            return "刷卡停止", "stopped by card"
        return self._ask(BY_CARD, card, "", now)

    def start_by_vin(self, now: float) -> Pair:
        """Let the car's VIN ask for a charge."""
        if self.busy:
            return f"{self.number} 号枪正在充电", f"gun {self.number} is charging"
        return self._ask(BY_VIN, bytes(8), self.car.vin, now)

    def _ask(self, mode: int, card: bytes, vin: str, now: float) -> Pair:
        why = self._hindrance(without_plug=mode == BY_CARD)
        if why:
            return why
        if not self.pile.online:
            return "桩不在线，请扫码或稍后再试", "the pile is offline, try again later"
        self._go("ask")
        self._asked_with = card
        values = {"start_mode": mode, "account_or_physical_card_no": card, "vin": vin}
        self._later("ask", ASK_PATIENCE, now, lambda at: self._go("give up"))
        self.say("start_request", values)
        return "已申请启动，等待平台确认", "asked the platform to start"

    def _hindrance(self, without_plug: bool) -> Pair | None:
        """Why nobody can start a charge here now, for the screen."""
        if self.state != "idle":
            return f"{self.number} 号枪正忙", f"gun {self.number} is busy"
        if not (self.plugged or without_plug):
            return f"请先插上 {self.number} 号枪", f"plug in gun {self.number} first"
        if self.pile.estop:
            return "急停已按下", "the emergency stop is pressed"
        if self.pile.model is None or not self.pile.working:
            return "桩暂不可用", "the pile is out of service"
        return None

    # What the platform says

    def remote_start(self, values: Any, serial: bytes, now: float) -> None:
        """0x34: start, or say why not; without a plug wait for it for 60 s (R-ST-2, R-ST-5, R-ST-6)."""
        order = self._order(values.transaction_serial, APP, values.physical_card_no)
        if self.charge is not None and self.charge.order.serial == order.serial:
            self._answer_start(order, OK, serial)  # the same command again: nothing is begun anew
            return
        reason, delay = self._refusal(), self.pile.habits.start_delay
        if reason == OK and delay:
            reason = UNPLUGGED
            self._later("lock", delay, now, self._locked)
        if reason == UNPLUGGED:
            self._go("wait for plug")
            self._answer_start(order, UNPLUGGED, serial)
            self._waiting = order, serial
            self._later("grace", PLUG_GRACE, now, lambda at: self._go("give up"))
            return
        self._answer_start(order, reason, serial)
        if reason == OK and self.pile.habits.begins:
            self._begin(order, now)

    def _refusal(self) -> int:
        """The reason in 0x33 for not starting now (R-BM-5); 0 when nothing hinders."""
        if self.state not in ("idle", "grace"):
            return BUSY
        if self.pile.estop or not self.pile.working or self.pile.model is None:
            return FAULTY
        return OK if self.plugged else UNPLUGGED

    def _locked(self, now: float) -> None:
        """The lock of the gun says at last that it is in."""
        if self.state == "grace" and self.plugged:
            self._start_after_all(now)

    def _start_after_all(self, now: float) -> None:
        """Plugged in within the grace: a second 0x33, and go (R-ST-6)."""
        order, serial = self._waiting
        self.pile.agenda.drop(f"{self.number} grace")
        self._answer_start(order, OK, serial)
        self._begin(order, now)

    def _answer_start(self, order: Order, reason: int, serial: bytes) -> None:
        values = {"transaction_serial": order.serial, "start_result": int(reason == OK), "fail_reason": reason}
        self.say("remote_start_reply", values, serial)

    def confirm(self, values: Any, now: float) -> None:
        """0x32: the user confirms, then it starts (R-AU-5); refused or without a plug nothing does (R-AU-6)."""
        if self.state != "asking":
            return
        self.pile.agenda.drop(f"{self.number} ask")
        if values.auth_success != 1 or not self.plugged:
            self._go("give up")
            return
        by_card = any(self._asked_with)
        order = self._order(values.transaction_serial, CARD if by_card else VIN, self._asked_with)
        self._go("grant")
        self._later("confirm", self.pile.habits.confirm_delay, now, lambda at: self._begin(order, at))

    def remote_stop(self, serial: bytes, now: float) -> None:
        """0x36: stop in any case, also while starting (R-SP-2, R-SP-4)."""
        charging = self.charge is not None
        if self.state in WAITING:
            self.trip(STOPPED_REMOTELY, now)
        reason = OK if charging else NOT_CHARGING
        self.say("remote_stop_reply", {"stop_result": int(charging), "fail_reason": reason}, serial)
        delay = self.pile.habits.stop_delay
        if delay:
            self._later("obey", delay, now, lambda at: self.stop(STOPPED_REMOTELY, at))
        elif delay is not None:
            self.stop(STOPPED_REMOTELY, now)

    # The charge itself

    def _order(self, serial: str, trade_flag: int, card: bytes) -> Order:
        vin = self.car.vin if self.socket.dc or trade_flag == VIN else ""
        return Order(serial=serial, trade_flag=trade_flag, card=card, vin=vin)

    def _begin(self, order: Order, now: float) -> None:
        """Start procedure: handshake and parameters on DC, the relay on AC."""
        assert self.pile.model is not None
        self._go("begin")
        at = milliseconds(now)
        self.charge = Charge(order, self.pile.model, self.meter, self.car, self.pile.clock, at)
        if self.socket.dc:
            self._later("handshake", 1.0, now, lambda at: self._say_bms("charge_handshake"))
            self._later("parameters", 3.0, now, lambda at: self._say_bms("charge_parameter_config"))
        self._later("ready", 6.0 if self.socket.dc else 2.0, now, self._ready)

    def _ready(self, now: float) -> None:
        """Power flows."""
        assert self.charge is not None
        self._go("ready")
        percent = min(self.pile.power_percent, self.pile.habits.power_percent)
        self.charge.switch_on(self.socket, percent, milliseconds(now))
        self.tell_change(now)
        self._later("watch", WATCH_PERIOD, now, self._watch)
        if self.socket.dc:
            self._later("bms", 1.0, now, self._bms)
        if self.pile.habits.stops_after is not None:
            self._later("itself", self.pile.habits.stops_after, now, lambda at: self.stop(NO_CURRENT, at))

    def _watch(self, now: float) -> None:
        """A full battery ends the charge."""
        if self.charge is None:
            return
        self.charge.advance(milliseconds(now))
        if self.charge.full:
            self.stop(SOC_FULL, now)
        else:
            self._later("watch", WATCH_PERIOD, now, self._watch)

    def stop(self, reason: int, now: float) -> None:
        """End the charge in good order: current goes down, then the record. Nothing to end is no error."""
        if self.charge is None or self.state == "stopping":
            return
        if self.state == "starting":
            self._end(reason, now)
            return
        self._go("fall")
        self.charge.stop_reason = reason
        empty = self.charge.fall(milliseconds(now))
        self.pile.agenda.set(f"{self.number} end", empty / 1000, lambda at: self._end(reason, at))

    def trip(self, reason: int, now: float) -> None:
        """End whatever goes on at once, without going down."""
        if self.charge is not None:
            reason = START_FAILED_INSTEAD.get(reason, reason) if self.state == "starting" else reason
            self._end(reason, now)
        elif self.state in WAITING:
            self._forget()
            self._go("give up")

    def forget_waiting(self) -> None:
        """Offline: no start that was only waited for (R-ST-7)."""
        if self.state in ("grace", "asking"):
            self._forget()
            self._go("give up")

    def _end(self, reason: int, now: float) -> None:
        """Nothing flows any more: 0x19, 0x13, and the record is made (R-SP-7, R-TX-5)."""
        charge = self.charge
        assert charge is not None
        self._forget()
        self._go("end")
        charge.cut(milliseconds(now))
        charge.stop_reason = reason
        if self.socket.dc:
            self.say("charge_end", frames.charge_end(self, charge))
        self.charge = None
        self.report(now)
        serial = self.pile.habits.record_serial(charge.order.serial)
        record = frames.transaction_record(self, charge) | {"transaction_serial": serial}
        delay = self.pile.habits.record_delay if self.plugged else min(0.5, self.pile.habits.record_delay)
        self.pile.records.keep(self.number, serial, record, now + delay)
        self.pile.settled(now)

    def _forget(self) -> None:
        """Nothing of the last charge is due any more; the periodic report is."""
        self.pile.agenda.drop_all(f"{self.number} ")
        self._later("report", IDLE_PERIOD, self.pile.now, self.report)

    def _go(self, event: str) -> None:
        following = NEXT.get((self.state, event))
        if following is None:
            raise HarnessFault(f"simulated gun {self.number} is {self.state} and cannot '{event}'")
        self.state = following
