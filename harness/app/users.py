"""`harness user`: the platform's own people, who review results and look after the desk."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path

from harness.console.tables import users_table
from harness.core.errors import PersonError
from harness.links.reactor_clock import time_of_day
from harness.settings import Settings
from harness.store.database import NoDatabase, open_existing, open_store, shown
from harness.store.desk import accounts
from web.passwords import hashed

LEAST = 8  # characters of a password
MOST_NAME = 64


def add(settings: Settings, args: argparse.Namespace) -> int:
    """A new reviewer or admin."""
    name = args.name.strip()
    if not 0 < len(name) <= MOST_NAME or not name.isprintable():
        raise PersonError(f"a name has 1 to {MOST_NAME} characters", f"用户名为 1 到 {MOST_NAME} 个字符")
    engine = open_store(args.db or settings.database_url)
    if accounts.find_user(engine, name) is not None:
        raise PersonError(
            f"there is a user '{name}' already; `harness user password {name}` gives a new password",
            f"用户“{name}”已经有了；`harness user password {name}` 可以换密码",
        )
    accounts.add_user(engine, name, args.role, hashed(_password(args)), time_of_day())
    print(f"已添加 added: {name} ({args.role})")
    return 0


def listed(settings: Settings, args: argparse.Namespace) -> int:
    """All of them."""
    try:
        engine = open_existing(args.db or settings.database_url)
    except NoDatabase as error:
        print(error.text_zh, error.text, sep="\n")
        return 0
    users_table(accounts.users(engine), settings.timezone, sys.stdout, shown(engine.url))
    return 0


def password(settings: Settings, args: argparse.Namespace) -> int:
    """A new password; sessions under the old one end."""
    engine = open_store(args.db or settings.database_url)
    found = accounts.find_user(engine, args.name)
    if found is None:
        known = ", ".join(user.name for user in accounts.users(engine)) or "-"
        raise PersonError(f"there is no user '{args.name}'; there are {known}", f"没有用户“{args.name}”；现有 {known}")
    new = hashed(_password(args))
    accounts.change_user(engine, found[0].id, accounts.COMMAND_LINE, time_of_day(), password_hash=new)
    print(f"密码已换，旧的登录已失效 new password, older sessions have ended: {args.name}")
    return 0


def _password(args: argparse.Namespace) -> str:
    """From a file, from what is piped in, or typed twice."""
    if args.password_file:
        text = _first_line(Path(args.password_file))
    elif sys.stdin.isatty():
        text = _typed_twice()
    else:
        text = sys.stdin.readline().rstrip("\r\n")
    if len(text) < LEAST:
        raise PersonError(f"a password has at least {LEAST} characters", f"密码至少 {LEAST} 个字符")
    return text


def _first_line(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise PersonError(
            f"{path}: no password can be read there ({error})", f"{path}：读不出密码（{error}）"
        ) from None


def _typed_twice() -> str:
    first = getpass.getpass("密码 password: ")
    if getpass.getpass("再输一遍 again: ") != first:
        raise PersonError("the two passwords differ; try again", "两次输入的密码不同，重来一遍")
    return first
