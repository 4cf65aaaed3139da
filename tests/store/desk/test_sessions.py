"""Sessions that were ended: known for as long as their cookie could be used, then forgotten."""

from datetime import timedelta

from sqlalchemy import Engine, text

from harness.store.desk import sessions
from tests.store.desk.people import NOW

MONTH = timedelta(days=30)


def test_a_session_is_ended_once_somebody_says_so(engine: Engine) -> None:
    assert not sessions.has_ended(engine, "0af3")
    for _ in range(2):
        sessions.end(engine, "0af3", NOW, NOW + MONTH)
    assert sessions.has_ended(engine, "0af3")
    assert not sessions.has_ended(engine, "0af4")


def test_what_is_too_old_to_be_used_is_forgotten(engine: Engine) -> None:
    sessions.end(engine, "0af3", NOW, NOW + MONTH)
    sessions.end(engine, "0af4", NOW + MONTH * 2, NOW + MONTH * 3)
    with engine.connect() as connection:
        assert connection.scalars(text("SELECT id FROM ended_sessions")).all() == ["0af4"]
