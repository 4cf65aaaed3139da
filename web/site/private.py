"""The folder of what nobody else may read: the key of the desk's certificate, and the secret behind its sessions."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from harness.core.errors import PersonError

SECRET = "session-secret"
SECRET_BYTES = 32


def keep(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    unfinished = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        unfinished.replace(path)
    except OSError as error:
        raise PersonError(
            f"{path}: cannot be written ({error.strerror}); choose another folder (setting private)",
            f"{path}：无法写入（{error.strerror}），请换一个文件夹（设置 private）",
        ) from None


def session_secret(folder: Path) -> bytes:
    """What signs the session cookies; made on the first start, and everybody signs in again when it is removed."""
    path = folder / SECRET
    if not path.exists():
        keep(path, secrets.token_bytes(SECRET_BYTES))
    try:
        path.chmod(0o600)
        found = path.read_bytes()
    except OSError as error:
        raise PersonError(
            f"{path}: cannot be read ({error.strerror}) (setting private)",
            f"{path}：无法读取（{error.strerror}）（设置 private）",
        ) from None
    if len(found) < SECRET_BYTES:
        raise PersonError(
            f"{path}: this secret is too short; remove the file, and a new one is made",
            f"{path}：这个密钥太短；删掉这个文件，会重新生成",
        )
    return found
