"""The settings as the desk needs them: addresses, doors, certificate, and what its admin page may show."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from harness.links.addresses import lan_address
from harness.settings import Settings
from web.address import EVERYWHERE, desk_url
from web.services import DeskSettings
from web.site import Door
from web.site.certificates import Pem, made_certificate, own_certificate

MIB = 2**20


def desk_settings(settings: Settings, secret: bytes, web_port: int, pile_port: int) -> DeskSettings:
    """What the pages are told; `web_port` and `pile_port` are those that are open."""
    lan = lan_address()
    url = desk_url(
        public_url=settings.public_url,
        public_address=settings.public_address,
        host=settings.web_host,
        lan=lan,
        port=web_port,
    )
    return DeskSettings(
        public_url=url,
        pile_address=settings.public_address or lan,
        pile_port=pile_port,
        timezone=settings.timezone,
        secret=secret,
        pictures=settings.uploads / "pictures",
        firmware=settings.uploads / "firmware",
        secure=url.startswith("https:"),
        behind_proxy=bool(settings.proxies),
        session_hours=settings.session_hours,
        most_firmware=settings.most_firmware_mb * MIB,
        most_picture=settings.most_picture_mb * MIB,
        shown=shown(settings),
        retention_days=settings.retention_days,
    )


def shown(settings: Settings) -> dict[str, str]:
    """Every setting as it may be shown: passwords and tokens stay hidden."""
    plain = {name: "" if value is None else str(value) for name, value in settings}
    return {
        **plain,
        "database_url": _without_password(settings.database_url),
        "webhook_url": _without_token(settings.webhook_url),
    }


def door(settings: Settings) -> Door:
    """The port for pages."""
    return Door(settings.web_host, settings.web_port, "web_port")


def tls_door(settings: Settings) -> Door | None:
    """The port for pages over TLS."""
    return Door(settings.web_host, settings.tls_port, "tls_port") if settings.tls else None


def pem_for(settings: Settings, now: datetime) -> Pem:
    """The platform's own certificate, or one of our making for the addresses by which the desk is reached."""
    if settings.tls_certificate is not None and settings.tls_key is not None:
        return own_certificate(settings.tls_certificate, settings.tls_key)
    listens = "" if settings.web_host in EVERYWHERE else settings.web_host
    hosts = (settings.public_address, lan_address(), listens, urlsplit(settings.public_url).hostname or "")
    return made_certificate(settings.private, hosts, now)


def _without_password(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "***"


def _without_token(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}/***" if url else ""
