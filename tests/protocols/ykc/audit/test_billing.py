"""Billing models and what is billed by them, in their odder forms."""

from __future__ import annotations

from decimal import Decimal

import pytest

from harness.core.journal import LinkChanged
from tests.protocols.ykc.audit.billing_sessions import pushed, with_ratio
from tests.protocols.ykc.audit.edited import ALL, Edited, checks, good, idle
from tests.protocols.ykc.audit.start_sessions import charging

VERIFY = "billing_model_verify"
PUSHED = "0100"  # the number of the model that is pushed


def given_otherwise() -> Edited:
    """The pile was given a model of another number than the one that may be pushed later."""
    return idle().change("billing_model_request_reply", billing_model_no="0200")


@pytest.mark.parametrize(
    ("result", "named", "right"),
    [(1, PUSHED, True), (1, "0200", False), (0, PUSHED, False), (0, "0200", True)],
)
def test_a_pile_names_the_model_that_it_took_last(result: int, named: str, right: bool) -> None:
    session = pushed(given_otherwise(), 100, 1.0, result)
    session.up(200, VERIFY, billing_model_no=named).down(200, f"{VERIFY}_reply", billing_model_no=named)
    assert ("model_number" in checks(session.audit())) != right


@pytest.mark.parametrize(("what", "right"), [("lost", "0200"), ("card_shown", PUSHED)])
def test_a_push_ends_with_its_connection(what: str, right: str) -> None:
    session = pushed(given_otherwise(), 100, 5.0).event(103, LinkChanged(what))
    session.up(200, VERIFY, billing_model_no=right).down(200, f"{VERIFY}_reply", billing_model_no=right)
    assert "model_number" not in checks(session.audit())


def test_an_answer_to_no_push_changes_no_model() -> None:
    session = given_otherwise().up(100, "billing_model_set_reply", set_result=1)
    session.up(200, VERIFY, billing_model_no=PUSHED).down(200, f"{VERIFY}_reply", billing_model_no=PUSHED)
    assert "model_number" in checks(session.audit())


def test_a_journal_that_begins_with_the_answer_to_a_login_may_lack_what_was_verified_before() -> None:
    session = good().drop("login").drop(VERIFY).drop(f"{VERIFY}_reply")
    assert "model_not_verified" in checks(session.audit())


def test_a_charge_begins_with_its_first_report_where_nobody_confirmed_it() -> None:
    session = good().drop("remote_start_reply").drop(VERIFY).drop(f"{VERIFY}_reply")
    told = next(each for each in session.audit().findings if each.check == "model_not_verified")
    first = next(n for n in range(99) if charging(session.values("realtime_data", n)))
    numbered = Edited(session.journal())
    assert told.frames[-1] == numbered.frames("realtime_data")[first].n


def test_with_a_loss_ratio_losses_are_more_than_nothing() -> None:
    assert "loss_ratio" in checks(with_ratio(5, "1").audit(strict=True))
    little = with_ratio(5, "1")
    names = [
        f"{label}_{kind}"
        for label in ("sharp", "peak", "flat", "valley", "total")
        for kind in ("energy", "loss_energy")
    ]
    small = dict.fromkeys(names, lambda value: (value / 100).quantize(Decimal("0.0001")))
    assert "loss_ratio" not in checks(little.change("transaction_record", ALL, **small).audit(strict=True))
