"""Uploads and shared cases."""

from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import Engine

from harness.core.errors import PersonError
from harness.store.desk import uploads
from harness.store.desk.audit import history
from harness.store.desk.values import Actor, Upload
from tests.store.desk.people import LATER, NOW, REVIEWER, enter_model


def an_upload(model_id: int) -> Upload:
    return Upload(
        id="f3a9",
        model_id=model_id,
        run_id="r1",
        kind="firmware",
        name="固件 V1.1.bin",
        size=2**33,
        sha256="ab" * 32,
        version="V1.1",
        at=NOW,
        by="王一",
    )


def test_an_upload_is_found_again_by_its_id(engine: Engine, registrant: Actor) -> None:
    kept = an_upload(enter_model(engine, registrant).id)
    uploads.keep_upload(engine, kept)
    assert uploads.upload(engine, "f3a9") == kept
    assert uploads.upload(engine, "f3a8") is None


def test_the_uploads_of_a_model_come_in_order_and_by_kind(engine: Engine, registrant: Actor) -> None:
    model, other = enter_model(engine, registrant), enter_model(engine, registrant)
    first = an_upload(model.id)
    second = msgspec.structs.replace(first, id="0001", kind="picture", at=NOW + timedelta(seconds=1))
    strange = msgspec.structs.replace(first, id="0002", model_id=other.id)
    for each in (second, strange, first):
        uploads.keep_upload(engine, each)
    assert uploads.uploads(engine, model.id) == [first, second]
    assert uploads.uploads(engine, model.id, "picture") == [second]
    assert uploads.uploads(engine, None) == [strange, first, second]


def test_a_shared_case_stays_open_until_somebody_looked(engine: Engine, registrant: Actor) -> None:
    model = enter_model(engine, registrant)
    made = uploads.share(engine, model.id, "r1", 2, "card", "每次都失败", registrant, NOW)
    assert uploads.shared(engine) == [made]
    assert uploads.shared(engine, model_id=made.model_id) == [made]
    assert uploads.shared(engine, model_id=made.model_id + 1) == []
    looked = uploads.seen(engine, made.id, REVIEWER, LATER)
    assert (looked.seen_at, looked.seen_by) == (LATER, "review1")
    assert uploads.shared(engine) == []
    assert uploads.shared(engine, open_only=False) == [looked]


def test_sharing_and_looking_are_in_the_audit_once_each(engine: Engine, registrant: Actor) -> None:
    model = enter_model(engine, registrant)
    made = uploads.share(engine, model.id, "r1", 2, "card", "每次都失败", registrant, NOW)
    uploads.seen(engine, made.id, REVIEWER, LATER)
    uploads.seen(engine, made.id, REVIEWER, LATER)
    lines = [(line.action, line.actor.name, line.why) for line in history(engine, model.id)]
    assert lines[1:] == [("share", registrant.name, "每次都失败"), ("seen", "review1", "")]


def test_who_looked_first_stands(engine: Engine, registrant: Actor) -> None:
    made = uploads.share(engine, enter_model(engine, registrant).id, "r1", 2, "card", "", registrant, NOW)
    first = uploads.seen(engine, made.id, REVIEWER, NOW)
    assert uploads.seen(engine, made.id, Actor(kind="admin", id=2, name="other"), LATER) == first


def test_sharing_again_before_anybody_looked_changes_the_note_only(engine: Engine, registrant: Actor) -> None:
    model = enter_model(engine, registrant)
    first = uploads.share(engine, model.id, "r1", 2, "card", "a", registrant, NOW)
    again = uploads.share(engine, model.id, "r1", 2, "card", "b", registrant, LATER)
    assert uploads.shared(engine) == [again]
    assert (again.id, again.note, again.at) == (first.id, "b", LATER)


def test_sharing_again_after_somebody_looked_is_new(engine: Engine, registrant: Actor) -> None:
    model = enter_model(engine, registrant)
    first = uploads.share(engine, model.id, "r1", 2, "card", "a", registrant, NOW)
    uploads.seen(engine, first.id, REVIEWER, NOW)
    again = uploads.share(engine, model.id, "r1", 2, "card", "b", registrant, LATER)
    assert uploads.shared(engine) == [again]


def test_a_shared_case_that_is_not_there_cannot_be_seen(engine: Engine) -> None:
    with pytest.raises(PersonError, match="no shared case 7"):
        uploads.seen(engine, 7, REVIEWER, NOW)
