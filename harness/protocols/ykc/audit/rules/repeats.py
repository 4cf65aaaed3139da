"""Records that come again: when nobody confirmed them, and when somebody did (8.7, 8.8, E-RETRY, E-40)."""

from __future__ import annotations

from harness.core.fields import Field
from harness.core.pairs import NONE, slashed
from harness.protocols.ykc.audit.rule import MUST, SHOULD, Rule
from harness.protocols.ykc.audit.scene import Duty, Scene, Seen
from harness.protocols.ykc.audit.tolerances import CROSSING
from harness.protocols.ykc.audit.watcher import Watcher, hears
from harness.protocols.ykc.sent_again import differing_fields

SHORT, LONG = (24.0, 36.0), (240.0, 360.0)  # s; 30 s and 5 min, each +-20 %
MOST_REPEATS = 3
MOST_KEPT = 50  # records remembered

NOT_REPEATED = Rule(
    id="R-TX-2",
    check="record_not_repeated",
    level=MUST,
    section="8.7, 8.8",
    window=300.0,
    slack=60.0,
    tolerance="30 s or 5 min are both right, +-20 %",
    zh="{gun} 号枪的交易记录没有收到 0x40，桩也没有重发",
    en="gun {gun}: the record had no 0x40 and was not sent again",
)
REPEAT_INTERVAL = Rule(
    id="R-TX-3",
    check="record_repeat_interval",
    level=MUST,
    section="8.7, 8.8",
    window=30.0,
    doubt="E-RETRY",
    tolerance="30 s (R-TX-2) or 5 min, +-20 %",
    zh="{gun} 号枪的交易记录隔 {seconds} 秒重发，应为 30 秒或 5 分钟",
    en="gun {gun}: the record was sent again after {seconds} s, 30 s or 5 min are due",
)
TOO_OFTEN = Rule(
    id="R-TX-2",
    check="record_too_often",
    level=SHOULD,
    section="8.7",
    zh="{gun} 号枪的交易记录在一条连接上重发了 {count} 次，最多 3 次",
    en="gun {gun}: the record was sent again {count} times on one connection, 3 are the most",
)
CHANGED = Rule(
    id="R-TX-2",
    check="record_differs",
    level=MUST,
    section="8.7",
    tolerance="the time of the transaction may be that of the repeat",
    zh="{gun} 号枪重发的交易记录与上一次内容不同：{named}",
    en="gun {gun}: the record that was sent again says something else in {named}",
    also=("record_after_confirm",),
)
AFTER_CONFIRM = Rule(
    id="E-40",
    check="record_after_confirm",
    level=MUST,
    section="8.7, 8.8",
    doubt="E-40",
    tolerance="2 s for what was under way; not over a relogin",
    zh="{gun} 号枪的交易记录已用 0x40 确认，又重发",
    en="gun {gun}: the record was confirmed with 0x40 and sent again",
)
DROPPED = Rule(
    id="R-TX-4",
    check="record_dropped",
    level=MUST,
    section="8.7, 5.1",
    window=300.0,
    slack=60.0,
    tolerance="only when no repeat was sent before",
    zh="{gun} 号枪的交易记录没有确认，重新登录后没有补传",
    en="gun {gun}: a record that was not confirmed did not come again after the login",
    also=("reconnect",),
)


class Sent:
    """A record as it was sent so far."""

    def __init__(self, first: Seen, login: int) -> None:
        self.first = first
        self.last = first
        self.login = login  # number of the connection on which it was sent last
        self.repeats = 0  # on that connection
        self.ever = 0
        self.confirmed: Seen | None = None
        self.confirmed_on = 0
        self.duty: Duty | None = None

    def settle(self) -> None:
        """Nothing is owed for it any more."""
        if self.duty is not None:
            self.duty.done()


