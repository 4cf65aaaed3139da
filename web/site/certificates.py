"""The certificate of the desk: the platform's own, or one made here, so that a phone gives its camera to a page."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple, cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from harness.core.errors import PersonError
from web.site.private import keep

CERTIFICATE, KEY = "desk-certificate.pem", "desk-key.pem"
ALWAYS = ("localhost", "127.0.0.1", "::1")
LASTS = timedelta(days=397)  # phones take none that lasts longer
EARLY = timedelta(days=30)  # before its end a new one is made
SLACK = timedelta(days=1)  # phones whose clock is behind take it, too


class Pem(NamedTuple):
    """A certificate with those that vouch for it, the first is ours, and its key."""

    chain: tuple[x509.Certificate, ...]
    key: CertificateIssuerPrivateKeyTypes

    @property
    def until(self) -> datetime:
        """When it ends."""
        return self.chain[0].not_valid_after_utc

    @property
    def names(self) -> frozenset[str]:
        """The hosts it stands for."""
        return frozenset(_names_in(self.chain[0]))


def own_certificate(certificate: Path, key: Path) -> Pem:
    """What the settings name; PersonError when it cannot be used."""
    try:
        chain = tuple(x509.load_pem_x509_certificates(_read(certificate, "tls_certificate")))
    except ValueError:
        raise _unusable(certificate, "tls_certificate", "这不是 PEM 证书", "this is no certificate in PEM") from None
    try:
        found = serialization.load_pem_private_key(_read(key, "tls_key"), None)
    except (ValueError, TypeError):
        zh, en = "这不是没有口令的 PEM 私钥", "this is no private key in PEM without a password"
        raise _unusable(key, "tls_key", zh, en) from None
    if found.public_key() != chain[0].public_key():
        zh, en = f"这个私钥不属于证书 {certificate}", f"this key does not belong to the certificate {certificate}"
        raise _unusable(key, "tls_key", zh, en)
    return Pem(chain, cast(CertificateIssuerPrivateKeyTypes, found))


def made_certificate(folder: Path, hosts: Iterable[str], now: datetime) -> Pem:
    """One of our own making for these hosts, kept in `folder`; made anew when hosts are missing or its end is near."""
    wanted = dict.fromkeys((*ALWAYS, *(_as_named(host) for host in hosts if host)))
    kept = _kept(folder)
    if kept is not None and kept.names.issuperset(wanted) and now + EARLY < kept.until:
        return kept
    made = _make(tuple(wanted), now)
    coding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    keep(folder / KEY, made.key.private_bytes(coding, serialization.PrivateFormat.PKCS8, plain))
    keep(folder / CERTIFICATE, made.chain[0].public_bytes(coding))
    return made


def _kept(folder: Path) -> Pem | None:
    """What an earlier start made; None when there is none that can be used."""
    if not (folder / CERTIFICATE).exists() or not (folder / KEY).exists():
        return None
    try:
        return own_certificate(folder / CERTIFICATE, folder / KEY)
    except PersonError:
        return None


def _make(hosts: tuple[str, ...], now: datetime) -> Pem:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "charger-harness")])
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SLACK)
        .not_valid_after(now + LASTS)
        .add_extension(x509.SubjectAlternativeName([_general_name(host) for host in hosts]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=False)
        .sign(key, hashes.SHA256())
    )
    return Pem((certificate,), key)


def _as_named(host: str) -> str:
    """A host as a certificate names it."""
    try:
        return str(ipaddress.ip_address(host.partition("%")[0]))
    except ValueError:
        pass
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise PersonError(
            f"{host!r} is no name of a host (settings public_address, public_url)",
            f"{host!r} 不是主机名（设置 public_address、public_url）",
        ) from None


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _names_in(certificate: x509.Certificate) -> list[str]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    addresses = [str(address) for address in found.get_values_for_type(x509.IPAddress)]
    return addresses + found.get_values_for_type(x509.DNSName)


def _read(path: Path, setting: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unusable(path, setting, f"无法读取（{error.strerror}）", f"cannot be read ({error.strerror})") from None


def _unusable(path: Path, setting: str, zh: str, en: str) -> PersonError:
    return PersonError(f"{path}: {en} (setting {setting})", f"{path}：{zh}（设置 {setting}）")
