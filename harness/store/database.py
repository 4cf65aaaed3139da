"""Opening the database: SQLite in WAL mode beside us, or PostgreSQL; its schema is brought up to date on the way."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from harness.core.errors import PersonError
from harness.store.desk.tables import AuditRow
from harness.store.locks import take_lock
from harness.store.migrations import HEAD

if TYPE_CHECKING:
    from alembic.config import Config

METADATA = AuditRow.metadata  # all our tables: the desk's are among them once they are loaded
DEFAULT_URL = "sqlite:///harness.sqlite"
PRAGMAS = (
    "busy_timeout=5000",
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "foreign_keys=ON",
    # Each pile writes at its own place of the table: with a thousand of them a batch touches a thousand pages, which
    # are to stay in memory, and to be copied back once in ten batches rather than with each.
    "cache_size=-65536",
    "wal_autocheckpoint=10000",
)
VERSION_TABLE = "alembic_version"


def open_store(url: str = DEFAULT_URL) -> Engine:
    """An engine on a database whose schema is ours and up to date; PersonError when that cannot be had."""
    where = _parse(url)
    with _clear_errors(where):
        engine = create_engine(where)
        if where.get_backend_name() == "sqlite":
            _make_private(where.database or "")
            event.listen(engine, "connect", _set_pragmas)
        release = take_lock(engine, "start", wait=True)
        try:
            _bring_up_to_date(engine)
        finally:
            if release is not None:
                release()
    return engine


class NoDatabase(PersonError):
    """There is no such file; commands that only read make none."""


def open_existing(url: str = DEFAULT_URL) -> Engine:
    """Like open_store for what only reads: NoDatabase where there is no file yet."""
    where = _parse(url)
    file = where.database or ""
    if where.get_backend_name() == "sqlite" and not file.startswith("file:") and not Path(file).exists():
        raise NoDatabase(
            f"nothing was stored yet: there is no database {shown(where)}; name another with --db, or in settings",
            f"还没有存过：没有数据库 {shown(where)}；用 --db 或设置 database_url 指定别的",
        )
    return open_store(url)


def shown(where: URL) -> str:
    """A database as people look for it: the whole path of a file, else the address without its password."""
    file = where.database or ""
    if where.get_backend_name() == "sqlite" and not file.startswith("file:"):
        return str(Path(file).absolute())
    return where.render_as_string(hide_password=True)


def _parse(url: str) -> URL:
    """The address of a database of a kind we can use; plain postgresql means psycopg."""
    try:
        where = make_url(url)
    except ArgumentError:
        raise PersonError(
            f"{url!r} is no database address; use sqlite:///FILE or postgresql://USER@HOST/NAME",
            f"{url!r} 不是数据库地址；请用 sqlite:///文件 或 postgresql://用户@主机/库名",
        ) from None
    backend = where.get_backend_name()
    if backend == "sqlite" and where.database in (None, "", ":memory:"):
        raise PersonError(f"{url!r} names no file; use sqlite:///FILE", f"{url!r} 没有文件名；请用 sqlite:///文件")
    if where.drivername in ("postgresql", "postgres"):
        return where.set(drivername="postgresql+psycopg")
    if backend not in ("sqlite", "postgresql"):
        raise PersonError(
            f"databases of kind {backend!r} are not supported; use sqlite:///FILE or postgresql://USER@HOST/NAME",
            f"不支持 {backend!r} 数据库；请用 sqlite:///文件 或 postgresql://用户@主机/库名",
        )
    return where


def _make_private(path: str) -> None:
    """A file that is not there yet is made for its owner alone: it will hold telephone numbers and hashes.

    What SQLite puts beside it gets the same mode.
    """
    if path.startswith("file:"):  # an address of SQLite's own
        return
    with suppress(OSError):  # it is there, or SQLite says next why it cannot be
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


@contextmanager
def _clear_errors(where: URL) -> Iterator[None]:
    shown = where.render_as_string(hide_password=True)
    try:
        yield
    except (DBAPIError, OSError) as error:
        why = str(error.orig if isinstance(error, DBAPIError) else error).strip().splitlines()[0]
        raise PersonError(f"the database {shown} cannot be opened: {why}", f"打不开数据库 {shown}：{why}") from error
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise PersonError(
            f"the database {shown} needs a driver that is not installed: pip install 'charger-harness[postgres]'",
            f"数据库 {shown} 需要的驱动没有安装：pip install 'charger-harness[postgres]'",
        ) from error


def _set_pragmas(connection: object, _: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _bring_up_to_date(engine: Engine) -> None:
    with engine.connect() as connection:
        tables = set(inspect(connection).get_table_names())
        at = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}")) if VERSION_TABLE in tables else None
    if at is None and tables & set(METADATA.tables):
        raise PersonError(
            f"the database {engine.url!r} holds tables of somebody else; choose another",
            f"数据库 {engine.url!r} 里有别的程序的表；请换一个",
        )
    if at is None:
        _create(engine)
    elif at != HEAD:
        _migrate(engine, at)


def _create(engine: Engine) -> None:
    """A new database gets the newest schema at once: alembic is not even loaded."""
    with engine.begin() as connection:
        METADATA.create_all(connection)
        connection.execute(
            text(
                f"CREATE TABLE {VERSION_TABLE} (version_num VARCHAR(32) NOT NULL,"
                f" CONSTRAINT {VERSION_TABLE}_pkc PRIMARY KEY (version_num))"
            )
        )
        connection.execute(text(f"INSERT INTO {VERSION_TABLE} VALUES (:head)"), {"head": HEAD})


def _migrate(engine: Engine, at: str) -> None:
    """Take an older database through the history; an SQLite file is copied first."""
    from alembic import command
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    try:
        ScriptDirectory.from_config(migration_config(None)).get_revision(at)
    except CommandError:
        raise PersonError(
            f"the database {engine.url!r} was written by a newer version ({at}); update charger-harness",
            f"数据库 {engine.url!r} 由更新的版本（{at}）写成；请升级 charger-harness",
        ) from None
    if engine.dialect.name == "sqlite":
        _back_up(engine, at)
    with engine.begin() as connection:
        command.upgrade(migration_config(connection), "head")


def migration_config(connection: Connection | None) -> Config:
    """What alembic needs to know, without an ini file."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "harness:store/migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _back_up(engine: Engine, at: str) -> None:
    target = Path(f"{engine.url.database}.{at}.backup")
    target.unlink(missing_ok=True)
    _make_private(str(target))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM INTO :target"), {"target": str(target)})
