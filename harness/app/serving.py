"""`harness serve`: piles stay online and everything is logged, until stopped."""

from __future__ import annotations

import argparse
import logging
import signal
from datetime import datetime
from zoneinfo import ZoneInfo

from harness.app.station import Station
from harness.console.words import both, link_words
from harness.core.journal import LinkChanged
from harness.links.addresses import lan_address
from harness.links.reactor import loop, reactor
from harness.profiles import load_cards, load_profiles
from harness.settings import Settings

LOG = logging.getLogger("harness.serve")


def serve(settings: Settings, args: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM; gives 0, or 3 when the database failed."""
    log_to_stderr(ZoneInfo(settings.timezone))
    troubles: list[Exception] = []
    profiles = load_profiles(settings.piles)
    station = Station(
        profiles=profiles,
        registered=load_cards(settings.cards),
        timezone=settings.timezone,
        database_url=args.db or settings.database_url,
        host=settings.host,
        port=settings.port,
        ftp_port=settings.ftp_port,
        public_address=settings.public_address or lan_address(),
        passive_ports=settings.passive_ports,
        firmware=settings.firmware,
        on_late=lambda seconds: LOG.warning("our own loop came %.1f s late", seconds),
        on_trouble=lambda error: _trouble(error, troubles),
    )
    station.platform.watchers.append(_log_link)
    host, port = station.link.address
    LOG.info("云快充 YKC %s:%s, FTP %s, %s 个桩 piles: %s", host, port, settings.ftp_port, len(profiles),
             ", ".join(profile.pile_code for profile in profiles))  # fmt: skip
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, lambda: station.close().addBoth(lambda _: reactor.stop()))
    reactor.run(installSignalHandlers=False)
    LOG.info("已停止 stopped")
    return 3 if troubles else 0


def log_to_stderr(zone: ZoneInfo) -> None:
    """One line for each thing that happens, with the time that piles are given."""

    class Line(logging.Formatter):
        def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
            return f"{datetime.fromtimestamp(record.created, zone):%Y-%m-%d %H:%M:%S}"

    handler = logging.StreamHandler()
    handler.setFormatter(Line("%(asctime)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])


def _log_link(pile_code: str, event: LinkChanged) -> None:
    LOG.info("%s %s %s", pile_code or "-", event.peer, both(link_words(event.what, event.peer, event.detail)))


def _trouble(error: Exception, troubles: list[Exception]) -> None:
    """What could not be written is kept and tried again; the log says so once for each new reason."""
    if not troubles or str(troubles[-1]) != str(error):
        LOG.error("%s", error)
    troubles.append(error)
    del troubles[:-1]
