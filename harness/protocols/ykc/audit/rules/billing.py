"""The billing model: verified, asked for, obtained before anything charges, answered when pushed (6.5-6.8, 9.5)."""

from __future__ import annotations

from harness.core.journal import GONE, LinkChanged
from harness.core.pairs import NONE
from harness.protocols.ykc.audit.charges import Charge
from harness.protocols.ykc.audit.facts import START_REPLIES
from harness.protocols.ykc.audit.rule import MUST, REMARK, SHOULD, Rule
from harness.protocols.ykc.audit.scene import Duty, Scene, Seen
from harness.protocols.ykc.audit.watcher import Watcher, hears
from harness.protocols.ykc.codes import CHARGING

NOT_VERIFIED = Rule(
    id="R-BM-1",
    check="model_not_verified",
    level=MUST,
    section="5.1, 6.5",
    tolerance="no time limit, only before the first start",
    zh="登录后没有发 0x05 校验计费模型，{gun} 号枪就开始充电",
    en="gun {gun} began to charge without a 0x05 since the login",
    also=("model_not_verified_first",),
)
NOT_REQUESTED = Rule(
    id="R-BM-4",
    check="model_not_requested",
    level=MUST,
    section="5.1, 6.6, 6.7",
    tolerance="no time limit, only before the first start; a model that was pushed meanwhile will do",
    zh="0x06 答复计费模型不一致，桩没有发 0x09 请求，{gun} 号枪就开始充电",
    en="0x06 said that the billing model differs; gun {gun} began to charge without a 0x09",
    also=("charge_without_model",),
)
WITHOUT_MODEL = Rule(
    id="R-BM-5",
    check="charge_without_model",
    level=MUST,
    section="6.7",
    tolerance="not for charges that were running already",
    zh="还没有取得计费模型，{gun} 号枪就开始充电",
    en="gun {gun} began to charge before the billing model was obtained",
    also=("model_not_requested",),
)
PUSH_UNANSWERED = Rule(
    id="R-BM-10",
    check="model_push_unanswered",
    level=SHOULD,
    section="9.5, 9.6",
    window=10.0,
    zh="下发计费模型 0x58 后 10 秒内没有 0x57",
    en="no 0x57 within 10 s of the billing model pushed with 0x58",
)
OTHER_NUMBER = Rule(
    id="E-BMNO",
    check="model_number",
    level=REMARK,
    section="6.5",
    zh="0x05 的计费模型编号是 {got}，桩最后收到的是 {wanted}",
    en="0x05 carries billing model number {got}, the last one given was {wanted}",
)

NO_MODEL = "0000"  # asked with when it has none, or keeps none (R-BM-2)


class Models(Watcher):
    """What was said about the model since the login, until the first charge that begins after it."""

    rules = (NOT_VERIFIED, NOT_REQUESTED, WITHOUT_MODEL)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._login: Seen | None = None  # the positive 0x02 since which nothing was started
        self._verified = self._requested = False
        self._differs: Seen | None = None  # the 0x06 that says so, until a model comes

    @hears("login")
    def logs_in(self, seen: Seen) -> None:
        self._verified = self._requested = False
        self._differs = None

    @hears("login_reply")
    def logged_in(self, seen: Seen) -> None:
        if seen.values.login_result == 0:
            self._login = seen

    @hears("billing_model_verify")
    def verifies(self, seen: Seen) -> None:
        self._verified = True

    @hears("billing_model_verify_reply")
    def compared(self, seen: Seen) -> None:
        self._differs = seen if seen.values.verify_result == 1 else None

    @hears("billing_model_request")
    def requests(self, seen: Seen) -> None:
        self._requested = True

    @hears("billing_model_request_reply")
    def given(self, seen: Seen) -> None:
        self._differs = None

    @hears("billing_model_set_reply")
    def pushed(self, seen: Seen) -> None:
        if seen.values.set_result == 1:
            self._differs = None

    @hears(*START_REPLIES)
    def starts(self, seen: Seen) -> None:
        if seen.values.start_result == 1:
            self._began(self.scene.pile.charge_of(seen.values.transaction_serial), seen)

    @hears("realtime_data")
    def reports(self, seen: Seen) -> None:
        gun = self.scene.pile.gun(seen.values.gun_no)
        if seen.values.status == CHARGING and gun.stored is not seen:
            self._began(gun.charge, seen)

    def _began(self, charge: Charge | None, seen: Seen) -> None:
        """The first charge that was ordered after the login: stored data and what went on all the time are none."""
        login = self._login
        if login is None or charge is None or charge.order is None or charge.order.n < login.n:
            return
        self._login = None
        gun = charge.gun_no
        if not self._verified:
            self.scene.tell(NOT_VERIFIED, [login.n, seen.n], gun=gun, expected="0x05", seen=NONE)
        if self._differs is None:
            return
        frames = [login.n, self._differs.n, seen.n]
        if not self._requested:
            self.scene.tell(NOT_REQUESTED, frames, gun=gun, expected="0x09", seen=NONE)
        self.scene.tell(WITHOUT_MODEL, frames, gun=gun, expected="0x0A", seen=NONE)


class Pushes(Watcher):
    """0x58 and its answer; the number that 0x05 names."""

    rules = (PUSH_UNANSWERED, OTHER_NUMBER)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._owed: Duty | None = None
        self._offered: Seen | None = None
        self._given: Seen | None = None

    @hears(LinkChanged)
    def link(self, event: LinkChanged) -> None:
        if event.what in GONE:
            self._offered = None

    @hears("billing_model_set")
    def pushed(self, seen: Seen) -> None:
        self._offered = seen
        if self._owed is None or not self._owed.open:
            self._owed = self.scene.owe(PUSH_UNANSWERED, lambda: self._silent(seen))

    @hears("billing_model_set_reply")
    def answered(self, seen: Seen) -> None:
        if self._owed is not None:
            self._owed.done()
        if seen.values.set_result == 1:
            self._given = self._offered or self._given
        self._offered = None

    @hears("billing_model_request_reply")
    def given(self, seen: Seen) -> None:
        self._given = seen

    @hears("billing_model_verify")
    def verifies(self, seen: Seen) -> None:
        given, got = self._given, seen.values.billing_model_no
        if given is None or got in (given.values.billing_model_no, NO_MODEL):
            return
        wanted = given.values.billing_model_no
        self.scene.tell(
            OTHER_NUMBER,
            [given.n, seen.n],
            expected=wanted,
            seen=got,
            fields=("billing_model_no",),
            got=got,
            wanted=wanted,
        )

    def _silent(self, pushed: Seen) -> None:
        self.scene.tell(PUSH_UNANSWERED, [pushed.n], expected="0x57", seen=NONE)


__all__ = ["Models", "Pushes"]
