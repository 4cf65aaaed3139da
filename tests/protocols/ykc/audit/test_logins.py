"""Logins on one connection and the next."""

from __future__ import annotations

import pytest

from tests.protocols.ykc.audit.edited import checks, good, idle


@pytest.mark.parametrize(("after", "told"), [(0.5, True), (1.5, False)])
def test_each_connection_has_an_answer_of_its_own_to_wait_for(after: float, told: bool) -> None:
    session = idle(50).back(lost=100, login=110, reply=1.0).up(110 + after, "heartbeat", gun_no="01")
    assert ("before_login" in checks(session.audit())) == told


def test_what_was_verified_before_anybody_looked_is_not_known() -> None:
    session = good().drop("login").drop("billing_model_verify").drop("billing_model_request")
    assert "model_not_verified_first" in checks(session.audit())


def test_who_hears_one_side_alone_cannot_say_that_heartbeats_had_no_answer() -> None:
    assert "heartbeats_unanswered" not in checks(idle().drop("login").drop("heartbeat_reply").audit())
    session = idle(60).drop("heartbeat_reply").back(lost=100, login=110)
    for at in range(120, 600, 10):
        session.up(at, "heartbeat", gun_no="01")
    assert "heartbeats_unanswered" not in checks(session.audit())
