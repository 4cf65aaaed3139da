"""Login and what follows it (1.2, 3.3, 4, 5.1, 6.1)."""

from __future__ import annotations

from harness.core.journal import GONE, LinkChanged, Misbehaved
from harness.core.mischief import REPEAT, SPLIT, UNTIMELY
from harness.core.pairs import NONE
from harness.protocols.ykc.audit.charges import Charge
from harness.protocols.ykc.audit.facts import START_REPLIES
from harness.protocols.ykc.audit.once import Once
from harness.protocols.ykc.audit.rule import MUST, REMARK, SHOULD, Rule
from harness.protocols.ykc.audit.scene import Scene, Seen
from harness.protocols.ykc.audit.watcher import EVERY_FRAME, Watcher, hears

TOLD_TO_GO = frozenset({"remote_reboot", "remote_update"})
STAYS_FOR = frozenset({SPLIT, REPEAT, UNTIMELY})  # what our platform does on purpose and no pile leaves for
GOES_WITHIN = 1800.0  # s in which a pile that was told to restart or update may leave and come back

RECONNECT = Rule(
    id="R-NET-1",
    check="reconnect",
    level=REMARK,
    section="1.2",
    zh="连接断开后重新登录（连接应保持）",
    en="the connection broke and the pile logged in again (it is to be kept open)",
)
OTHER_CODE = Rule(
    id="R-ID-1",
    check="other_pile_code",
    level=MUST,
    section="3.3",
    zh="{frame} 的桩编号是 {got}，登录用的是 {wanted}",
    en="{frame} carries pile code {got}, the login {wanted}",
)
LOGIN_MISSING = Rule(
    id="R-LG-1",
    check="login_missing",
    level=MUST,
    section="4, 6.1",
    zh="连接后第一帧不是登录，而是 {frame}",
    en="the first frame of a connection is {frame}, not the login",
    also=("before_login",),
)
BEFORE_LOGIN = Rule(
    id="R-LG-2",
    check="before_login",
    level=MUST,
    section="4",
    zh="登录成功之前发送了 {frame}",
    en="{frame} was sent before the login had succeeded",
    also=("login_missing",),
)
WITH_LOGIN = Rule(
    id="R-LG-2",
    check="with_login",
    level=SHOULD,
    section="4",
    zh="{frame} 与登录一起发出，没有等登录应答",
    en="{frame} came together with the login, without waiting for its answer",
)
STORED_RECORD_LATE = Rule(
    id="R-LG-4",
    check="stored_record_late",
    level=MUST,
    section="5.1",
    tolerance="no time limit, only before the first start",
    zh="重新登录后又开始充电，离线期间结束的那次充电还没有补传交易记录",
    en="a new charge began after the login, the record of the one that ended offline has not been uploaded",
    also=("record_absent", "reconnect"),
)
MODEL_NOT_VERIFIED = Rule(
    id="R-LG-5",
    check="model_not_verified_first",
    level=MUST,
    section="5.1, 6.5",
    tolerance="no time limit, only before the first start; 0x09 at once is right too",
    zh="登录后没有校验计费模型就开始充电",
    en="a charge began without the billing model having been verified since the login",
    also=("model_not_verified",),
)
NOT_RECONNECTED = Rule(
    id="R-HB-2",
    check="heartbeats_unanswered",
    level=MUST,
    section="6.3",
    window=180.0,
    doubt="E-HB",
    zh="连续 3 次心跳没有应答，桩 180 秒内没有重新登录",
    en="three heartbeats in a row had no answer, and the pile did not log in again within 180 s",
)

UNANSWERED = 3


class Logins(Watcher):
    """The order of things at the beginning of a connection, and whose code the frames carry."""

    rules = (OTHER_CODE, LOGIN_MISSING, BEFORE_LOGIN, WITH_LOGIN)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._first = True
        self._accepted = False  # on this connection; a pile may log in again on it (R-HB-2)

    @hears(LinkChanged)
    def link(self, event: LinkChanged) -> None:
        if event.what == "connected":
            self._first = True
        if event.what == "connected" or event.what in GONE:
            self._accepted = False

    @hears("login_reply")
    def replied(self, seen: Seen) -> None:
        self._accepted = self._accepted or seen.values.login_result == 0

    @hears(EVERY_FRAME)
    def frame(self, seen: Seen) -> None:
        if not seen.up:
            return
        pile = self.scene.pile
        first, self._first = self._first, False
        if seen.name != "login" and pile.from_first_byte:
            if first:
                self._tell(LOGIN_MISSING, seen, "0x01")
            self._order(pile.login, seen)
        code = getattr(seen.values, "pile_code", pile.code)
        if pile.code and code != pile.code:
            self.scene.tell(
                OTHER_CODE,
                [*([pile.login.n] if pile.login else []), seen.n],
                expected=pile.code,
                seen=code,
                fields=("pile_code",),
                frame=seen.title,
                got=code,
                wanted=pile.code,
            )

    def _order(self, login: Seen | None, seen: Seen) -> None:
        """Did it wait for the answer to its login? Without times all may have come in one read."""
        in_one_read = login is not None and seen.at == login.at
        if in_one_read and (self.scene.times or not self._accepted):
            self._tell(WITH_LOGIN, seen, "0x02")
        elif not self._accepted:
            self._tell(BEFORE_LOGIN, seen, "0x01, 0x02")

    def _tell(self, rule: Rule, seen: Seen, expected: str) -> None:
        self.scene.tell(rule, [seen.n], expected=expected, seen=seen.code, frame=seen.title)


