"""The running house: clock, store, platform, port and firmware server, opened together and closed together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Engine

from harness.app.leftovers import adopt_leftovers
from harness.core.clock import PausableClock
from harness.core.journal import Journal, LoopLate, Opened, Sink
from harness.core.pile import PileProfile
from harness.links import LINKS
from harness.links.firmware_ftp import FirmwareFtp
from harness.links.reactor import loop, reactor
from harness.links.reactor_clock import ReactorClock, RealClock, reactor_clock
from harness.links.ykc_tcp import YkcLink
from harness.protocols.ykc.cards import Registered
from harness.protocols.ykc.platform import Platform
from harness.store.database import open_store
from harness.store.ownership import Ownership, take_ownership
from harness.store.recorder import Recorder


class Station:
    """Opens what a run or a server needs; `close` gives everything back. PersonError when something cannot be had.

    Without `ftp_port` there is no firmware server. A `clock` that is handed in stays its owner's. `pile_sinks` gives
    those who also hear each record of a pile's own journal; that of "" is for strangers at the door.
    """

    def __init__(
        self,
        *,
        profiles: Iterable[PileProfile],
        registered: Registered,
        timezone: str,
        database_url: str,
        host: str,
        port: int,
        ftp_port: int | None,
        public_address: str,
        passive_ports: range | None,
        firmware: Path | None,
        speed: float = 1.0,
        clock: PausableClock | None = None,
        pile_sinks: Callable[[str], tuple[Sink, ...]] = lambda pile_code: (),
        on_late: Callable[[float], None] = lambda seconds: None,
        on_trouble: Callable[[Exception], None] = lambda error: None,
    ) -> None:
        self.timezone = timezone
        self._pile_sinks = pile_sinks
        self._on_late = on_late
        self._journals: dict[str, Journal] = {}
        self.closers: list[Callable[[], object]] = []
        self.clock: PausableClock = clock or self._own_clock(speed)
        try:
            self.engine: Engine = open_store(database_url)
            self.closers.append(self.engine.dispose)
            self.owner: Ownership = take_ownership(self.engine, self.clock.wall())
            self.closers.append(lambda: self.owner.end(self.clock.wall()))
            self.recorder = Recorder(self.engine, self.owner.process, self._full, on_trouble)
            self.closers.append(self.recorder.close)
            self.profiles = {profile.pile_code: profile for profile in profiles}
            self.platform = Platform(
                self.clock,
                self.profiles.values(),
                registered,
                timezone=timezone,
                journal_for=self._pile_journal,
            )
            self.link: YkcLink = LINKS["ykc"](reactor, self.platform, self.clock, host, port)
            self.closers.append(self.link.close)
            if ftp_port is not None:
                ftp = FirmwareFtp(
                    host,
                    ftp_port,
                    cross=reactor.callFromThread,
                    public_host=public_address,
                    passive_ports=passive_ports or (),
                    folder=firmware,
                    moving=self._moving if not isinstance(self.clock, RealClock) else None,
                )
                self.closers.append(ftp.close)
                self.platform.publisher = ftp
            adopt_leftovers(self.engine, self.platform, self.clock, self.recorder)
        except BaseException:
            self._close()
            raise

    def register(self, profile: PileProfile) -> None:
        """A pile may log in from now on, or its profile changed."""
        self.profiles[profile.pile_code] = profile
        self.platform.register(profile)

    def late(self, seconds: float) -> None:
        """Our own loop came late: the journal of each pile keeps that, so that no limit is held against it."""
        for journal in self._journals.values():
            journal.event(LoopLate(seconds=seconds))
        self._on_late(seconds)

    def close(self) -> Any:
        """Let piles go, write what is left, free the ports; the rest may be fired once its Deferred has."""
        self.platform.close()
        self.closers.remove(self.link.close)
        closed = self.link.close()
        closed.addBoth(lambda _: self._close())
        return closed

    def _close(self) -> None:
        while self.closers:
            self.closers.pop()()

    def _own_clock(self, speed: float) -> ReactorClock:
        clock = reactor_clock(loop, speed, self.late)
        self.closers.append(clock.close)
        return clock

    def _pile_journal(self, pile_code: str) -> Journal:
        """The journal of what a pile does outside runs; that of "" is for strangers at the door.

        A pile that was forgotten and is registered again goes on with the journal it had.
        """
        if pile_code not in self._journals:
            self._journals[pile_code] = self._open_journal(pile_code)
        return self._journals[pile_code]

    def _open_journal(self, pile_code: str) -> Journal:
        sinks: tuple[Sink, ...] = (self.recorder, *self._pile_sinks(pile_code))
        journal = Journal(f"{self.owner.process}/{pile_code or 'door'}", self.clock, sinks)
        profile = self.profiles.get(pile_code)
        facts = msgspec.to_builtins(profile) if profile is not None else {}
        journal.event(Opened(wall=self.clock.wall().isoformat(), profile=facts, timezone=self.timezone))
        return journal

    def _full(self, full: bool) -> None:
        """The recorder cannot follow: read from piles more slowly."""
        reactor.callFromThread(self.link.set_paused, full)

    def _moving(self, going_on: bool) -> None:
        if going_on:
            self.clock.pause()
        else:
            self.clock.resume()
