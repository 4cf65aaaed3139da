"""Cards, VINs and passwords with which charges are asked for."""

from __future__ import annotations

from typing import Any

import pytest

from harness.core.journal import Opened
from harness.protocols.ykc.audit.rules.authorisation import LATEST
from tests.protocols.ykc.audit.edited import ALL, Edited, checks, good, idle
from tests.protocols.ykc.audit.record_sessions import RECORD
from tests.protocols.ykc.audit.start_sessions import CARD, OTHER, SERIAL, flow
from tests.protocols.ykc.audit.upkeep_sessions import cards_of, topped_up

ZEROS = "0" * 32
GUN: dict[str, Any] = {"gun_no": "01"}


@pytest.mark.parametrize(
    ("required", "password", "told"),
    [
        (0, "", False),
        (0, "secret", True),
        (1, "", True),
        (1, "0123456789abcdef", False),
        (0, "0123456789abcdef", False),
    ],
)
def test_a_password_has_its_form_wherever_one_is_given_or_needed(required: int, password: str, told: bool) -> None:
    session = good("card").change("start_request", password_required=required, password=password)
    assert ("password_form" in checks(session.audit())) == told


def refused_then_charging(serial: str, after: float, refused: str = ZEROS) -> Edited:
    """0x32 says no under some serial, and the gun charges so much later under some serial."""
    session = idle(400)
    session.up(100, "start_request", b"\1\1", **GUN, start_mode=1, account_or_physical_card_no=bytes(7) + b"\1")
    session.down(100.1, "start_confirm", b"\1\1", **GUN, auth_success=0, fail_reason=1, transaction_serial=refused)
    return session.up(100.1 + after, "realtime_data", **GUN, transaction_serial=serial, **flow(0))


@pytest.mark.parametrize(
    ("serial", "after", "refused", "told"),
    [
        (ZEROS, 10, ZEROS, True),
        (ZEROS, 10, SERIAL, True),
        (SERIAL, 10, SERIAL, True),
        (OTHER, 10, SERIAL, False),
        (ZEROS, LATEST, ZEROS, True),
        (ZEROS, LATEST + 1, ZEROS, False),
    ],
)
def test_a_charge_soon_after_its_refusal_is_the_refused_one(
    serial: str, after: float, refused: str, told: bool
) -> None:
    found = checks(refused_then_charging(serial, after, refused).audit())
    assert ("charging_ungranted" in found) == told


def test_a_charge_that_a_vin_began_is_held_against_no_card() -> None:
    session = good("vin").change("start_request", account_or_physical_card_no=bytes(7) + b"\1")
    session.change("transaction_record", ALL, physical_card_no=bytes(7) + b"\2")
    assert not {"card_changed", "card_filled"} & checks(session.audit())


@pytest.mark.parametrize(("card", "told"), [(CARD, True), (bytes(8), False)])
def test_a_balance_is_anothers_only_where_the_charge_has_a_card(card: bytes, told: bool) -> None:
    session = topped_up(bytes(7) + b"\7", 0).change("remote_start", physical_card_no=card)
    assert ("balance_of_other_card" in checks(session.audit())) == told


@pytest.mark.parametrize(("saved", "told"), [(1, True), (0, False)])
def test_a_card_that_could_not_be_saved_need_not_be_there(saved: int, told: bool) -> None:
    session = idle().down(100, "offline_card_sync", b"\1\1", cards=cards_of(CARD))
    session.up(101, "offline_card_sync_reply", b"\1\1", save_result=saved)
    session.down(120, "offline_card_query", b"\2\2", cards=cards_of(CARD))
    session.up(121, "offline_card_query_reply", b"\2\2", cards=cards_of(CARD, query_result=0))
    assert ("stored_card_unknown" in checks(session.audit())) == told


@pytest.mark.parametrize(("cards", "seen"), [((), "—"), ((bytes(7) + b"\7",), "0000000000000007")])
def test_the_cards_that_were_named_are_told(cards: tuple[bytes, ...], seen: str) -> None:
    session = idle().down(120, "offline_card_query", b"\2\2", cards=cards_of(CARD))
    session.up(121, "offline_card_query_reply", b"\2\2", cards=cards_of(*cards, query_result=1))
    told = next(each for each in session.audit(strict=True).findings if each.check == "cards_answered_differ")
    assert told.seen == seen


def compared_with_no_vin(session: Edited) -> dict[str, int]:
    """The rules that need a registered VIN and have none, with how often; the session tells nothing of its pile."""
    session.records = [r for r in session.records if not isinstance(getattr(r, "event", None), Opened)]
    return {each.rule: each.count for each in session.audit().not_judged if each.why == "no_vin"}


def test_a_vin_that_is_registered_nowhere_cannot_be_compared() -> None:
    assert compared_with_no_vin(good("vin")) == {"R-AU-2": 1, "R-TX-9": 1}
    assert compared_with_no_vin(good("card").change(RECORD, vin=bytes(17))) == {}
    assert not [each for each in good("vin").audit().not_judged if each.why == "no_vin"]