class AfterLogin(Watcher):
    """What has to come between a login and the first charge."""

    rules = (STORED_RECORD_LATE, MODEL_NOT_VERIFIED)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._login: Seen | None = None  # since which no charge was started
        self._verified = False
        self._once = Once()

    @hears("login")
    def logs_in(self, seen: Seen) -> None:
        self._verified = False

    @hears("login_reply")
    def logged_in(self, seen: Seen) -> None:
        if seen.values.login_result == 0:
            self._login = seen

    @hears("billing_model_verify", "billing_model_request", "billing_model_set_reply")
    def verified(self, seen: Seen) -> None:
        self._verified = True

    @hears(*START_REPLIES)
    def started(self, seen: Seen) -> None:
        if seen.values.start_result != 1 or self._login is None:
            return
        login, self._login = self._login, None
        if not self._verified:
            self.scene.tell(MODEL_NOT_VERIFIED, [login.n, seen.n], gun=seen.values.gun_no, expected="0x05", seen=NONE)
        for charge in self._stored(seen.values.transaction_serial):
            if not self._once.first(charge.serial) or not self.scene.reads_records(STORED_RECORD_LATE):
                continue
            assert charge.last is not None
            self.scene.tell(
                STORED_RECORD_LATE,
                [charge.last.n, login.n, seen.n],
                gun=charge.gun_no,
                expected="0x3B",
                seen=NONE,
            )

    def _stored(self, serial: str) -> list[Charge]:
        """Charges that were cut off and are over, of which no record came."""
        return [
            charge
            for charge in self.scene.pile.charges.values()
            if charge.serial != serial and charge.relogins and charge.last and charge.ended and not charge.records
        ]


class Reconnects(Watcher):
    """Connections that broke, and heartbeats without an answer."""

    rules = (RECONNECT, NOT_RECONNECTED)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._gone = False
        self._told_to_go = -GOES_WITHIN
        self._answers = False  # were heartbeats answered on this connection? Else we only hear one side
        self.unanswered: list[int] = []  # the first ones without an answer, as many as it takes

    @hears(LinkChanged)
    def link(self, event: LinkChanged) -> None:
        if event.what in GONE:
            self._gone = True

    @hears(*TOLD_TO_GO)
    def told_to_go(self, seen: Seen) -> None:
        self._told_to_go = seen.at

    @hears(Misbehaved)
    def was_wronged(self, event: Misbehaved) -> None:
        """A platform that cuts connections or does not answer on purpose makes the pile come back."""
        if event.what not in STAYS_FOR:
            self._told_to_go = self.scene.at

    @hears("login")
    def login(self, seen: Seen) -> None:
        if self._gone and seen.at - self._told_to_go > GOES_WITHIN:
            self.scene.tell(RECONNECT, [seen.n], expected="保持连接 / kept open", seen="重连 / reconnect")
        self._gone = False
        self._answers, self.unanswered = False, []

    @hears("heartbeat_reply")
    def answered(self, seen: Seen) -> None:
        self._answers, self.unanswered = True, []

    @hears("heartbeat")
    def beat(self, seen: Seen) -> None:
        if not self._answers:
            return
        most = UNANSWERED * max(1, self.scene.pile.gun_count or 1)
        if len(self.unanswered) >= most:
            return
        self.unanswered.append(seen.n)
        if len(self.unanswered) == most:
            first = tuple(self.unanswered)
            self.scene.owe(NOT_RECONNECTED, lambda: self._stayed(first))

    def _stayed(self, unanswered: tuple[int, ...]) -> None:
        if self.unanswered[: len(unanswered)] == list(unanswered):
            self.scene.tell(NOT_RECONNECTED, unanswered, expected="0x01", seen=NONE)
