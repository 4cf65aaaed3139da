"""Several guns charging one car (chapter 12): what the frames of all guns have to agree on."""

from __future__ import annotations

from harness.protocols.ykc.audit.charges import same_gun
from harness.protocols.ykc.audit.rule import MUST, Rule
from harness.protocols.ykc.audit.scene import Scene, Seen
from harness.protocols.ykc.audit.watcher import Watcher, hears
from harness.protocols.ykc.bills import real_serial
from harness.protocols.ykc.codes import CHARGING, NOT_PLUGGED

TOGETHER = 10.0  # s within which the frames of all guns of one start are expected
MAIN = 0
MOST = 100  # starts remembered

SERIALS_DIFFER = Rule(
    id="R-PC-1",
    check="parallel_serials_differ",
    level=MUST,
    section="12.1",
    window=TOGETHER,
    doubt="E-PAR",
    zh="同一次并充的 0xA1 并充序号不同：{seen}",
    en="the 0xA1 of one parallel charge carry different parallel serials: {seen}",
)
MAIN_GUNS = Rule(
    id="R-PC-1",
    check="parallel_main_guns",
    level=MUST,
    section="12.1",
    zh="并充 {serial} 有 {count} 把主枪，应只有一把",
    en="parallel charge {serial} has {count} main guns, there is to be one",
)
STARTED_PARTLY = Rule(
    id="R-PC-2",
    check="parallel_started_partly",
    level=MUST,
    section="12.2",
    zh="并充有一把枪鉴权失败，{gun} 号枪仍开始充电",
    en="one gun of the parallel charge was refused, yet gun {gun} charges",
)
ANSWERS_DIFFER = Rule(
    id="R-PC-4",
    check="parallel_answers_differ",
    level=MUST,
    section="12.4",
    zh="同一次并充的 0xA3 结果不一致",
    en="the 0xA3 of one parallel charge do not agree",
)
SERIAL_CHANGED = Rule(
    id="R-PC-4",
    check="parallel_serial_changed",
    level=MUST,
    section="12.4",
    zh="0xA3 的并充序号与 0xA4 不同",
    en="0xA3 carries another parallel serial than 0xA4",
)
NOT_PER_GUN = Rule(
    id="R-PC-5",
    check="parallel_not_per_gun",
    level=MUST,
    section="12.2, 12.4",
    zh="{gun} 号枪并充时上报的交易流水号是另一把枪的",
    en="gun {gun} reports a parallel charge under the serial of another gun",
    also=("serial_differs",),
)
LATE_SUCCESS = Rule(
    id="R-PC-6",
    check="parallel_late_success",
    level=MUST,
    section="12.4",
    window=60.0,
    slack=5.0,
    zh="0xA4 后 {seconds} 秒才第二次应答 0xA3 成功，最多 60 秒",
    en="a second 0xA3 said success {seconds} s after 0xA4, 60 s at most",
)


class Requests(Watcher):
    """0xA1 and 0xA2: starts at the pile."""

    rules = (SERIALS_DIFFER, MAIN_GUNS, STARTED_PARTLY)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._asked: list[Seen] = []
        self._refused: dict[str, Seen] = {}  # parallel serials
        self._serials: dict[str, str] = {}  # transaction serial to parallel serial

    @hears("parallel_start_request")
    def asked(self, seen: Seen) -> None:
        self._asked = [*self._others(seen), seen]
        self._one_serial(seen)
        self._one_main_gun(seen.values.parallel_serial)

    def _one_serial(self, seen: Seen) -> None:
        found = {each.values.parallel_serial for each in self._asked}
        if len(found) > 1 and not self._of_two_cars(len(found)) and self.scene.timed(SERIALS_DIFFER):
            self.scene.tell(
                SERIALS_DIFFER,
                [each.n for each in self._asked],
                expected="相同 / the same",
                seen=", ".join(sorted(found)),
                fields=("parallel_serial",),
            )
            self._asked = [seen]

    def _one_main_gun(self, serial: str) -> None:
        mains = [each for each in self._mains() if each.values.parallel_serial == serial]
        if len(mains) > 1:
            cited = [each.n for each in mains]
            self.scene.tell(
                MAIN_GUNS,
                cited,
                expected="1",
                seen=str(len(mains)),
                fields=("main_aux_flag",),
                serial=serial,
                count=len(mains),
            )
            self._asked = []

    def _others(self, seen: Seen) -> list[Seen]:
        """What the other guns asked lately; a gun that asks again begins anew, and with it those of its serial."""
        lately = [each for each in self._asked if seen.at - each.at <= TOGETHER]
        over = {each.values.parallel_serial for each in lately if each.values.gun_no == seen.values.gun_no}
        over.discard(seen.values.parallel_serial)
        others = [each for each in lately if each.values.gun_no != seen.values.gun_no]
        return [each for each in others if each.values.parallel_serial not in over]

    def _mains(self) -> list[Seen]:
        return [each for each in self._asked if each.values.main_aux_flag == MAIN]

    def _of_two_cars(self, serials: int) -> bool:
        """May so many serials be those of different cars? Each has two guns, and one of these is the main gun."""
        return 2 * serials <= (self.scene.pile.gun_count or 0) and len(self._mains()) >= serials

    @hears("parallel_start_confirm")
    def confirmed(self, seen: Seen) -> None:
        values = seen.values
        refused = self._refused.get(values.parallel_serial)
        if values.auth_success != 1:
            self._refused[values.parallel_serial] = seen
        elif refused is not None and refused.values.gun_no == values.gun_no:
            del self._refused[values.parallel_serial]  # it asked again, and this time it was granted
        self._serials[values.transaction_serial] = values.parallel_serial
        for known in (self._refused, self._serials):
            if len(known) > MOST:
                del known[next(iter(known))]

    @hears("realtime_data")
    def report(self, seen: Seen) -> None:
        if not self._refused or seen.values.status != CHARGING:
            return
        parallel = self._serials.get(seen.values.transaction_serial, "")
        refused = self._refused.pop(parallel, None)
        if refused is not None:
            gun = seen.values.gun_no
            self.scene.tell(
                STARTED_PARTLY, [refused.n, seen.n], gun=gun, expected="不启动 / no start", seen="充电 / charging"
            )


