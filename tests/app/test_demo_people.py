"""Who is there when the demo begins."""

from datetime import UTC, datetime
from pathlib import Path

from harness.app.demo_people import furnish, registered
from harness.core.approval import State
from harness.store.database import open_store
from harness.store.desk import accounts
from tests.sim.pretend import profile
from web.passwords import fits

NOW = datetime(2026, 4, 17, 2, 0, tzinfo=UTC)


def test_the_model_is_approved_and_its_pile_is_the_one_that_is_declared() -> None:
    assert registered(profile("demo")).profile("32010600019236") == profile("demo")


def test_all_codes_and_passwords_open_what_they_are_for(tmp_path: Path) -> None:
    engine = open_store(f"sqlite:///{tmp_path}/demo.sqlite")
    people = furnish(engine, profile("demo"), NOW)
    who = people.registrant
    found = accounts.find_registrant(engine, who.company, who.contact, who.phone)
    assert found is not None
    assert fits(found[1], people.code)
    for name, role, password in (
        ("reviewer", "reviewer", people.reviewer_password),
        ("admin", "admin", people.admin_password),
    ):
        user = accounts.find_user(engine, name)
        assert user is not None
        assert (user[0].role, fits(user[1], password)) == (role, True)
    assert (people.model.state, people.model.pile_code) == (State.TESTING, "32010600019236")
    engine.dispose()
