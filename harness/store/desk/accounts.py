"""Registrants and the platform's own people. Codes and passwords come as hashes; a new one ends older sessions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from harness.core.approval import PLATFORM, REGISTRANT
from harness.core.errors import PersonError
from harness.store.desk.audit import enter
from harness.store.desk.tables import RegistrantRow, UserRow
from harness.store.desk.values import ADMIN, REVIEWER, Actor, Registrant, User
from harness.store.rows import micros, moment

COMMAND_LINE = Actor(kind=PLATFORM, id=0, name="harness")


def register(
    engine: Engine, *, company: str, brand: str, contact: str, phone: str, code_hash: str, now: datetime
) -> Registrant:
    """Enter a registrant; PersonError when this contact is registered already."""
    row = RegistrantRow(
        company=company,
        brand=brand,
        contact=contact,
        phone=phone,
        code_hash=code_hash,
        epoch=1,
        created=micros(now),
    )
    try:
        with Session(engine) as session, session.begin():
            session.add(row)
            session.flush()
            enter(session, Actor(kind=REGISTRANT, id=row.id, name=contact), "register", now, detail=company)
            return _registrant(row)
    except IntegrityError:
        raise PersonError(
            "This contact and phone are registered for this company already; sign in with the access code.",
            "这家企业的这个联系人和电话已经登记过，用访问码登录即可。",
        ) from None


def find_registrant(engine: Engine, company: str, contact: str, phone: str) -> tuple[Registrant, str] | None:
    """A registrant and the hash of the access code."""
    query = select(RegistrantRow).filter_by(company=company, contact=contact, phone=phone)
    with Session(engine) as session:
        row = session.scalar(query)
        return None if row is None else (_registrant(row), row.code_hash)


def registrant(engine: Engine, registrant_id: int) -> Registrant | None:
    """One registrant."""
    with Session(engine) as session:
        row = session.get(RegistrantRow, registrant_id)
        return None if row is None else _registrant(row)


def new_code(engine: Engine, registrant_id: int, code_hash: str, by: Actor, now: datetime) -> Registrant:
    """A new access code: the old one, and all sessions, are over."""
    with Session(engine) as session, session.begin():
        row = session.get(RegistrantRow, registrant_id)
        if row is None:
            raise PersonError(f"There is no registrant {registrant_id}.", f"没有编号为 {registrant_id} 的登记人。")
        row.code_hash = code_hash
        row.epoch = row.epoch + 1
        enter(session, by, "new_code", now, detail=f"{row.company} {row.contact}")
        return _registrant(row)


def add_user(engine: Engine, name: str, role: str, password_hash: str, now: datetime, by: Actor = COMMAND_LINE) -> User:
    """Enter a reviewer or admin; PersonError when the name is taken or the role unknown."""
    _check_role(role)
    row = UserRow(name=name, role=role, password_hash=password_hash, disabled=False, epoch=1, created=micros(now))
    try:
        with Session(engine) as session, session.begin():
            session.add(row)
            session.flush()
            enter(session, by, "add_user", now, detail=f"{name}: {role}")
            return _user(row)
    except IntegrityError:
        raise PersonError(
            f"There is a user '{name}' already; choose another name.", f"用户“{name}”已经有了，换一个名字。"
        ) from None


def find_user(engine: Engine, name: str) -> tuple[User, str] | None:
    """A user and the hash of the password."""
    with Session(engine) as session:
        row = session.scalar(select(UserRow).where(UserRow.name == name))
        return None if row is None else (_user(row), row.password_hash)


def user(engine: Engine, user_id: int) -> User | None:
    """One user."""
    with Session(engine) as session:
        row = session.get(UserRow, user_id)
        return None if row is None else _user(row)


def users(engine: Engine) -> list[User]:
    """All users by name."""
    with Session(engine) as session:
        return [_user(row) for row in session.scalars(select(UserRow).order_by(UserRow.name))]


def change_user(
    engine: Engine,
    user_id: int,
    by: Actor,
    now: datetime,
    *,
    role: str | None = None,
    disabled: bool | None = None,
    password_hash: str | None = None,
) -> User:
    """Change a user, whose sessions then end; the last admin stays one."""
    with Session(engine) as session, session.begin():
        row = session.get(UserRow, user_id)
        if row is None:
            raise PersonError(f"There is no user {user_id}.", f"没有编号为 {user_id} 的用户。")
        was_admin = row.role == ADMIN and not row.disabled
        if role is not None:
            _check_role(role)
            row.role = role
        if disabled is not None:
            row.disabled = disabled
        if password_hash is not None:
            row.password_hash = password_hash
        row.epoch = row.epoch + 1
        _keep_an_admin(session, was_admin)
        enter(session, by, "change_user", now, detail=_changes(row.name, role, disabled, password_hash))
        return _user(row)


def _changes(name: str, role: str | None, disabled: bool | None, password_hash: str | None) -> str:
    said = {"role": role, "disabled": disabled, "password": None if password_hash is None else "new"}
    return "\n".join([name, *(f"{what}: {value}" for what, value in said.items() if value is not None)])


def _keep_an_admin(session: Session, was_admin: bool) -> None:
    """Somebody who was an admin may stop being one only when another is left."""
    session.flush()
    left = select(func.count()).select_from(UserRow).where(UserRow.role == ADMIN, UserRow.disabled.is_(False))
    if was_admin and not session.scalar(left):
        raise PersonError(
            "This is the last admin; make somebody else an admin first.", "这是最后一个管理员，先把别人设为管理员。"
        )


def _check_role(role: str) -> None:
    if role not in (REVIEWER, ADMIN):
        raise PersonError(f"A role is reviewer or admin, not '{role}'.", f"角色是 reviewer 或 admin，不是“{role}”。")


def _registrant(row: RegistrantRow) -> Registrant:
    return Registrant(
        id=row.id,
        company=row.company,
        brand=row.brand,
        contact=row.contact,
        phone=row.phone,
        created=moment(row.created),
        epoch=row.epoch,
    )


def _user(row: UserRow) -> User:
    return User(
        id=row.id,
        name=row.name,
        role=row.role,
        disabled=row.disabled,
        epoch=row.epoch,
        created=moment(row.created),
    )
