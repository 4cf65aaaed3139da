"""Certificates of the desk: the platform's own, or one that is made and kept."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from harness.core.errors import PersonError
from web.site.certificates import CERTIFICATE, EARLY, KEY, LASTS, Pem, made_certificate, own_certificate

NOW = datetime(2026, 4, 17, 2, 0, tzinfo=UTC)
HOSTS = ("192.168.1.20", "desk.example", "fe80::1")


def made(folder: Path, *hosts: str, now: datetime = NOW) -> Pem:
    return made_certificate(folder, hosts or HOSTS, now)


def other_key(path: Path) -> Path:
    coding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    key = ec.generate_private_key(ec.SECP256R1())
    path.write_bytes(key.private_bytes(coding, serialization.PrivateFormat.PKCS8, plain))
    return path


def test_a_made_certificate_stands_for_all_addresses_of_the_desk(tmp_path: Path) -> None:
    pem = made(tmp_path, *HOSTS, "")
    assert pem.names == {*HOSTS, "localhost", "127.0.0.1", "::1"}
    assert pem.chain[0].not_valid_before_utc < NOW < pem.until == NOW + LASTS


def test_it_is_kept_for_the_next_start_and_nobody_else_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "private"
    first = made(folder)
    assert made(folder).chain == first.chain
    assert {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()} == {KEY: 0o600, CERTIFICATE: 0o600}
    assert folder.stat().st_mode & 0o077 == 0


def test_a_new_address_or_a_near_end_makes_a_new_one(tmp_path: Path) -> None:
    first = made(tmp_path)
    assert made(tmp_path, HOSTS[0]).chain == first.chain
    second = made(tmp_path, *HOSTS, "10.0.0.8")
    assert second.names == {*first.names, "10.0.0.8"}
    until = second.until - EARLY
    assert made(tmp_path, "10.0.0.8", now=until - timedelta(days=1)).chain == second.chain
    assert made(tmp_path, "10.0.0.8", now=until).until == until + LASTS


def test_a_host_is_the_same_however_it_is_written(tmp_path: Path) -> None:
    first = made(tmp_path, "FD00::8", "Desk.LAN", "桩.example", "fe80::1%eth0")
    assert first.names >= {"fd00::8", "desk.lan", "fe80::1"}
    assert made(tmp_path, "fd00:0::8", "desk.lan", "桩.example", "fe80::1").chain == first.chain


def test_what_is_no_name_of_a_host_is_told(tmp_path: Path) -> None:
    with pytest.raises(PersonError, match="public_address") as told:
        made(tmp_path, "a..b")
    assert "不是主机名" in told.value.text_zh


@pytest.mark.parametrize("name", [KEY, CERTIFICATE])
def test_what_cannot_be_read_any_more_is_made_anew(tmp_path: Path, name: str) -> None:
    made(tmp_path)
    (tmp_path / name).write_text("rubbish")
    again = made(tmp_path)
    assert own_certificate(tmp_path / CERTIFICATE, tmp_path / KEY).chain == again.chain


def test_the_platforms_own_certificate_comes_with_those_that_vouch_for_it(tmp_path: Path) -> None:
    ours, above = made(tmp_path / "a"), made(tmp_path / "b")
    chain = tmp_path / "chain.pem"
    chain.write_bytes(b"".join(each.chain[0].public_bytes(serialization.Encoding.PEM) for each in (ours, above)))
    pem = own_certificate(chain, tmp_path / "a" / KEY)
    assert pem.chain == (ours.chain[0], above.chain[0])
    assert isinstance(pem.chain[0], x509.Certificate)


def test_a_certificate_that_cannot_be_used_is_one_sentence_with_its_setting(tmp_path: Path) -> None:
    made(tmp_path)
    certificate, key, rubbish = tmp_path / CERTIFICATE, tmp_path / KEY, tmp_path / "rubbish"
    rubbish.write_text("rubbish")
    for chosen, setting, said in (
        ((tmp_path / "none", key), "tls_certificate", "无法读取"),
        ((rubbish, key), "tls_certificate", "不是 PEM 证书"),
        ((certificate, tmp_path / "none"), "tls_key", "无法读取"),
        ((certificate, rubbish), "tls_key", "PEM 私钥"),
        ((certificate, other_key(tmp_path / "other.pem")), "tls_key", "不属于证书"),
    ):
        with pytest.raises(PersonError, match=setting) as told:
            own_certificate(*chosen)
        assert said in told.value.text_zh
