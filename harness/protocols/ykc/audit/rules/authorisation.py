"""Starts asked for at the pile by card or VIN, and the numbers they show (8.1, 8.2, E-CARD, E-VIN)."""

from __future__ import annotations

import re
from typing import Any

from harness.core.texts import OddText
from harness.protocols.ykc.audit.charges import Charge
from harness.protocols.ykc.audit.rule import MUST, REMARK, SHOULD, Rule
from harness.protocols.ykc.audit.scene import Scene, Seen
from harness.protocols.ykc.audit.watcher import Watcher, hears
from harness.protocols.ykc.bills import real_serial
from harness.protocols.ykc.codes import CHARGING, START_ACCOUNT, START_VIN

PASSWORD = re.compile(r"[0-9a-f]{16}")
NO_VIN = "no_vin"  # none is registered that it can be compared with
LATEST = 90.0  # s after a refusal in which a charge without an order can be what was asked for

ACCOUNT_START = Rule(
    id="R-AU-1",
    check="account_start",
    level=MUST,
    section="8.1",
    zh="{frame} 的启动方式为 2（账号），协议暂不支持",
    en="{frame} asks by account (2), which is not supported",
)
VIN_ORDER = Rule(
    id="R-AU-2",
    check="vin_in_order",
    level=MUST,
    section="8.1",
    tolerance="compared with the registered VIN, never by check digit",
    zh="{frame} 的 VIN 没有反序",
    en="{frame}: the VIN is not in reverse order",
)
VIN_PARTLY = Rule(
    id="R-AU-2",
    check="vin_partly",
    level=MUST,
    section="8.1",
    tolerance="compared with the registered VIN",
    zh="{frame} 的 VIN 只有登记的 VIN 的一部分：{got}",
    en="{frame}: the VIN is only a part of the registered one: {got}",
)
VIN_UNASKED = Rule(
    id="R-AU-2",
    check="vin_not_zero",
    level=MUST,
    section="8.1",
    tolerance="zeros as characters are seen, too",
    zh="{frame} 不是 VIN 启动，VIN 应全为 0，却是 {got}",
    en="{frame} does not ask by VIN, its VIN must be zero and is {got}",
)
PASSWORD_FORM = Rule(
    id="R-AU-3",
    check="password_form",
    level=SHOULD,
    section="8.1",
    tolerance="the raw digest is seen too (E-MD5)",
    zh="{frame} 的密码不是 16 位小写 MD5",
    en="{frame}: the password is no 16-digit MD5 in lower case",
)
STARTED_UNGRANTED = Rule(
    id="R-AU-6",
    check="charging_ungranted",
    level=MUST,
    section="8.2",
    zh="{gun} 号枪的启动申请被 0x32 拒绝，却开始充电",
    en="gun {gun}: 0x32 refused the start, and it charges all the same",
)
RECORD_VIN = Rule(
    id="R-TX-9",
    check="record_vin",
    level=MUST,
    section="8.7",
    tolerance="compared with the registered VIN, never by check digit",
    zh="交易记录的 VIN {got} 是登记的 VIN 反序、截短或补位的结果",
    en="the record's VIN {got} is the registered one reversed, cut or padded",
)
CARD_CHANGED = Rule(
    id="E-CARD",
    check="card_changed",
    level=MUST,
    section="8.1, 8.3, 8.7",
    doubt="E-CARD",
    zh="交易记录的卡号为 {got}，启动时是 {wanted}",
    en="the record's card number is {got}, the charge was started with {wanted}",
)
CARD_FILLED = Rule(
    id="R-DT-3",
    check="card_filled_behind",
    level=REMARK,
    section="6 – 12",
    tolerance="a recorded card number may be filled on the other side",
    zh="交易记录的卡号 {got} 补零的位置与启动时的 {wanted} 不同",
    en="the record's card number {got} is filled on the other side than that of the start, {wanted}",
)


