"""Settings of the desk: what is wrong is told, and what is secret is not shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.app.desk.set_up import desk_settings, door, shown, tls_door
from harness.core.errors import PersonError
from harness.settings import Settings, load_settings


def test_only_named_proxies_count() -> None:
    assert Settings().proxies == frozenset()
    assert Settings(behind_proxy="127.0.0.1, 192.0.2.7,").proxies == {"127.0.0.1", "192.0.2.7"}


@pytest.mark.parametrize("name", ["public_url", "webhook_url"])
@pytest.mark.parametrize("text", ["desk.example", "ftp://desk.example", "http:///path"])
def test_an_address_that_is_none_is_told(name: str, text: str) -> None:
    with pytest.raises(PersonError, match=name):
        load_settings({f"HARNESS_{name.upper()}": text}, Path("/nowhere"))


def test_paths_in_the_file_start_at_the_file(tmp_path: Path) -> None:
    (tmp_path / "harness.toml").write_text('private = "secrets"\nuploads = "sent"\n', encoding="utf-8")
    found = load_settings({}, tmp_path)
    assert (found.private, found.uploads) == (tmp_path / "secrets", tmp_path / "sent")


def test_passwords_and_tokens_are_not_shown() -> None:
    settings = Settings(
        database_url="postgresql://desk:topsecret@db.example/desk",
        webhook_url="https://hook.example/send?key=topsecret",
    )
    listed = shown(settings)
    assert set(listed) == set(Settings.model_fields)
    assert "topsecret" not in "".join(listed.values())
    assert listed["database_url"] == "postgresql://desk:***@db.example/desk"
    assert listed["webhook_url"] == "https://hook.example/***"


def test_a_database_that_cannot_be_read_as_an_address_is_not_shown_at_all() -> None:
    assert shown(Settings(database_url="topsecret"))["database_url"] == "***"


def test_the_address_that_people_are_given_is_never_the_machine_itself() -> None:
    found = desk_settings(Settings(), b"secret", 8080, 5456)
    assert "localhost" not in found.public_url
    assert found.public_url.endswith(":8080")
    assert found.pile_port == 5456
    assert not found.secure


def test_the_desk_is_heard_on_an_address_of_its_own() -> None:
    settings = Settings(host="192.0.2.5", web_host="192.0.2.6")
    assert door(settings).host == "192.0.2.6"
    tls = tls_door(settings)
    assert tls is not None
    assert tls.host == "192.0.2.6"
    assert desk_settings(settings, b"secret", 8080, 5456).public_url == "http://192.0.2.6:8080"


def test_behind_a_public_address_over_tls_all_visits_are_secure() -> None:
    found = desk_settings(Settings(public_url="https://desk.example/", behind_proxy="127.0.0.1"), b"secret", 8080, 5456)
    assert found.public_url == "https://desk.example"
    assert found.secure
    assert found.behind_proxy
