"""Opening the database: a new one, an old one, a foreign one, one that cannot be had; and the schema's history."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, text

from harness.core.errors import PersonError
from harness.store.database import PRAGMAS, migration_config, open_store
from harness.store.migrations import HEAD
from harness.store.tables import Base


def schema(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return sorted("".join(sql.split()) for sql in connection.scalars(text("SELECT sql FROM sqlite_master")) if sql)


def migrated(path: Path, to: str = "head") -> Engine:
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        command.upgrade(migration_config(connection), to)
    return engine


def test_the_history_ends_at_the_tables_as_they_are(tmp_path: Path) -> None:
    engine = migrated(tmp_path / "history.sqlite")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_a_new_database_has_the_schema_that_the_history_leads_to(tmp_path: Path, engine: Engine) -> None:
    history = migrated(tmp_path / "history.sqlite")
    assert schema(engine) == schema(history)
    history.dispose()


def test_the_newest_revision_is_the_one_we_look_for() -> None:
    assert ScriptDirectory.from_config(migration_config(None)).get_current_head() == HEAD


def test_the_history_can_be_gone_back(tmp_path: Path) -> None:
    engine = migrated(tmp_path / "history.sqlite")
    with engine.begin() as connection:
        command.downgrade(migration_config(connection), "base")
    assert [line for line in schema(engine) if "alembic_version" not in line] == []
    engine.dispose()


def test_a_new_database_and_a_copy_of_an_old_one_are_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "desk.sqlite"
    engine = open_store(f"sqlite:///{path}")
    with engine.connect():
        assert [f"{file.stat().st_mode & 0o777:o}" for file in tmp_path.glob("desk.sqlite*") if file.is_file()] == [
            "600"
        ] * 3
    engine.dispose()
    migrated(tmp_path / "old.sqlite", "0001").dispose()
    open_store(f"sqlite:///{tmp_path}/old.sqlite").dispose()
    assert (tmp_path / "old.sqlite.0001.backup").stat().st_mode & 0o777 == 0o600


def test_an_older_database_is_copied_then_brought_up_to_date(tmp_path: Path, engine: Engine) -> None:
    path = tmp_path / "old.sqlite"
    old = migrated(path, "0001")
    with old.begin() as connection:
        connection.execute(text("INSERT INTO processes (id, started) VALUES ('p0', 5)"))
    old.dispose()
    newer = open_store(f"sqlite:///{path}")
    assert schema(newer) == schema(engine)
    backup = create_engine(f"sqlite:///{path}.0001.backup")
    for each in (newer, backup):
        with each.connect() as connection:
            assert connection.scalar(text("SELECT id FROM processes")) == "p0"
        each.dispose()


def test_a_database_that_is_up_to_date_is_opened_without_alembic(tmp_path: Path) -> None:
    code = (
        "import sys; from harness.store.database import open_store;"
        f"[open_store('sqlite:///{tmp_path}/harness.sqlite').dispose() for _ in range(2)];"
        "print('alembic' in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
    assert shown.strip() == "False"


def test_the_pragmas_hold_on_every_connection(engine: Engine) -> None:
    assert "journal_mode=WAL" in PRAGMAS
    with engine.connect() as one, engine.connect() as other:
        for connection in (one, other):
            asked = {name: connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "foreign_keys")}
            assert asked == {"journal_mode": "wal", "foreign_keys": 1}


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("harness.sqlite", "'harness.sqlite' is no database address"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("mysql://a@b/c", "databases of kind 'mysql' are not supported"),
        ("postgresql+nothing://a@b/c", "needs a driver that is not installed"),
        ("postgresql://harness:secret@127.0.0.1:1/harness", "cannot be opened"),
    ],
)
def test_an_address_that_cannot_be_used_is_one_clear_sentence(url: str, sentence: str) -> None:
    with pytest.raises(PersonError, match=sentence) as error:
        open_store(url)
    assert "secret" not in error.value.text + error.value.text_zh
    assert "\n" not in error.value.text


def test_a_folder_that_is_not_there_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(PersonError, match=r"nowhere/harness\.sqlite cannot be opened"):
        open_store(f"sqlite:///{tmp_path}/nowhere/harness.sqlite")


def test_a_file_that_is_no_database_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("not a database at all, just a letter" * 100)
    with pytest.raises(PersonError, match="file is not a database"):
        open_store(f"sqlite:///{tmp_path}/letter.txt")


def test_a_database_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    other = create_engine(f"sqlite:///{tmp_path}/other.sqlite")
    with other.begin() as connection:
        connection.execute(text("CREATE TABLE runs (name TEXT)"))
    before = schema(other)
    with pytest.raises(PersonError, match="somebody else"):
        open_store(f"sqlite:///{tmp_path}/other.sqlite")
    assert schema(other) == before
    other.dispose()


def test_a_database_of_a_newer_version_says_so(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/harness.sqlite"
    engine = open_store(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(PersonError, match=r"newer version \(9999\)"):
        open_store(url)
