"""One change of a model: a transaction in which the table of states is followed and the audit gets its line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import msgspec
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from harness.core.approval import Action, State, follow
from harness.core.errors import PersonError
from harness.store.desk.audit import enter
from harness.store.desk.tables import ModelRow, RegistrantRow
from harness.store.desk.values import Actor, Model, ModelData
from harness.store.rows import micros, moment

WAITING = (State.REGISTERED, State.SUBMITTED)
SIDE_ISSUES = (Action.NUMBERS, Action.UPGRADED)  # they neither begin nor end a wait

_data = msgspec.json.Decoder(ModelData)


class Change:
    """A change under way: the row, and what the audit line will say beside the states."""

    def __init__(self, session: Session, row: ModelRow) -> None:
        self.session = session
        self.row = row
        self.version = row.version - 1  # as it was before
        self.why = ""
        self.detail = ""
        self.model: Model


@contextmanager
def changing(
    engine: Engine, model_id: int, action: Action, by: Actor, now: datetime, seen: int | None = None
) -> Iterator[Change]:
    """One transaction: the state follows the table, the model counts a version on, the audit gets its line.

    `seen` is the version that the person saw; PersonError when it is another by now.
    """
    with Session(engine) as session, session.begin():
        change = Change(session, _take(session, model_id))
        before = State(change.row.state)
        after = follow(before, action)
        if seen is not None and seen != change.version:
            raise PersonError(
                "Somebody changed this model meanwhile; open it again and repeat what you did.",
                "这个型号刚被别人改过，重新打开再做一次。",
            )
        yield change
        row = change.row
        row.state, row.changed = after.value, micros(now)
        if action not in SIDE_ISSUES:
            row.waiting_since = micros(now) if after in WAITING and action is not Action.RETURN else None
        enter(
            session,
            by,
            action.value,
            now,
            model_id=model_id,
            before=before.value,
            after=after.value,
            why=change.why,
            detail=change.detail,
        )
        session.flush()
        change.model = made(session, row)


def _take(session: Session, model_id: int) -> ModelRow:
    """The row, ours alone until the end: writing first makes another change wait, and then see what this one did."""
    session.execute(update(ModelRow).where(ModelRow.id == model_id).values(version=ModelRow.version + 1))
    row = session.get(ModelRow, model_id)
    if row is None or row.deleted:
        raise PersonError("This model is not there any more.", "这个型号已经不在了。")
    return row


def data_of(row: ModelRow) -> ModelData:
    """The data of a model."""
    return _data.decode(row.body)


def put(row: ModelRow, data: ModelData) -> None:
    """Write the data of a model into its row."""
    row.name = data.model
    row.body = msgspec.json.encode(data).decode()


def differences(old: ModelData, new: ModelData) -> str:
    """A line for each field that changes: "power_kw: 120 → 180"."""
    pairs = ((name, getattr(old, name), getattr(new, name)) for name in ModelData.__struct_fields__)
    return "\n".join(f"{name}: {was} → {becomes}" for name, was, becomes in pairs if was != becomes)


def made(session: Session, row: ModelRow) -> Model:
    """A model from its row, with whose it is."""
    owner = session.get_one(RegistrantRow, row.registrant)
    return Model(
        id=row.id,
        registrant_id=owner.id,
        company=owner.company,
        brand=owner.brand,
        contact=owner.contact,
        phone=owner.phone,
        state=State(row.state),
        returned=row.returned,
        data=data_of(row),
        pile_code=row.pile_code or "",
        created=moment(row.created),
        changed=moment(row.changed),
        deleted=row.deleted,
        version=row.version,
        waiting_since=None if row.waiting_since is None else moment(row.waiting_since),
    )
