"""The audit list takes lines and gives them back; nothing in it is ever changed."""

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_mock_engine, text
from sqlalchemy.exc import DBAPIError

from harness.core.approval import State
from harness.store.database import METADATA, migration_config
from harness.store.desk.audit import audit, history, note
from harness.store.desk.tables import APPEND_ONLY
from harness.store.desk.values import Actor, AuditLine
from tests.store.desk.people import LATER, NOW, REVIEWER, enter_model, model_in


def test_a_note_is_kept_with_who_when_and_why(engine: Engine) -> None:
    note(engine, REVIEWER, "download", NOW, model_id=7, why="asked for", detail="a.bin")
    assert audit(engine) == [
        AuditLine(
            id=1,
            at=NOW,
            actor=REVIEWER,
            model_id=7,
            action="download",
            before="",
            after="",
            why="asked for",
            detail="a.bin",
        )
    ]


def test_the_history_of_a_model_is_its_own_lines_oldest_first(engine: Engine, registrant: Actor) -> None:
    made = model_in(engine, State.REJECTED, registrant)
    enter_model(engine, registrant)
    note(engine, REVIEWER, "download", LATER, model_id=made.id)
    told = [(line.action, line.before, line.after) for line in history(engine, made.id)]
    assert told == [
        ("add", "", "registered"),
        ("approve", "registered", "testing"),
        ("submit", "testing", "submitted"),
        ("reject", "submitted", "rejected"),
        ("download", "", ""),
    ]


def test_the_whole_list_is_read_in_pages_newest_first(engine: Engine) -> None:
    for number in range(5):
        note(engine, REVIEWER, str(number), NOW)
    page = audit(engine, limit=2)
    assert [line.action for line in page] == ["4", "3"]
    assert [line.action for line in audit(engine, limit=2, before=page[-1].id)] == ["2", "1"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET why = 'other'",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit SELECT id, at, actor_kind, actor_id, actor_name, model, action, before, after,"
        " 'other', detail FROM audit",
        "INSERT INTO audit SELECT -5, at, actor_kind, actor_id, actor_name, model, action, before, after, why, detail"
        " FROM audit",
        "INSERT INTO audit SELECT 77, at, actor_kind, actor_id, actor_name, model, action, before, after, why, detail"
        " FROM audit",
    ],
)
def test_no_line_is_ever_changed_removed_or_put_in_another_place(engine: Engine, change: str) -> None:
    note(engine, REVIEWER, "download", NOW)
    before = audit(engine)
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(change))
    assert audit(engine) == before


def test_on_postgresql_triggers_refuse_every_change_truncation_and_chosen_place() -> None:
    said: list[str] = []
    engine = create_mock_engine("postgresql+psycopg://", lambda ddl, *_, **__: said.append(str(ddl)))
    METADATA.create_all(engine, checkfirst=False)
    triggers = [line for line in said if "TRIGGER" in line]
    assert len(triggers) == 2
    assert "BEFORE UPDATE OR DELETE OR TRUNCATE ON audit" in triggers[0]
    assert "BEFORE INSERT ON audit FOR EACH ROW WHEN (NEW.id IS DISTINCT FROM" in triggers[1]
    assert "RAISE EXCEPTION 'the audit list is append-only'" in said[said.index(triggers[0]) - 1]


def test_the_history_makes_the_same_triggers_as_a_new_database() -> None:
    revision = ScriptDirectory.from_config(migration_config(None)).get_revision("0002")
    assert revision.module.APPEND_ONLY == APPEND_ONLY