class Requested(Watcher):
    """What each 0x31 (0xA1) asks for, and what came of it when the answer was no."""

    rules = (ACCOUNT_START, VIN_ORDER, VIN_PARTLY, VIN_UNASKED, PASSWORD_FORM, STARTED_UNGRANTED)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._refused: dict[str, Seen] = {}  # by gun: the negative 0x32

    @hears("start_request", "parallel_start_request")
    def asked(self, seen: Seen) -> None:
        values = seen.values
        self._refused.pop(values.gun_no, None)
        if values.start_mode == START_ACCOUNT:
            self._tell(ACCOUNT_START, seen, "start_mode", "1, 3", "2")
        if values.start_mode == START_VIN:
            self._vin(seen)
        elif not blank(values.vin) and str(values.vin).strip("0"):
            self._tell(VIN_UNASKED, seen, "vin", "17 × 00", shown(values.vin))
        given = values.password_required == 1 or not blank(values.password)
        if given and not PASSWORD.fullmatch(str(values.password)):
            self._tell(PASSWORD_FORM, seen, "password", "0-9 a-f × 16", shown(values.password))

    def _vin(self, seen: Seen) -> None:
        profile, got = self.scene.pile.profile, str(seen.values.vin)
        vin = profile.items.vin if profile else ""
        if not vin:
            self.scene.cannot(VIN_ORDER, NO_VIN)
        if not vin or got == vin:
            return
        if got == vin[::-1]:
            self._tell(VIN_ORDER, seen, "vin", vin[::-1], vin)
        elif got in vin or got in vin[::-1]:
            self._tell(VIN_PARTLY, seen, "vin", vin, shown(seen.values.vin))

    def _tell(self, rule: Rule, seen: Seen, field: str, expected: str, got: str) -> None:
        gun, frame = seen.values.gun_no, seen.title
        self.scene.tell(rule, [seen.n], gun=gun, expected=expected, seen=got, fields=(field,), frame=frame, got=got)

    @hears("start_confirm")
    def answered(self, seen: Seen) -> None:
        if seen.values.auth_success == 1:
            self._refused.pop(seen.values.gun_no, None)
        elif not self.scene.pile.gun(seen.values.gun_no).charging:
            self._refused[seen.values.gun_no] = seen

    @hears("remote_start")
    def ordered(self, seen: Seen) -> None:
        self._refused.pop(seen.values.gun_no, None)

    @hears("realtime_data")
    def report(self, seen: Seen) -> None:
        refused = self._refused.get(seen.values.gun_no)
        if refused is None or seen.values.status != CHARGING or not self._granted_itself(refused, seen):
            return
        del self._refused[seen.values.gun_no]
        self.scene.tell(
            STARTED_UNGRANTED,
            [refused.n, seen.n],
            gun=seen.values.gun_no,
            expected="不充电 / no charge",
            seen="充电 / charging",
            fields=("status",),
        )

    def _granted_itself(self, refused: Seen, seen: Seen) -> bool:
        """Is this the charge that was refused? Stored data of an earlier one carry a serial of its own (R-RT-10)."""
        if self.scene.times and self.scene.elapsed(refused.at) > LATEST:
            return False
        return seen.values.transaction_serial == refused.values.transaction_serial or not real_serial(
            seen.values.transaction_serial
        )


class Numbers(Watcher):
    """VIN and card number in a record: the former against the registered one, the latter against that of the start."""

    rules = (RECORD_VIN, CARD_CHANGED, CARD_FILLED)

    @hears("transaction_record")
    def record(self, seen: Seen) -> None:
        if self.scene.pile.repeats(seen):
            return
        self._vin(seen)
        charge = self.scene.pile.charge_of(seen.values.transaction_serial)
        if charge is not None:
            self._card(charge, seen)

    def _vin(self, seen: Seen) -> None:
        profile, got = self.scene.pile.profile, shown(seen.values.vin)
        vin = profile.items.vin if profile else ""
        bare = str(seen.values.vin).strip(" ") or padding_off(seen.values.vin)
        if bare and not vin:
            self.scene.cannot(RECORD_VIN, NO_VIN)
        if not vin or not bare or str(seen.values.vin) == vin:
            return
        if bare in vin or bare in vin[::-1]:
            self.scene.tell(
                RECORD_VIN, [seen.n], gun=seen.values.gun_no, expected=vin, seen=got, fields=("vin",), got=got
            )

    def _card(self, charge: Charge, seen: Seen) -> None:
        wanted, start = started_with(charge)
        got = seen.values.physical_card_no
        if start is None or not any(wanted) or got == wanted or (charge.way == "app" and not any(got)):
            return
        rule = CARD_FILLED if unfilled(got) == unfilled(wanted) else CARD_CHANGED
        self._tell(rule, start, seen, wanted, got)

    def _tell(self, rule: Rule, start: Seen, record: Seen, wanted: bytes, got: bytes) -> None:
        expected, found = wanted.hex().upper(), got.hex().upper()
        self.scene.tell(
            rule,
            [start.n, record.n],
            gun=record.values.gun_no,
            expected=expected,
            seen=found,
            fields=("physical_card_no",),
            got=found,
            wanted=expected,
        )


def started_with(charge: Charge) -> tuple[bytes, Seen | None]:
    """The card that a charge was started with, and the frame that says so."""
    if charge.way == "card" and charge.asked is not None:
        return charge.asked.values.account_or_physical_card_no, charge.asked
    if charge.way == "app" and charge.order is not None:
        return charge.order.values.physical_card_no, charge.order
    return b"", None


def same_card(one: bytes, other: bytes) -> bool:
    """Are these the same card, filled on either side, its last four bytes in either order (E-CARD)?"""
    return unfilled(other) in (unfilled(one), unfilled(one[:4] + one[:3:-1]))


def unfilled(card: bytes) -> bytes:
    """A card number without what fills it up."""
    return card.strip(b"\0")


def padding_off(text: Any) -> str:
    """The characters of a text that begins with zeros."""
    return text.raw.strip(b"\0").decode("ascii", "replace") if isinstance(text, OddText) else ""


def blank(text: Any) -> bool:
    """Are all bytes of a text zero?"""
    return not (any(text.raw) if isinstance(text, OddText) else text)


def shown(text: Any) -> str:
    """A text for people; its bytes where it has no characters to show."""
    if isinstance(text, OddText):
        return text.raw.hex().upper()
    return str(text) or "17 × 00"
