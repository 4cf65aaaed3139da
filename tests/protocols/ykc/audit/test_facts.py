"""What the auditor knows of a pile."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from harness.core.amounts import Price, Tariff
from harness.core.journal import EventSeen, LinkChanged, Opened, TariffGiven
from harness.protocols.ykc.audit import PileAuditor, audit
from harness.protocols.ykc.audit.facts import PileFacts
from tests.protocols.ykc.audit.edited import Edited, checks, good, idle

OTHER = "32010600019236012604171001409999"
CARD: dict[str, Any] = {"gun_no": "01"}
PRICE = Price(Decimal(1), Decimal("0.5"))


def known(session: Edited, until: float = 1e9) -> PileFacts:
    """What is known at a moment of a session."""
    auditor = PileAuditor()
    for record in session.journal():
        if record.at <= until:
            auditor.see(record)
    return auditor.scene.pile


def order(session: Edited, at: float, serial: str = OTHER) -> Edited:
    return session.down(at, "remote_start", gun_no="01", transaction_serial=serial, physical_card_no=bytes(8))


def tariff(number: str) -> Tariff:
    return Tariff(number, {"peak": PRICE}, ("peak",) * 48)


def given(session: Edited, at: float, what: str, number: str) -> Edited:
    return session.event(at, TariffGiven(what, number, msgspec.to_builtins(tariff(number))))


def test_a_journal_that_names_its_pile_and_no_more_is_audited_all_the_same() -> None:
    session = good("single_tariff")
    first = session.records[0]
    assert isinstance(first, EventSeen)
    assert isinstance(first.event, Opened)
    bare = msgspec.structs.replace(first.event, profile={"pile_code": first.event.profile["pile_code"]})
    records = [msgspec.structs.replace(first, event=bare), *session.records[1:]]
    assert checks(audit(records)) == set()


def test_an_order_to_a_gun_that_charges_leaves_it_with_its_charge() -> None:
    session = good()
    middle = session.at("bms_info", 1)
    own = session.values("remote_start").transaction_serial
    order(session, middle)
    pile = known(session, middle + 0.01)
    assert pile.gun("01").charge is pile.charges[own]
    assert OTHER in pile.charges


def test_an_order_to_a_gun_that_rests_or_has_sent_its_record_is_its_charge() -> None:
    pile = known(order(idle(), 100), 101)
    assert pile.gun("01").charge is pile.charges[OTHER]
    session = good(after=60)
    late = session.at("transaction_record") + 1
    session.drop("realtime_data", lambda values: values.status != 3, since=session.at("remote_stop"))
    pile = known(order(session, late), late + 0.01)
    assert pile.gun("01").charge is pile.charges[OTHER]


@pytest.mark.parametrize(
    ("values", "begun"),
    [
        ({"auth_success": 1, "transaction_serial": OTHER}, [OTHER]),
        ({"auth_success": 0, "transaction_serial": OTHER, "fail_reason": 1}, []),
        ({"auth_success": 1, "transaction_serial": "0" * 32}, []),
    ],
)
def test_a_start_that_we_grant_under_a_serial_is_a_charge(values: dict[str, Any], begun: list[str]) -> None:
    session = idle().down(100, "start_confirm", **CARD, **values)
    assert list(known(session).charges) == begun


def test_a_start_that_we_grant_again_is_the_charge_that_it_was() -> None:
    session = good("card")
    serial = session.values("start_confirm").transaction_serial
    once = known(good("card")).charges[serial]
    again = known(session.again("start_confirm", 1)).charges[serial]
    assert again.order is not None
    assert once.order is not None
    assert again.order.at == once.order.at
    assert again.way == "card"


def test_a_pile_is_online_from_its_login_until_the_connection_is_gone() -> None:
    session = idle()
    assert PileFacts().online
    assert known(session).online
    assert not known(session.event(300, LinkChanged("lost")), 400).online
    assert known(session.up(310, "login", **login_of(session)), 400).online


def login_of(session: Edited) -> dict[str, Any]:
    values = session.values("login")
    return {name: getattr(values, name) for name in ("pile_type", "gun_count", "protocol_version", "program_version")}


@pytest.mark.parametrize("what", ["accepted", "in_force"])
def test_a_billing_model_that_was_accepted_is_in_force(what: str) -> None:
    assert known(given(idle(), 100, what, "0200")).tariff == tariff("0200")


@pytest.mark.parametrize("what", ["sent", "refused"])
def test_a_billing_model_that_was_not_accepted_is_not_in_force(what: str) -> None:
    assert known(given(idle(), 100, what, "0200")).tariff == known(idle()).tariff


def without_model() -> Edited:
    session = idle()
    session.drop("billing_model_request_reply")
    session.records = [r for r in session.records if not isinstance(getattr(r, "event", None), TariffGiven)]
    return session


def test_the_first_model_that_is_known_may_have_been_in_force_before_and_has_no_loss_ratio() -> None:
    pile = known(given(without_model(), 100, "accepted", "0200"))
    assert pile.tariff_before == tariff("0200")
    assert pile.loss_ratio == 0


def test_the_model_before_is_the_one_that_was_in_force_until_another_came() -> None:
    session = given(given(without_model(), 100, "accepted", "0100"), 200, "accepted", "0200")
    assert known(session, 250).tariff_before == tariff("0100")
    assert known(given(session, 300, "accepted", "0200")).tariff_before == tariff("0100")
    assert known(given(session, 400, "accepted", "0300")).tariff_before == tariff("0200")


def test_an_order_begins_under_the_model_in_force_and_what_nobody_ordered_perhaps_under_the_one_before() -> None:
    session = given(given(without_model(), 100, "accepted", "0100"), 200, "accepted", "0200")
    assert known(order(session, 300)).charges[OTHER].tariffs == [tariff("0200")]
    charging: dict[str, Any] = {"gun_no": "01", "transaction_serial": OTHER, "status": 3, "gun_plugged": 1}
    session = given(given(without_model(), 100, "accepted", "0100"), 200, "accepted", "0200")
    assert known(session.up(300, "realtime_data", **charging)).charges[OTHER].tariffs == [
        tariff("0100"),
        tariff("0200"),
    ]
    assert known(order(without_model(), 300)).charges[OTHER].tariffs == []
