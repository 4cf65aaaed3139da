"""Reviewers and admins are entered, listed and given new passwords at the command line."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from harness import cli
from harness.store.database import open_store
from harness.store.desk import accounts
from web.passwords import fits

PASSWORD = "a long enough one"


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.chdir(tmp_path)
    found = open_store("sqlite:///harness.sqlite")
    yield found
    found.dispose()


def say(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """What is piped in."""
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def add(monkeypatch: pytest.MonkeyPatch, name: str = "reviewer-01", role: str = "reviewer") -> int:
    say(monkeypatch, f"{PASSWORD}\n")
    return cli.main(["user", "add", name, "--role", role])


def test_a_user_is_entered_with_a_password_that_is_piped_in(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert add(monkeypatch) == 0
    found = accounts.find_user(engine, "reviewer-01")
    assert found is not None
    user, kept = found
    assert (user.role, user.disabled) == ("reviewer", False)
    assert kept.startswith("$argon2")
    assert fits(kept, PASSWORD)


def test_a_password_comes_from_a_file(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"{PASSWORD}\nnot this\n", encoding="utf-8")
    assert cli.main(["user", "add", "admin-01", "--role", "admin", "--password-file", "secret"]) == 0
    found = accounts.find_user(engine, "admin-01")
    assert found is not None
    assert fits(found[1], PASSWORD)


@pytest.mark.parametrize(("second", "code"), [(PASSWORD, 0), ("something else", 2)])
def test_a_password_that_is_typed_is_typed_twice(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, second: str, code: int
) -> None:
    typed = iter([PASSWORD, second])
    monkeypatch.setattr("getpass.getpass", lambda asked: next(typed))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    assert cli.main(["user", "add", "reviewer-01", "--role", "reviewer"]) == code


def test_a_new_password_ends_older_sessions(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    add(monkeypatch)
    before = accounts.find_user(engine, "reviewer-01")
    say(monkeypatch, "another long one\n")
    assert cli.main(["user", "password", "reviewer-01"]) == 0
    after = accounts.find_user(engine, "reviewer-01")
    assert before is not None
    assert after is not None
    assert fits(after[1], "another long one")
    assert after[0].epoch > before[0].epoch


def test_users_are_listed(engine: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["user", "list"]) == 0
    assert "No users yet" in capsys.readouterr().out
    add(monkeypatch)
    assert cli.main(["user", "list"]) == 0
    assert "reviewer-01" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("typed", "name", "why"),
    [
        ("short\n", "reviewer-02", "at least 8"),
        (f"{PASSWORD}\n", "reviewer-01", "already"),
        (f"{PASSWORD}\n", " ", "a name has"),
        (f"{PASSWORD}\n", "two\nlines", "a name has"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: str, name: str, why: str
) -> None:
    add(monkeypatch)
    say(monkeypatch, typed)
    assert cli.main(["user", "add", name, "--role", "reviewer"]) == 2
    assert why in capsys.readouterr().err


def test_who_is_not_there_gets_no_password(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    say(monkeypatch, f"{PASSWORD}\n")
    assert cli.main(["user", "password", "nobody"]) == 2
    assert "there is no user 'nobody'" in capsys.readouterr().err


def test_a_password_file_that_is_not_there_is_told(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["user", "add", "x", "--role", "admin", "--password-file", "none"]) == 2
    assert "none: no password can be read" in capsys.readouterr().err


def test_an_unknown_role_is_refused_before_anything_is_asked() -> None:
    with pytest.raises(SystemExit):
        cli.main(["user", "add", "x", "--role", "king"])
