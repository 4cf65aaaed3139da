"""Models and what happens to them. Each change follows the table of states and writes its audit line with it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from itertools import count

import msgspec
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from harness.core.approval import PLATFORM, Action, State
from harness.core.errors import PersonError
from harness.store.desk.audit import enter
from harness.store.desk.changing import changing, data_of, differences, made, put
from harness.store.desk.decisions import Votes, check_votes, decide, enter_submission
from harness.store.desk.tables import ModelRow, RegistrantRow, SubmissionRow
from harness.store.desk.values import Actor, Model, ModelData, Queue, SubmittedCase
from harness.store.rows import micros

OURS = "32010600"  # how the pile codes that we give begin
HARNESS = Actor(kind=PLATFORM, id=0, name="harness")

# what is there


def model(engine: Engine, model_id: int) -> Model | None:
    """One model, also when it was deleted."""
    with Session(engine) as session:
        row = session.get(ModelRow, model_id)
        return None if row is None else made(session, row)


def models_of(engine: Engine, registrant_id: int) -> list[Model]:
    """The models of a registrant, oldest first."""
    return _models(engine, ModelRow.registrant == registrant_id, ModelRow.deleted.is_(False))


def approved(engine: Engine) -> list[Model]:
    """The models that have a pile code."""
    return _models(engine, ModelRow.pile_code.is_not(None), ModelRow.deleted.is_(False))


def of_pile(engine: Engine, pile_code: str) -> Model | None:
    """The model that has a pile code."""
    return next(iter(_models(engine, ModelRow.pile_code == pile_code, ModelRow.deleted.is_(False))), None)


def queue(engine: Engine) -> Queue:
    """What waits for the platform, oldest first; a registration that was sent back waits for its registrant."""
    there = ModelRow.deleted.is_(False)
    return Queue(
        results=_models(engine, ModelRow.state == State.SUBMITTED, there, waiting=True),
        registrations=_models(engine, ModelRow.state == State.REGISTERED, ModelRow.returned == "", there, waiting=True),
    )


def search(engine: Engine, text: str, state: State | None = None, limit: int = 100) -> list[Model]:
    """Models by a part of company, model or pile code, newest first; deleted ones only when they were submitted."""
    columns = (RegistrantRow.company, ModelRow.name, ModelRow.pile_code)
    fits = [column.icontains(text.strip(), autoescape=True) for column in columns]
    submitted = select(SubmissionRow.model)
    query = select(ModelRow).join(RegistrantRow, RegistrantRow.id == ModelRow.registrant)
    query = query.where(fits[0] | fits[1] | fits[2], ModelRow.deleted.is_(False) | ModelRow.id.in_(submitted))
    if state is not None:
        query = query.where(ModelRow.state == state)
    with Session(engine) as session:
        rows = session.scalars(query.order_by(ModelRow.changed.desc(), ModelRow.id.desc()).limit(limit))
        return [made(session, row) for row in rows]


def free_pile_code(engine: Engine, taken: Collection[str] = ()) -> str:
    """The first pile code of ours that no model has or had with results, and that is not in `taken`."""
    with Session(engine) as session:
        used = {*taken, *session.scalars(select(ModelRow.pile_code)), *session.scalars(select(SubmissionRow.pile_code))}
    return next(code for number in count(1) if (code := f"{OURS}{number:06d}") not in used)


# what is done


def add_model(engine: Engine, registrant_id: int, data: ModelData, by: Actor, now: datetime) -> Model:
    """Register a model."""
    with Session(engine) as session, session.begin():
        row = ModelRow(
            registrant=registrant_id,
            state=State.REGISTERED.value,
            returned="",
            created=micros(now),
            changed=micros(now),
            waiting_since=micros(now),
            deleted=False,
            version=1,
        )
        put(row, data)
        session.add(row)
        session.flush()
        enter(session, by, "add", now, model_id=row.id, after=row.state, detail=data.model)
        return made(session, row)


def edit(engine: Engine, model_id: int, data: ModelData, by: Actor, now: datetime, version: int | None = None) -> Model:
    """Change a model's data and send it to the platform (again); `version` is the one that the person saw."""
    with changing(engine, model_id, Action.EDIT, by, now, version) as change:
        change.detail = differences(data_of(change.row), data)
        change.row.returned = ""
        put(change.row, data)
    return change.model


def set_numbers(
    engine: Engine,
    model_id: int,
    by: Actor,
    now: datetime,
    *,
    card_no: str | None = None,
    vin_no: str | None = None,
) -> Model:
    """Give or change card number and VIN; None leaves as it is."""
    numbers = {"card_no": card_no, "vin_no": vin_no}
    given = {name: number for name, number in numbers.items() if number is not None}
    with changing(engine, model_id, Action.NUMBERS, by, now) as change:
        old = data_of(change.row)
        new = msgspec.structs.replace(old, **given)
        change.detail = differences(old, new)
        put(change.row, new)
    return change.model