class Orders(Watcher):
    """0xA4 and 0xA3: starts by the platform."""

    rules = (ANSWERS_DIFFER, SERIAL_CHANGED, NOT_PER_GUN, LATE_SUCCESS)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._orders: dict[str, Seen] = {}  # by transaction serial
        self._answers: dict[str, dict[str, Seen]] = {}  # by parallel serial, then gun
        self._no: dict[str, Seen] = {}  # by transaction serial: the 0xA3 that refused, for want of a plug

    @hears("parallel_remote_start")
    def ordered(self, seen: Seen) -> None:
        self._orders[seen.values.transaction_serial] = seen
        if len(self._orders) > MOST:
            del self._orders[next(iter(self._orders))]

    @hears("parallel_remote_start_reply")
    def answered(self, seen: Seen) -> None:
        values = seen.values
        order = self._orders.get(values.transaction_serial)
        if order is None:
            return
        wanted, got = order.values.parallel_serial, values.parallel_serial
        if wanted != got:
            fields = ("parallel_serial",)
            self.scene.tell(
                SERIAL_CHANGED, [order.n, seen.n], gun=values.gun_no, expected=wanted, seen=got, fields=fields
            )
            return
        self._agree(seen)
        if values.start_result != 1 and values.fail_reason == NOT_PLUGGED:
            self._no[values.transaction_serial] = seen
            if len(self._no) > MOST:
                del self._no[next(iter(self._no))]
        elif values.start_result == 1 and values.transaction_serial in self._no and self.scene.timed(LATE_SUCCESS):
            self._late(order, self._no.pop(values.transaction_serial), seen)

    def _agree(self, seen: Seen) -> None:
        """The last answers of all guns; a gun that waits for its plug may still change its mind."""
        answers = self._answers.setdefault(seen.values.parallel_serial, {})
        if len(self._answers) > MOST:
            del self._answers[next(iter(self._answers))]
        answers[seen.values.gun_no] = seen
        settled = [each for each in answers.values() if each.values.fail_reason != NOT_PLUGGED]
        if len({each.values.start_result for each in settled}) > 1:
            shown = ", ".join(f"{each.values.gun_no}: {each.values.start_result}" for each in settled)
            self.scene.tell(
                ANSWERS_DIFFER,
                [each.n for each in settled],
                expected="一致 / the same",
                seen=shown,
                fields=("start_result",),
            )
            answers.clear()

    def _late(self, order: Seen, no: Seen, seen: Seen) -> None:
        seconds = self.scene.elapsed(order.at, seen.at)
        if seconds > LATE_SUCCESS.limit:
            self.scene.tell(
                LATE_SUCCESS,
                [order.n, no.n, seen.n],
                gun=seen.values.gun_no,
                expected="≤ 60 s",
                seen=f"{seconds:.1f} s",
                seconds=f"{seconds:.1f}",
            )

    @hears("realtime_data", "transaction_record")
    def under(self, seen: Seen) -> None:
        order = self._orders.get(real_serial(seen.values.transaction_serial)) if self._orders else None
        if order is not None and not same_gun(order.values.gun_no, seen.values.gun_no):
            self.scene.tell(
                NOT_PER_GUN,
                [order.n, seen.n],
                gun=seen.values.gun_no,
                expected=order.values.gun_no,
                seen=seen.values.gun_no,
                fields=("transaction_serial", "gun_no"),
            )


__all__ = ["Orders", "Requests"]
