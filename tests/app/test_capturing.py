"""From when to when a run goes in its pile's journal."""

from datetime import UTC, datetime, timedelta

import pytest

from harness.app.capturing import FOREVER, LEAD, ours, span
from harness.core.journal import EventSeen, LinkChanged
from harness.core.outcome import RunOutcome
from harness.core.pile import PileProfile
from harness.settings import Settings

OPENED = datetime(2026, 4, 17, 2, 0, tzinfo=UTC)
PROFILE = PileProfile(pile_code="32010600019236", model="DEMO", kind="dc", power_kw=120, guns=2)


def outcome(begin: float, end: float | None) -> RunOutcome:
    started = (OPENED + timedelta(seconds=begin)).isoformat()
    ended = "" if end is None else (OPENED + timedelta(seconds=end)).isoformat()
    return RunOutcome(pile_code=PROFILE.pile_code, profile=PROFILE, started=started, ended=ended)


def links(*changes: tuple[float, str]) -> list[EventSeen]:
    return [EventSeen(n, at, LinkChanged(what, "192.0.2.20:41234")) for n, (at, what) in enumerate(changes, 1)]


@pytest.mark.parametrize(
    ("changes", "first"),
    [
        ((), 1000.0),
        (((5.0, "login"),), 1000.0),
        (((1000.0 - LEAD, "login"),), 0.0),
        (((5.0, "login"), (900.0, "lost"), (990.0, "relogin")), 900.0),
        (((990.0, "login"), (992.0, "replaced"), (994.0, "relogin")), 0.0),
        (((5.0, "login"), (900.0, "lost"), (1200.0, "relogin")), 1000.0),
    ],
)
def test_a_capture_begins_with_the_login_when_that_was_just_before_the_run(
    changes: tuple[tuple[float, str], ...], first: float
) -> None:
    assert span(outcome(1000.0, 1600.0), OPENED, links(*changes)) == (first, 1600.0)


def test_a_run_that_has_not_ended_goes_on_to_the_end_of_the_journal() -> None:
    assert span(outcome(10.0, None), OPENED, []) == (10.0, FOREVER)


@pytest.mark.parametrize(
    ("settings", "host", "port"),
    [
        ({}, "0.0.0.0", 5456),
        ({"host": "192.0.2.1", "port": 6000}, "192.0.2.1", 6000),
        ({"host": "0.0.0.0", "public_address": "198.51.100.7", "port": 0}, "198.51.100.7", 5456),
    ],
)
def test_our_end_is_what_the_settings_say(settings: dict[str, object], host: str, port: int) -> None:
    found = ours(Settings.model_validate(settings))
    assert (found.host, found.port) == (host, port)
