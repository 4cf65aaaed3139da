"""What a proper platform answers unasked. A scenario may take any answer over (`Bench.claim`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.core.message import Message
from harness.protocols.ykc import cards
from harness.protocols.ykc.codes import CHARGING, NOT_PLUGGED, START_CARD, START_VIN
from harness.protocols.ykc.guns import RECORD_TAKES, START_TAKES, heartbeat_reply
from harness.protocols.ykc.pairing import Asked

if TYPE_CHECKING:
    from harness.protocols.ykc.guns import GunState
    from harness.protocols.ykc.piles import Manner, PileState

VIN_LENGTH = 17  # a card number has 16 digits
CONFIRM_AGAIN = 60.0  # s in which the same number asked again gets the same answer


def login(pile: PileState, message: Message, now: float, asked: Asked | None) -> None:
    """0x01 of a registered pile: 0x02, and after a new login the time (R-LG-3, R-TI-1)."""
    pile.program_version = str(message.values.program_version)
    pile.send("login_reply", {"login_result": 0}, reply_to=message)
    if not pile.greeted:
        pile.greet(now)


def heartbeat(pile: PileState, message: Message, now: float, asked: Asked | None) -> None:
    """0x03: 0x04 with the bytes of the pile itself, made the short way: this is nine frames of ten."""
    gun = pile.guns.get(message.values.gun_no)
    if gun is not None:
        gun.beat(now)
    pile.reply_raw(heartbeat_reply(message.raw), message.values.gun_no)


def billing_model_verify(pile: PileState, message: Message, now: float, asked: Asked | None) -> None:
    """0x05: 0x06."""
    pile.billing.verify(message)


def billing_model_request(pile: PileState, message: Message, now: float, asked: Asked | None) -> None:
    """0x09: 0x0A."""
    pile.billing.requested(message, now)


def billing_model_set_reply(pile: PileState, message: Message, now: float, asked: Asked | None) -> None:
    """0x57: our 0x58 was taken or refused."""
    pile.billing.replied(message, asked)


def time_sync_reply(pile: PileState, message: Message, now: float, asked: Asked | None) -> None:
    """0x55: perhaps it decides whether the clock followed."""
    pile.clock.replied(message, asked)


def realtime_data(pile: PileState, message: Message, now: float, asked: Asked | None) -> None:
    """0x13 is the gun's state; it is not answered (R-BMS-3)."""
    values = message.values
    gun = pile.guns.get(values.gun_no)
    if gun is None:
        return
    charging = values.status == CHARGING
    gun.reports(message, charging, now)
    for hold in pile.holds:
        hold.spare_current()
    if charging and pile.platform.leftovers:
        pile.platform.stop_leftover(pile, message)


def remote_start_reply(pile: PileState, message: Message, now: float, asked: Asked | None) -> None:
    """0x33: after a failure nothing starts, unless the gun is only not plugged in yet, or charges already."""
    values = message.values
    gun = pile.guns.get(values.gun_no)
    if gun is not None and values.start_result != 1 and values.fail_reason != NOT_PLUGGED and not gun.charging:
        gun.over()


def remote_stop_reply(pile: PileState, message: Message, now: float, asked: Asked | None) -> None:
    """0x35: a start that had not turned into a charge yet will not, but its record is due (R-TX-5)."""
    values = message.values
    gun = pile.guns.get(values.gun_no)
    if gun is not None and values.stop_result == 1 and not gun.charging:
        gun.busy_until = min(gun.busy_until, now + RECORD_TAKES)


def transaction_record(pile: PileState, message: Message, now: float, asked: Asked | None) -> None:
    """0x3B: 0x40 each time, counted once (R-TX-6, E-RETRY)."""
    values = message.values
    gun = pile.guns.get(values.gun_no)
    if gun is not None:
        gun.over()
    kept = pile.send(
        "transaction_record_confirm",
        {"transaction_serial": values.transaction_serial, "confirm_result": 0},
        reply_to=message,
        gun_no=values.gun_no,
    )
    pile.platform.count_record(pile, message, kept.raw)


def start_request(pile: PileState, message: Message, now: float, asked: Asked | None) -> None:
    """0x31: 0x32 from the registered cards and VINs; while a run holds the gun, only if it waits for this.

    Where charges begin in runs alone, the number is noted and the answer is no.
    """
    values = message.values
    gun = pile.guns.get(values.gun_no)
    kind, number, account, reason = _asks_for(pile, message)
    if number:
        pile.link(f"{kind}_shown", number)
    if account is None or gun is None:
        _refuse(pile, message, reason or cards.NOT_HERE, kind, number)
        return
    held, again = pile.holder(gun.number) is not None, _same_again(gun, number, now)
    waited_for = gun.granted == kind and _declared(pile, number)
    if (pile.runs_only and not held) or (held and not again and not waited_for):
        _refuse(pile, message, cards.NOT_HERE, kind, number)
        return
    if not again:
        gun.confirmed = (number, pile.platform.new_serial(pile.code, gun.number), now)
    gun.granted = ""
    gun.given = gun.confirmed[1] if held else ""
    gun.busy_until = now + START_TAKES
    answer = {
        "transaction_serial": gun.confirmed[1],
        "gun_no": gun.number,
        "logical_card_no": account.logical,
        "account_balance": account.balance,
        "auth_success": 1,
        "fail_reason": 0,
    }
    pile.send("start_confirm", answer, reply_to=message)


def _asks_for(pile: PileState, message: Message) -> tuple[str, str, cards.Account | None, int]:
    """What a 0x31 asks by: kind, number shown, its account, and the reason when there is none."""
    values = message.values
    registered = pile.platform.registered
    if values.start_mode == START_CARD:
        number = values.account_or_physical_card_no.hex().upper()
        account = cards.card_account(number, pile.profile, registered)
        return "card", number, account, 0 if account else cards.NO_ACCOUNT
    if values.start_mode == START_VIN:
        vin = str(values.vin)
        account = cards.vin_account(vin, pile.profile, registered)
        return "vin", vin, account, 0 if account else cards.NO_VIN
    return "", "", None, cards.NO_ACCOUNT


def _declared(pile: PileState, number: str) -> bool:
    """The very card or VIN the pile declares: a run waits for no other, though others may be registered too."""
    items = pile.profile.items
    return number in (items.vin, items.vin[::-1]) if len(number) == VIN_LENGTH else cards.same_card(number, items.card)


def _same_again(gun: GunState, number: str, now: float) -> bool:
    """A request that comes again because its answer was lost."""
    shown, _, at = gun.confirmed
    return bool(shown) and shown == number and now < at + CONFIRM_AGAIN and not gun.charging


def _refuse(pile: PileState, message: Message, reason: int, kind: str, number: str) -> None:
    """Say no, and tell those who look on: the number may only want to be registered."""
    gun_no = message.values.gun_no
    pile.send("start_confirm", {"gun_no": gun_no, "auth_success": 0, "fail_reason": reason}, reply_to=message)
    if number:
        pile.link(f"{kind}_refused", number)


MANNERS: dict[str, Manner] = {
    manner.__name__: manner
    for manner in (
        login,
        heartbeat,
        billing_model_verify,
        billing_model_request,
        billing_model_set_reply,
        time_sync_reply,
        realtime_data,
        remote_start_reply,
        remote_stop_reply,
        transaction_record,
        start_request,
    )
}
