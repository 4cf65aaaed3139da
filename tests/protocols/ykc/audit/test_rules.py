"""Each check on two sessions: it finds the breach and what belongs to it alone, and leaves the odd but legal be."""

from __future__ import annotations

import re
from functools import lru_cache

import pytest

from harness.core.auditing import Level
from harness.core.journal import Record
from harness.protocols.ykc.audit.rules import RULES
from tests.protocols.ykc.audit import (
    billing_sessions,
    framing_sessions,
    heartbeat_sessions,
    login_sessions,
    odd_field_sessions,
    parallel_sessions,
    plausible_sessions,
    realtime_sessions,
    record_sessions,
    start_sessions,
    upkeep_sessions,
)
from tests.protocols.ykc.audit.edited import checks, good, idle
from tests.protocols.ykc.audit.sessions import Sessions

CHAPTERS = (
    billing_sessions,
    realtime_sessions,
    framing_sessions,
    heartbeat_sessions,
    login_sessions,
    parallel_sessions,
    plausible_sessions,
    upkeep_sessions,
    odd_field_sessions,
    record_sessions,
    start_sessions,
)
SESSIONS: dict[str, Sessions] = {check: made for chapter in CHAPTERS for check, made in chapter.SESSIONS.items()}
BY_CHECK = {rule.check: rule for rule in RULES}
CASES = ("qr_set", "single_tariff", "cross_tariff", "card", "vin", "estop", "reboot", "upgrade")

# What is odd and legal is remarked upon here and there, and never more than that.
REMARKED = {
    "encrypt_flag": ["encrypted"],
    "energy_without_slot": ["zero_time"],
    "idle_not_zero": ["idle_temperature"],
    "meter_difference": ["meter_absent"],
    "serial_start": ["serial_count"],
    "offline_flag": ["reconnect"],
    "stored_record_late": ["reconnect"],
    "stored_record_missing": ["reconnect"],
    "trade_flag_unlisted": ["reconnect"],
    "trade_flag_unfit": ["reconnect"],
}


@lru_cache(maxsize=1)
def plain_sessions() -> list[list[Record]]:
    """Sessions in which nothing is odd."""
    return [idle().records, *(good(case, name).records for case in CASES for name in ("demo", "ac"))]


def test_every_check_has_its_two_sessions_and_a_name_of_its_own() -> None:
    assert len(BY_CHECK) == len(RULES)
    assert set(SESSIONS) == set(BY_CHECK)


@pytest.mark.parametrize("check", sorted(BY_CHECK))
def test_a_breach_is_found_and_nothing_else(check: str) -> None:
    made, rule = SESSIONS[check], BY_CHECK[check]
    found = made.breaks().audit(strict=made.strict)
    assert check in checks(found)
    assert checks(found) - {check} <= set(rule.also)
    told = next(finding for finding in found.findings if finding.check == check)
    assert told.level is rule.level_when(made.strict)
    assert told.frames
    assert told.expected
    assert told.seen
    assert told.zh
    assert told.en


@pytest.mark.parametrize("check", sorted(BY_CHECK))
def test_what_is_odd_but_legal_stays_clean(check: str) -> None:
    made = SESSIONS[check]
    legal = made.legal()
    assert legal.records not in plain_sessions(), "a plain session is not odd"
    found = legal.audit(strict=made.strict)
    assert check not in checks(found)
    assert {each.check: each.level for each in found.findings} == dict.fromkeys(REMARKED.get(check, ()), Level.REMARK)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", ["demo", "ac"])
def test_a_good_pile_is_clean(case: str, name: str) -> None:
    assert checks(good(case, name).audit()) == set()


def test_a_pile_at_rest_is_clean() -> None:
    assert checks(idle().audit()) == set()


@pytest.mark.parametrize("check", sorted(BY_CHECK))
def test_a_finding_says_what_it_saw_apart_from_what_was_expected_and_cites_in_order(check: str) -> None:
    made = SESSIONS[check]
    for told in made.breaks().audit(strict=made.strict).findings:
        assert told.expected != told.seen
        assert list(told.frames) == sorted(set(told.frames))
        assert " (not " not in told.zh


@pytest.mark.parametrize("check", ["amount_by_price", "energy_split"])
def test_bounds_are_told_with_the_places_that_amounts_and_energies_have(check: str) -> None:
    found = SESSIONS[check].breaks().audit().findings
    told = next(finding for finding in found if finding.check == check)
    low, high = (float(bound) for bound in re.findall(r"\d+\.\d+", told.expected))
    assert f"{low:.4f}" in told.zh
    assert f"{high:.4f}" in told.en
