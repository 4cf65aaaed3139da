"""Settings: one frozen value, read once from harness.toml and HARNESS_* and handed down. Nothing else reads them."""

from __future__ import annotations

import ipaddress
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from harness.core.errors import PersonError
from harness.data import data_root

FILE = "harness.toml"
PREFIX = "HARNESS_"
BETWEEN = "\n"  # the two languages of what is wrong with a value
PATHS = ("piles", "cards", "scenarios", "reports", "firmware", "tls_certificate", "tls_key", "private", "uploads")
_RANGE = re.compile(r"(\d{1,5})-(\d{1,5})")


class Settings(BaseModel):
    """Everything that may differ from one installation to the next."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field(default="0.0.0.0", description="address on which piles are heard")
    port: int = Field(default=5456, ge=0, le=65535, description="YKC port")
    public_address: str = Field(default="", description="address at which piles reach us; else the LAN address")
    ftp_port: int = Field(default=2121, ge=0, le=65535, description="port of the firmware server")
    ftp_passive: str = Field(default="30100-30199", description="range of its passive ports, FIRST-LAST")
    timezone: str = Field(default="Asia/Shanghai", description="zone of all times told to piles and people")
    database_url: str = Field(default="sqlite:///harness.sqlite", description="SQLite file or PostgreSQL")
    piles: Path = Field(
        default_factory=lambda: data_root() / "fixtures" / "piles", description="folder of pile profiles"
    )
    cards: Path = Field(default_factory=lambda: data_root() / "fixtures" / "cards.yaml", description="file of cards")
    scenarios: Path = Field(default_factory=lambda: data_root() / "scenarios" / "ykc", description="folder of cases")
    reports: Path = Field(default=Path("reports"), description="where reports go")
    firmware: Path = Field(default=Path("firmware_uploads"), description="where firmware for piles is laid out")
    web_host: str = Field(default="0.0.0.0", description="address on which the desk is heard")
    web_port: int = Field(default=8080, ge=0, le=65535, description="port of the desk's web pages")
    tls: bool = Field(default=True, description="serve the desk over TLS as well: phones give their camera to no other")
    tls_port: int = Field(default=8443, ge=0, le=65535, description="port of the desk over TLS")
    tls_certificate: Path | None = Field(default=None, description="certificate in PEM; else one is made")
    tls_key: Path | None = Field(default=None, description="its key in PEM, without a password")
    public_url: str = Field(default="", description="address of the desk that people are given; else LAN address")
    behind_proxy: str = Field(default="", description="addresses of proxies whose X-Forwarded headers count: A, B")
    private: Path = Field(default=Path("private"), description="folder of secrets that only the owner may read")
    uploads: Path = Field(default=Path("uploads"), description="where pictures and firmware that people send are kept")
    most_firmware_mb: int = Field(default=64, ge=1, le=1024, description="largest firmware that may be sent, MiB")
    most_picture_mb: int = Field(default=12, ge=1, le=100, description="largest picture that may be sent, MiB")
    session_hours: float = Field(default=12, gt=0, le=24 * 30, description="hours until people sign in again")
    retention_days: int = Field(default=90, ge=8, description="days until what was never submitted may be removed")
    webhook_url: str = Field(default="", description="where changes of state are posted; empty for nowhere")
    webhook_kind: Literal["wecom", "dingtalk", "json"] = Field(default="json", description="what is posted there")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise _wrong(
                "用 Asia/Shanghai 这样的时区名", f"there is no time zone {name!r}; use a name such as Asia/Shanghai"
            )
        return name

    @field_validator("ftp_passive")
    @classmethod
    def _port_range(cls, text: str) -> str:
        found = _RANGE.fullmatch(text)
        if found is None or not 0 < int(found[1]) <= int(found[2]) <= 65535:
            raise _wrong("端口范围写成 30100-30199", f"a range of ports looks like 30100-30199, not {text!r}")
        return text

    @field_validator("public_url", "webhook_url")
    @classmethod
    def _web_address(cls, text: str) -> str:
        if text and not re.match(r"https?://[^\s/]+", text):
            raise _wrong("地址写成 https://desk.example", f"an address looks like https://desk.example, not {text!r}")
        return text

    @field_validator("public_url")
    @classmethod
    def _no_path(cls, text: str) -> str:
        if text and not re.fullmatch(r"https?://[^\s/?#]+/?", text):
            raise _wrong(
                "网页只能放在一个地址的最上层，主机名和端口后面什么都不写，如 https://desk.example:8443",
                "the desk has an address to itself, with nothing after host and port, such as https://desk.example:8443",
            )
        return text

    @field_validator("behind_proxy")
    @classmethod
    def _addresses(cls, text: str) -> str:
        for name in filter(None, map(str.strip, text.split(","))):
            if not _is_address(name):
                raise _wrong(
                    f"{name} 不是一台代理的 IP 地址，逐个写出，如 127.0.0.1, 192.0.2.7",
                    f"{name!r} is not the IP address of one proxy; name each, such as 127.0.0.1, 192.0.2.7",
                )
        return text

    @property
    def proxies(self) -> frozenset[str]:
        """The proxies that are named."""
        return frozenset(name.strip() for name in self.behind_proxy.split(",") if name.strip())

    @property
    def passive_ports(self) -> range:
        """The passive ports of the firmware server."""
        first, _, last = self.ftp_passive.partition("-")
        return range(int(first), int(last) + 1)


def load_settings(environment: Mapping[str, str] | None = None, folder: Path | None = None) -> Settings:
    """Settings from harness.toml in the working directory (or HARNESS_CONFIG), then HARNESS_*; PersonError if wrong."""
    environment = os.environ if environment is None else environment
    named = environment.get(f"{PREFIX}CONFIG", "")
    path = Path(named) if named else (folder or Path()) / FILE
    values = _from_file(path, must_exist=bool(named))
    known = Settings.model_fields
    sources = dict.fromkeys(values, str(path))
    for name, text in environment.items():
        key = name.removeprefix(PREFIX).lower()
        if name.startswith(PREFIX) and name != f"{PREFIX}CONFIG":
            if key not in known:
                raise PersonError(
                    f"{name}: there is no such setting; there are {', '.join(known)}",
                    f"{name}：没有这个设置；现有 {', '.join(known)}",
                )
            values[key], sources[key] = text, name
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        told = [_told(each["loc"], each["msg"], each["input"], sources) for each in error.errors()]
        raise PersonError("; ".join(en for _, en in told), "；".join(zh for zh, _ in told)) from None
    _check_tls(settings, sources)
    return settings


def _check_tls(settings: Settings, sources: Mapping[str, str]) -> None:
    """A certificate is of use only with its key: PersonError when one is without the other."""
    named = [name for name in ("tls_certificate", "tls_key") if getattr(settings, name) is not None]
    if len(named) == 1:
        (name,) = named
        missing = "tls_key" if name == "tls_certificate" else "tls_certificate"
        raise PersonError(
            f"{sources[name]}: {name} is given without {missing}; give both, or neither for a self-made certificate",
            f"{sources[name]}：只有 {name}，没有 {missing}；两个都写，或都不写（用自签证书）",
        )


def _is_address(text: str) -> bool:
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return False


def _wrong(zh: str, en: str) -> ValueError:
    """What pydantic carries to _told."""
    return ValueError(f"{zh}{BETWEEN}{en}")


def _from_file(path: Path, must_exist: bool) -> dict[str, object]:
    if not path.exists() and not must_exist:
        return {}
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        why = error.strerror
        raise PersonError(f"{path}: cannot be read ({why})", f"{path}：无法读取（{why}）") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PersonError(f"{path}: this is not TOML: {error}", f"{path}：不是 TOML：{error}") from None
    for key in PATHS:
        if isinstance(values.get(key), str):
            values[key] = path.parent / str(values[key])
    return values


def _told(loc: tuple[int | str, ...], message: str, got: object, sources: Mapping[str, str]) -> tuple[str, str]:
    key = str(loc[0]) if loc else ""
    source, known = sources.get(key, FILE), ", ".join(Settings.model_fields)
    if message.startswith("Extra inputs"):
        return (
            f"{source}：没有设置 {key}；现有 {known}",
            f"{source}: {key}: there is no such setting; there are {known}",
        )
    meaning = Settings.model_fields[key].description if key in Settings.model_fields else ""
    zh, _, en = message.removeprefix("Value error, ").rpartition(BETWEEN)
    more = f"：{zh}" if zh else ""
    return f"{source}：设置 {key} 不能是 {got!r}{more}", f"{source}: {key} ({meaning}) cannot be {got!r}: {en}"
