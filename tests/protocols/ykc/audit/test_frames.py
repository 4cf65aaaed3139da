"""Frames of types that a version has or has not."""

from __future__ import annotations

import pytest

from harness.core.auditing import Audit, Level
from tests.protocols.ykc.audit import login_sessions, realtime_sessions, start_sessions
from tests.protocols.ykc.audit.edited import ALL, Edited, checks, good, idle
from tests.protocols.ykc.audit.framing_sessions import SESSIONS, retyped
from tests.protocols.ykc.audit.record_sessions import CONFIRM, RECORD
from tests.protocols.ykc.audit.sessions import Sessions
from tests.protocols.ykc.audit.test_records import two_charges


def musts(found: Audit) -> set[str]:
    return {each.check for each in found.of(Level.MUST)}


def unjudged(found: Audit) -> set[str]:
    return {each.check for each in found.not_judged if each.why == "other_edition"}


def record_as(code: int, edition: str) -> Edited:
    """A charge whose record comes as another frame, with a meter block that 0x3B has not; nothing answers it."""
    session = good(after=700).change("login", protocol_version=edition).drop(CONFIRM)
    return session.bytes_of(RECORD, 0, lambda raw: retyped(raw, code))


def test_a_pile_whose_login_nobody_saw_speaks_v1() -> None:
    assert "unknown_type" in checks(SESSIONS["unknown_type"].breaks().drop("login").audit())


def test_a_type_of_another_edition_is_a_warning_however_strict() -> None:
    assert not musts(SESSIONS["type_of_other_edition"].breaks().audit(strict=True))


@pytest.mark.parametrize(("code", "edition"), [(0x39, "1.2"), (0x3F, "1.4"), (0x3D, "1.7"), (0x3D, "1.8")])
def test_records_of_other_editions_are_not_missing(code: int, edition: str) -> None:
    found = record_as(code, edition).audit()
    assert checks(found) == {"type_of_other_edition"}
    assert unjudged(found) == {"record_overdue", "record_absent"}


def test_a_pile_of_another_edition_may_have_sent_a_record_that_nobody_knows() -> None:
    found = good(after=700).change("login", protocol_version="1.7").drop(RECORD).drop(CONFIRM).audit()
    assert (musts(found), unjudged(found)) == (set(), {"record_overdue", "record_absent"})


@pytest.mark.parametrize("edition", ["1.5", "1.6"])
def test_a_record_that_has_to_be_0x3b_is_missing(edition: str) -> None:
    session = good(after=700).change("login", protocol_version=edition).drop(RECORD).drop(CONFIRM)
    assert {"record_overdue", "record_absent"} <= musts(session.audit())


def test_a_pile_that_claims_v16_has_to_send_0x3b() -> None:
    assert {"record_overdue", "record_absent"} <= musts(record_as(0x3D, "1.6").audit())


def test_a_record_of_another_edition_counts_where_the_login_was_not_seen() -> None:
    assert not musts(record_as(0x3D, "1.6").drop("login").drop("login_reply").audit())


def test_a_pile_of_another_edition_that_sends_0x3b_owes_it() -> None:
    session = two_charges(0).change("login", protocol_version="1.7").drop(RECORD, 1).drop(CONFIRM, 1)
    assert "record_overdue" in musts(session.audit())


@pytest.mark.parametrize(
    ("sessions", "check"),
    [
        (start_sessions.SESSIONS, "record_after_pull"),
        (login_sessions.SESSIONS, "stored_record_late"),
        (realtime_sessions.SESSIONS, "stored_record_missing"),
    ],
)
def test_what_else_asks_for_a_record_leaves_other_editions_alone(sessions: dict[str, Sessions], check: str) -> None:
    session = sessions[check].breaks().change("login", ALL, protocol_version="1.7")
    if session.frames(RECORD):
        session.drop(RECORD)
    found = session.audit()
    assert check not in checks(found)
    assert check in unjudged(found)


def test_a_frame_of_the_platform_that_the_pile_sends_asks_for_nothing() -> None:
    found = idle().up(100, "remote_stop", b"\1\1", gun_no="01").audit()
    assert checks(found) == {"wrong_way"}


def test_a_frame_of_the_pile_that_the_platform_sends_is_not_the_piles() -> None:
    session = idle().down(100, "realtime_data", gun_no="01", status=3, gun_plugged=1, output_current=100)
    assert not checks(session.audit())
