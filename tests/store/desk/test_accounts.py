"""Registrants and users: entered once, found again, their sessions ended when their secret changes."""

import pytest
from sqlalchemy import Engine

from harness.core.errors import PersonError
from harness.store.desk import accounts
from harness.store.desk.audit import audit
from harness.store.desk.values import Actor, Registrant
from tests.store.desk.people import LATER, NOW, REVIEWER

ADMIN = Actor(kind="admin", id=1, name="admin1")


def register(engine: Engine, **other: str) -> Registrant:
    said = {"company": "青禾充电", "brand": "QH", "contact": "王一", "phone": "+86 13900000000", "code_hash": "#1"}
    return accounts.register(engine, **{**said, **other}, now=NOW)


def test_a_registrant_is_found_again_with_the_hash_of_the_code(engine: Engine) -> None:
    made = register(engine)
    assert accounts.find_registrant(engine, "青禾充电", "王一", "+86 13900000000") == (made, "#1")
    assert accounts.registrant(engine, made.id) == made
    assert made.created == NOW
    assert made.epoch == 1


def test_who_is_not_registered_is_not_found(engine: Engine) -> None:
    register(engine)
    assert accounts.find_registrant(engine, "青禾充电", "王一", "+86 13900000001") is None
    assert accounts.registrant(engine, 99) is None


def test_the_same_contact_registers_once_for_a_company(engine: Engine) -> None:
    register(engine)
    with pytest.raises(PersonError, match="registered for this company already") as error:
        register(engine, brand="other", code_hash="#2")
    assert "已经登记过" in error.value.text_zh


@pytest.mark.parametrize("other", [{"company": "蓝桩"}, {"contact": "李二"}, {"phone": "+86 13900000001"}])
def test_another_company_contact_or_phone_is_another_registrant(engine: Engine, other: dict[str, str]) -> None:
    assert register(engine).id != register(engine, **other).id


def test_a_new_code_takes_the_place_of_the_old_and_ends_sessions(engine: Engine) -> None:
    made = register(engine)
    changed = accounts.new_code(engine, made.id, "#2", REVIEWER, LATER)
    assert changed.epoch == made.epoch + 1
    assert accounts.find_registrant(engine, made.company, made.contact, made.phone) == (changed, "#2")
    assert audit(engine)[0].actor == REVIEWER
    assert audit(engine)[0].action == "new_code"
    assert "#2" not in audit(engine)[0].detail


def test_a_new_code_for_nobody_is_one_clear_sentence(engine: Engine) -> None:
    with pytest.raises(PersonError, match="no registrant 7"):
        accounts.new_code(engine, 7, "#2", REVIEWER, NOW)


def test_a_user_is_found_again_by_name(engine: Engine) -> None:
    made = accounts.add_user(engine, "anna", "reviewer", "#a", NOW)
    assert accounts.find_user(engine, "anna") == (made, "#a")
    assert accounts.user(engine, made.id) == made
    assert accounts.find_user(engine, "ben") is None
    assert accounts.user(engine, 99) is None


def test_a_new_user_is_on_the_audit_list_under_who_added_it(engine: Engine) -> None:
    accounts.add_user(engine, "anna", "reviewer", "#", NOW, ADMIN)
    assert audit(engine)[0].actor == ADMIN
    accounts.add_user(engine, "ben", "reviewer", "#", NOW)
    assert audit(engine)[0].actor == accounts.COMMAND_LINE


def test_users_are_listed_by_name(engine: Engine) -> None:
    for name in ("ben", "anna"):
        accounts.add_user(engine, name, "reviewer", "#", NOW)
    assert [user.name for user in accounts.users(engine)] == ["anna", "ben"]


def test_a_user_name_is_taken_once(engine: Engine) -> None:
    accounts.add_user(engine, "anna", "reviewer", "#", NOW)
    with pytest.raises(PersonError, match="user 'anna' already"):
        accounts.add_user(engine, "anna", "admin", "#", NOW)


def test_a_role_that_does_not_exist_is_refused(engine: Engine) -> None:
    with pytest.raises(PersonError, match="reviewer or admin"):
        accounts.add_user(engine, "anna", "root", "#", NOW)


def test_each_change_of_a_user_ends_the_sessions_and_is_audited_without_the_secret(engine: Engine) -> None:
    made = accounts.add_user(engine, "anna", "reviewer", "#", NOW)
    accounts.change_user(engine, made.id, ADMIN, NOW, disabled=True)
    changed = accounts.change_user(engine, made.id, ADMIN, NOW, role="admin", disabled=False, password_hash="#new")
    assert (changed.role, changed.disabled, changed.epoch) == ("admin", False, made.epoch + 2)
    assert accounts.find_user(engine, "anna") == (changed, "#new")
    assert [line.detail for line in audit(engine, 2)] == [
        "anna\nrole: admin\ndisabled: False\npassword: new",
        "anna\ndisabled: True",
    ]


@pytest.mark.parametrize("change", [{"role": "reviewer"}, {"disabled": True}])
def test_the_last_admin_stays_one(engine: Engine, change: dict[str, object]) -> None:
    made = accounts.add_user(engine, "anna", "admin", "#", NOW)
    with pytest.raises(PersonError, match="last admin"):
        accounts.change_user(engine, made.id, ADMIN, NOW, **change)  # type: ignore[arg-type]
    assert accounts.user(engine, made.id) == made
    accounts.add_user(engine, "ben", "admin", "#", NOW)
    assert accounts.change_user(engine, made.id, ADMIN, NOW, **change).epoch == 2  # type: ignore[arg-type]


def test_a_user_that_is_not_there_cannot_be_changed(engine: Engine) -> None:
    with pytest.raises(PersonError, match="no user 7"):
        accounts.change_user(engine, 7, ADMIN, NOW, disabled=True)