class Repeats(Watcher):
    """The latest records by their serials."""

    rules = (NOT_REPEATED, REPEAT_INTERVAL, TOO_OFTEN, CHANGED, AFTER_CONFIRM, DROPPED)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._sent: dict[str, Sent] = {}
        self._platform_spoke = 0

    @hears("heartbeat_reply", "login_reply")
    def spoke(self, seen: Seen) -> None:
        """A capture of one direction shows no 0x40 either; that is told by this."""
        self._platform_spoke = seen.n

    @hears("transaction_record")
    def record(self, seen: Seen) -> None:
        serial = seen.values.transaction_serial
        sent = self._sent.get(serial)
        if sent is None:
            self._new(serial, seen)
        else:
            self._again(sent, seen)

    @hears("transaction_record_confirm")
    def confirm(self, seen: Seen) -> None:
        sent = self._sent.get(seen.values.transaction_serial)
        if sent is not None:
            sent.settle()
            if sent.confirmed is None:
                sent.confirmed, sent.confirmed_on = seen, self.scene.pile.logins

    @hears("login_reply")
    def login(self, seen: Seen) -> None:
        """What nobody confirmed and the pile never repeated must come now (R-LG-4)."""
        if seen.values.login_result != 0:
            return
        for sent in self._sent.values():
            if sent.confirmed is None and not sent.ever:
                sent.settle()
                sent.duty = self._owe(DROPPED, sent, seen)

    def _new(self, serial: str, seen: Seen) -> None:
        sent = self._sent[serial] = Sent(seen, self.scene.pile.logins)
        sent.duty = self._owe(NOT_REPEATED, sent)
        if len(self._sent) > MOST_KEPT:
            self._sent.pop(next(iter(self._sent))).settle()

    def _owe(self, rule: Rule, sent: Sent, *since: Seen) -> Duty:
        return self.scene.owe(rule, lambda: self._missing(rule, sent, since))

    def _missing(self, rule: Rule, sent: Sent, since: tuple[Seen, ...]) -> None:
        if self._platform_spoke > sent.first.n:
            frames = [sent.first.n, *(each.n for each in since)]
            gun = sent.first.values.gun_no
            self.scene.tell(rule, frames, gun=gun, expected="0x3B", seen=NONE)

    def _again(self, sent: Sent, seen: Seen) -> None:
        last, login = sent.last, self.scene.pile.logins
        sent.settle()
        if changed := differing_fields(last.message, seen.message):
            self._changed(last, seen, changed)
        if login == sent.login:
            self._on_same_connection(sent, last, seen)
        else:
            sent.login, sent.repeats = login, 0
        sent.last = seen
        sent.ever += 1

    def _on_same_connection(self, sent: Sent, last: Seen, seen: Seen) -> None:
        gun = seen.values.gun_no
        sent.repeats += 1
        if sent.confirmed is not None:
            if sent.confirmed_on == sent.login and not self._crossed(sent.confirmed):
                frames = [last.n, sent.confirmed.n, seen.n] if last.n < sent.confirmed.n else [last.n, seen.n]
                self.scene.tell(AFTER_CONFIRM, frames, gun=gun, expected=NONE, seen="0x3B")
            return
        if sent.repeats > MOST_REPEATS:
            count = sent.repeats
            self.scene.tell(TOO_OFTEN, [last.n, seen.n], gun=gun, expected="≤ 3", seen=f"{count}", count=count)
        if self.scene.timed(REPEAT_INTERVAL):
            self._interval(gun, last, seen)

    def _crossed(self, confirmed: Seen) -> bool:
        return self.scene.times and self.scene.elapsed(confirmed.at) <= CROSSING

    def _interval(self, gun: str, last: Seen, seen: Seen) -> None:
        seconds, at_most = self.scene.elapsed(last.at, seen.at), self.scene.at_most(last.at, seen.at)
        if not any(shortest <= at_most and seconds <= longest for shortest, longest in (SHORT, LONG)):
            self.scene.tell(
                REPEAT_INTERVAL,
                [last.n, seen.n],
                gun=gun,
                expected="24 – 36 s, 240 – 360 s",
                seen=f"{seconds:.1f} s",
                seconds=f"{seconds:.1f}",
            )

    def _changed(self, last: Seen, seen: Seen, changed: list[Field]) -> None:
        names = [field.name for field in changed]
        told = ("、".join(field.title for field in changed), ", ".join(names))
        self.scene.tell(
            CHANGED,
            [last.n, seen.n],
            gun=seen.values.gun_no,
            expected="相同 / the same",
            seen=slashed(told),
            fields=names,
            named=told,
        )
