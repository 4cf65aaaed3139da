"""Frames of types that a version has or has not."""

from __future__ import annotations

import pytest

from harness.core.auditing import Audit, Level
from tests.protocols.ykc.audit.edited import Edited, checks, good
from tests.protocols.ykc.audit.framing_sessions import SESSIONS, resealed
from tests.protocols.ykc.audit.record_sessions import CONFIRM, RECORD
from tests.protocols.ykc.audit.start_sessions import pulled


def musts(found: Audit) -> set[str]:
    return {each.check for each in found.of(Level.MUST)}


def unjudged(found: Audit) -> set[str]:
    return {each.check for each in found.not_judged if each.why == "other_edition"}


def record_as(code: int, edition: str) -> Edited:
    """A charge whose record comes as another frame, with a meter block that 0x3B has not; nothing answers it."""
    session = good(after=700).change("login", protocol_version=edition).drop(CONFIRM)
    return session.bytes_of(RECORD, 0, lambda raw: resealed(raw, code))


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


def test_a_pile_of_another_edition_that_sends_0x3b_owes_them() -> None:
    session = good("two_charges") if False else good(after=700)
    session.change("login", protocol_version="1.7")
    assert "record_overdue" in musts(session.move(RECORD, 60).audit())


def test_nor_is_the_record_of_a_pulled_gun_missing() -> None:
    session = pulled(record_after=None).change("login", protocol_version="1.7")
    assert "record_after_pull" not in checks(session.audit())
