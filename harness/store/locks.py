"""Locks that die with their process: a locked file beside an SQLite database, an advisory lock on PostgreSQL."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Engine, text

Release = Callable[[], None]


def take_lock(engine: Engine, name: str, wait: bool = False) -> Release | None:
    """Take the lock of a name, until released or until this process ends; None when somebody else holds it."""
    if engine.dialect.name == "sqlite":
        return _take_file(lock_folder(engine) / f"{name}.lock", wait)
    return _take_advisory(engine.connect(), name, wait)


def lock_folder(engine: Engine) -> Path:
    """Where the locks of an SQLite database lie: a folder beside it."""
    return Path(f"{engine.url.database}.locks")


def _take_file(path: Path, wait: bool) -> Release | None:
    path.parent.mkdir(exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return lambda: os.close(handle)


def _take_advisory(connection: Connection, name: str, wait: bool) -> Release | None:
    """The lock belongs to the connection, so that is kept; nothing else happens on it."""
    number = int.from_bytes(hashlib.sha256(f"harness {name}".encode()).digest()[:8], signed=True)
    connection = connection.execution_options(isolation_level="AUTOCOMMIT")
    take = "SELECT pg_advisory_lock(:n) IS NOT NULL" if wait else "SELECT pg_try_advisory_lock(:n)"
    if connection.scalar(text(take), {"n": number}):
        return lambda: _release_advisory(connection, number)
    connection.close()
    return None


def _release_advisory(connection: Connection, number: int) -> None:
    connection.execute(text("SELECT pg_advisory_unlock(:n)"), {"n": number})
    connection.close()
