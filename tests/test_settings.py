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


@pytest.mark.parametrize("tail", ["/joint", "/joint/", "/?a=1", "#top", " /"])
def test_the_desk_has_an_address_to_itself(tail: str) -> None:
    with pytest.raises(PersonError, match="nothing after host and port") as told:
        load_settings({"HARNESS_PUBLIC_URL": f"https://desk.example{tail}"}, Path("/nowhere"))
    assert "主机名和端口后面什么都不写" in told.value.text_zh
    assert load_settings({"HARNESS_PUBLIC_URL": "https://desk.example:8443/"}, Path("/nowhere")).public_url


@pytest.mark.parametrize("text", ["0.0.0.0/0", "127.0.0.1, 10.0.0.0/8", "proxy.example"])
def test_a_proxy_is_named_by_its_one_address(text: str) -> None:
    with pytest.raises(PersonError, match="is not the IP address of one proxy") as told:
        load_settings({"HARNESS_BEHIND_PROXY": text}, Path("/nowhere"))
    assert "不是一台代理的 IP 地址" in told.value.text_zh
    assert "HARNESS_BEHIND_PROXY" in told.value.text_zh
    assert load_settings({"HARNESS_BEHIND_PROXY": "127.0.0.1, ::1,"}, Path("/nowhere")).proxies == {"127.0.0.1", "::1"}


@pytest.mark.parametrize(("given", "missing"), [("tls_certificate", "tls_key"), ("tls_key", "tls_certificate")])
def test_a_certificate_and_its_key_are_given_together(given: str, missing: str, tmp_path: Path) -> None:
    with pytest.raises(PersonError, match=f"{given} is given without {missing}") as told:
        load_settings({f"HARNESS_{given.upper()}": "some.pem"}, Path("/nowhere"))
    assert f"只有 {given}，没有 {missing}" in told.value.text_zh
    (tmp_path / "harness.toml").write_text(f'{given} = "some.pem"\n', encoding="utf-8")
    with pytest.raises(PersonError, match=r"harness\.toml"):
        load_settings({}, tmp_path)
    assert load_settings({f"HARNESS_{missing.upper()}": "other.pem"}, tmp_path).tls_key is not None


def test_what_is_wrong_with_a_value_is_told_in_both_languages() -> None:
    with pytest.raises(PersonError, match=r"ftp_passive \(.*\) cannot be 'x': a range of ports looks like") as told:
        load_settings({"HARNESS_FTP_PASSIVE": "x"}, Path("/nowhere"))
    assert told.value.text_zh == "HARNESS_FTP_PASSIVE：设置 ftp_passive 不能是 'x'：端口范围写成 30100-30199"


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