def set_version(engine: Engine, model_id: int, version: str, run_id: str, now: datetime) -> Model:
    """Our own upgrade case changed the program version."""
    with changing(engine, model_id, Action.UPGRADED, HARNESS, now) as change:
        old = data_of(change.row)
        new = msgspec.structs.replace(old, program_version=version)
        change.detail = f"{differences(old, new)}\nrun: {run_id}".strip()
        put(change.row, new)
    return change.model


def approve(
    engine: Engine, model_id: int, pile_code: str, by: Actor, now: datetime, version: int | None = None
) -> Model:
    """Approve a registration under a pile code; PersonError when another has it, or the data changed meanwhile."""
    if not pile_code:
        raise PersonError("Give a pile code.", "填一个桩编码。")
    try:
        with changing(engine, model_id, Action.APPROVE, by, now, version) as change:
            _refuse_taken(change.session, model_id, pile_code)
            change.row.pile_code = pile_code
            change.row.returned = ""
            change.detail = f"pile_code: {pile_code}"
    except IntegrityError:  # somebody gave it away at the same moment
        with Session(engine) as session:
            _refuse_taken(session, model_id, pile_code)
        raise
    return change.model


def give_back(engine: Engine, model_id: int, why: str, by: Actor, now: datetime, version: int | None = None) -> Model:
    """Send a registration back to its registrant, with the reason."""
    if not why.strip():
        raise PersonError("Write why the registration is sent back.", "写明退回的原因。")
    with changing(engine, model_id, Action.RETURN, by, now, version) as change:
        change.why = why
        change.row.returned = why
    return change.model


def submit(engine: Engine, model_id: int, cases: tuple[SubmittedCase, ...], by: Actor, now: datetime) -> Model:
    """Hand results in: the attempts that count are frozen."""
    with changing(engine, model_id, Action.SUBMIT, by, now) as change:
        enter_submission(change.session, change.row, cases, by, now)
    return change.model


def accept(
    engine: Engine, model_id: int, by: Actor, now: datetime, votes: Votes, reason: str = "", version: int | None = None
) -> Model:
    """Approve the results."""
    check_votes(votes, accepted=True)
    with changing(engine, model_id, Action.ACCEPT, by, now, version) as change:
        change.why = decide(change.session, model_id, by, now, votes, True, reason)
    return change.model


def reject(
    engine: Engine, model_id: int, by: Actor, now: datetime, votes: Votes, reason: str = "", version: int | None = None
) -> Model:
    """Send the results back, with a reason for each rejected case."""
    check_votes(votes, accepted=False)
    with changing(engine, model_id, Action.REJECT, by, now, version) as change:
        change.why = decide(change.session, model_id, by, now, votes, False, reason)
    return change.model


def again(engine: Engine, model_id: int, by: Actor, now: datetime) -> Model:
    """Go on testing after results were sent back."""
    with changing(engine, model_id, Action.AGAIN, by, now) as change:
        pass
    return change.model


def delete(engine: Engine, model_id: int, by: Actor, now: datetime) -> Model:
    """Take a model out of its registrant's list; its pile code is free again if nothing was submitted under it."""
    with changing(engine, model_id, Action.DELETE, by, now) as change:
        change.row.deleted = True
        submitted = select(SubmissionRow.id).where(SubmissionRow.model == model_id)
        if change.session.scalar(submitted.limit(1)) is None:
            change.row.pile_code = None
    return change.model


def _refuse_taken(session: Session, model_id: int, pile_code: str) -> None:
    """PersonError when the code is another model's, or results of another were submitted under it."""
    under = select(SubmissionRow.model).where(SubmissionRow.pile_code == pile_code)
    query = select(ModelRow.name).where(ModelRow.id != model_id)
    with session.no_autoflush:
        name = session.scalar(query.where((ModelRow.pile_code == pile_code) | ModelRow.id.in_(under)).limit(1))
    if name is not None:
        raise PersonError(
            f"Pile code {pile_code} belongs to model '{name}'; choose another.",
            f"桩编码 {pile_code} 已给了型号“{name}”，换一个。",
        )


def _models(engine: Engine, *where: object, waiting: bool = False) -> list[Model]:
    order = (ModelRow.waiting_since, ModelRow.id) if waiting else (ModelRow.id,)
    with Session(engine) as session:
        rows = session.scalars(select(ModelRow).where(*where).order_by(*order))  # type: ignore[arg-type]
        return [made(session, row) for row in rows]
