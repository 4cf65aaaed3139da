"""`harness serve`: piles stay online, everything is logged, and the desk is open, until stopped."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

from harness.app.desk.ending import Ending
from harness.app.desk.opening import Desk, open_desk
from harness.console.words import NOBODY, SELF_MADE, both, few_files_words, link_words
from harness.core.journal import LinkChanged
from harness.links.process import FEW, open_files
from harness.links.reactor import loop, reactor
from harness.settings import Settings
from harness.store.desk.accounts import users
from web.address import qr_terminal

LOG = logging.getLogger("harness.serve")
PATIENCE = 20.0  # s for runs to leave their piles idle


def serve(settings: Settings, args: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM; gives 0, or 3 when the database failed."""
    log_to_stderr(ZoneInfo(settings.timezone))
    troubles: list[Exception] = []
    if args.db:
        settings = settings.model_copy(update={"database_url": args.db})
    desk = open_desk(
        settings,
        on_late=lambda seconds: LOG.warning("our own loop came %.1f s late", seconds),
        on_trouble=lambda error: _trouble(error, troubles),
    )
    desk.station.platform.watchers.append(_log_link)
    _greet(desk, settings)
    ending = Ending(desk, PATIENCE, reactor.stop)
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ending)
    reactor.run(installSignalHandlers=False)
    LOG.info("已停止 stopped")
    return 3 if troubles else 0


def _greet(desk: Desk, settings: Settings) -> None:
    """Where piles and people find us; the QR code of the desk where somebody sees it."""
    host, port = desk.station.link.address
    codes = sorted(desk.station.platform.piles)
    LOG.info("云快充 YKC %s:%s, FTP %s, %s 个桩 piles: %s", host, port, settings.ftp_port, len(codes), ", ".join(codes))
    LOG.info("网页 desk %s", desk.url)
    if desk.tls_url:
        LOG.info("TLS 网页 desk over TLS %s", desk.tls_url)
    if desk.tls_url and settings.tls_certificate is None:
        LOG.info("%s", both(SELF_MADE))
    if not users(desk.station.engine):
        LOG.warning("%s", both(NOBODY))
    if open_files() < FEW:
        LOG.warning("%s", both(few_files_words(open_files())))
    if sys.stderr.isatty():
        print(qr_terminal(desk.url, colour=True), file=sys.stderr)


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
