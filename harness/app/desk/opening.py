"""The whole desk opened together: station, house, streams, pages; `harness serve`, the demo and tests all come here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from flask import Flask
from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.threads import deferToThreadPool
from twisted.python import threadable

from harness.app.desk.books import StoreBooks
from harness.app.desk.cases import case_info, load_cases
from harness.app.desk.crossing import WITHIN, Cross, busy, into_reactor
from harness.app.desk.ears import Ears
from harness.app.desk.following import Following
from harness.app.desk.house import LiveHouse
from harness.app.desk.news import News
from harness.app.desk.set_up import desk_settings, door, pem_for, tls_door
from harness.app.desk.sweeping import Sweeping
from harness.app.desk.webhook import Webhook
from harness.app.station import Station
from harness.core.clock import PausableClock
from harness.engine.scenario import Scenario
from harness.links.addresses import lan_address
from harness.links.process import open_files
from harness.links.reactor import loop, reactor
from harness.links.reactor_clock import RealClock
from harness.pictures import read_qr
from harness.profiles import load_cards, load_profiles
from harness.protocols.ykc.audit import PileAuditor
from harness.protocols.ykc.language import YkcLanguage
from harness.protocols.ykc.lens import YkcLens
from harness.settings import Settings
from harness.store.desk import models
from harness.store.journal_audits import JournalAudits
from web import create_app
from web.address import tls_url
from web.frames.feed import FrameFeed
from web.guests import MOST, Guests
from web.services import DemoPiles, Services
from web.site import ROOM, DeskSite, open_site
from web.site.private import session_secret
from web.streams import Hub

LANGUAGE = YkcLanguage()
LENS = YkcLens()
STREAMS, VISITS = 0.5, 0.75  # of the files that we may have open: piles and the store always find theirs
LOOK_EVERY = 0.1  # real s between two looks whether all runs have ended


class Ground(msgspec.Struct, frozen=True):
    """What is there before the pages are: enough for a demo to put simulated piles on."""

    station: Station
    house: LiveHouse
    cross: Cross
    filed: frozenset[str] = frozenset()  # pile codes of profile files


Demo = Callable[[Ground], DemoPiles | None]


def no_demo(ground: Ground) -> None:
    """There are no simulated piles."""


class Desk:
    """An open desk; `url` is where people reach it. `close` gives everything back."""

    def __init__(self, settings: Settings, ground: Ground, hub: Hub, feed: FrameFeed, demo: Demo) -> None:
        self.station = ground.station
        self.house = ground.house
        self.hub = hub
        self.webhook = _webhook(settings, ground.station, lambda: self.url)
        self.services = _services(settings, ground, hub, feed, demo, self.webhook)
        self.app: Flask = create_app(self.services)
        self.site: DeskSite = open_site(
            reactor,
            self.app,
            hub,
            door(settings),
            *_tls(settings, ground.station),
            proxies=settings.proxies,
            room=min(ROOM, int(open_files() * VISITS)),
        )
        self.sweeping = Sweeping(settings, ground.station.engine, ground.station.clock, reactor)
        self._patient = True
        self._tell_address(settings)

    @property
    def url(self) -> str:
        """Where people reach it."""
        return self.services.settings.public_url

    @property
    def tls_url(self) -> str:
        """Where they reach it over TLS; "" when they do not."""
        return tls_url(self.url, self.site.https[1]) if self.site.https is not None else ""

    def close(self, patience: float = 0.0) -> Deferred[Any]:
        """Let everybody go and write what is left; fires when all is free.

        What runs is stopped, and for `patience` real seconds its end is waited for: no pile is left charging.
        """
        self.sweeping.stop()
        self.webhook.stop()
        self.house.stop_all()
        quiet: Deferred[None] = Deferred()
        self._when_quiet(quiet, patience)
        return quiet.addBoth(lambda _: self._close())

    def hurry(self) -> None:
        """Wait for no run any more."""
        self._patient = False

    def _when_quiet(self, quiet: Deferred[None], patience: float) -> None:
        if patience <= 0 or not self._patient or not self.house.running():
            quiet.callback(None)
        else:
            reactor.callLater(LOOK_EVERY, self._when_quiet, quiet, patience - LOOK_EVERY)

    def _close(self) -> Deferred[Any]:
        self.house.close()
        return maybeDeferred(self.site.close).addBoth(lambda _: self.station.close())

    def _tell_address(self, settings: Settings) -> None:
        """Which ports the desk has is known only now that they are open."""
        port = self.site.http[1] if self.site.http is not None else settings.web_port
        shown = desk_settings(settings, self.services.settings.secret, port, self.station.link.address[1])
        self.services = msgspec.structs.replace(self.services, settings=shown)
        self.app.extensions["desk"] = self.services


def open_desk(
    settings: Settings,
    *,
    clock: PausableClock | None = None,
    speed: float = 1.0,
    demo: Demo = no_demo,
    on_late: Callable[[float], None] = lambda seconds: None,
    on_trouble: Callable[[Exception], None] = lambda error: None,
) -> Desk:
    """Open all of it in the reactor's thread, which need not turn yet; PersonError when something cannot be had.

    A `clock` that is handed in (whoever does closes it) and `speed` are for simulated piles: real ones have real time.
    """
    threadable.registerAsIOThread()
    scenarios = load_cases(settings)
    real = RealClock(loop)  # pages live in real time, however fast the piles do
    hub = Hub(real, Guests(most=min(MOST, int(open_files() * STREAMS))))
    feed, ears = FrameFeed(real, hub, LENS, settings.timezone), Ears(on_late)
    try:
        station = _station(settings, feed, ears, clock, speed, on_trouble)
    except BaseException:
        real.close()
        raise
    station.closers.append(real.close)
    try:
        cross, filed = into_reactor(reactor), frozenset(station.profiles)
        ears.house = house = _house(settings, station, hub, cross, speed, scenarios)
        return Desk(settings, Ground(station, house, cross, filed), hub, feed, demo)
    except BaseException:
        station.close()
        raise


def _station(
    settings: Settings,
    feed: FrameFeed,
    ears: Ears,
    clock: PausableClock | None,
    speed: float,
    on_trouble: Callable[[Exception], None],
) -> Station:
    return Station(
        profiles=load_profiles(settings.piles),
        registered=load_cards(settings.cards),
        timezone=settings.timezone,
        database_url=settings.database_url,
        host=settings.host,
        port=settings.port,
        ftp_port=settings.ftp_port,
        public_address=settings.public_address or lan_address(),
        passive_ports=settings.passive_ports,
        firmware=settings.firmware,
        speed=speed,
        clock=clock,
        pile_sinks=lambda pile_code: (feed, ears.at(pile_code)),
        on_late=ears.late,
        on_trouble=on_trouble,
    )


def _house(
    settings: Settings, station: Station, hub: Hub, cross: Cross, speed: float, scenarios: Mapping[str, Scenario]
) -> LiveHouse:
    """The house, with the piles of all approved models."""

    def model_of(pile_code: str) -> int | None:
        found = models.of_pile(station.engine, pile_code)
        return None if found is None else found.id

    house = LiveHouse(
        platform=station.platform,
        clock=station.clock,
        language=LANGUAGE,
        timezone=settings.timezone,
        scenarios=scenarios,
        books=StoreBooks(station.recorder, station.engine),
        publish=News(hub).publish,
        process=station.owner.process,
        model_of=model_of,
        register=station.register,
        cross=cross,
        speed=speed,
    )
    for model in models.approved(station.engine):
        house.register(model.data.profile(model.pile_code))
    return house


def _webhook(settings: Settings, station: Station, desk_url: Callable[[], str]) -> Webhook:
    def defer(call: Callable[[], None]) -> Deferred[None]:
        return deferToThreadPool(reactor, reactor.getThreadPool(), call)

    return Webhook(settings, station.engine, station.clock, desk_url, defer, reactor.callFromThread)


def _services(settings: Settings, ground: Ground, hub: Hub, feed: FrameFeed, demo: Demo, webhook: Webhook) -> Services:
    station, house = ground.station, ground.house

    def changed(model_id: int, what: str) -> None:
        reactor.callFromThread(house.tell, model_id)
        webhook.changed(model_id)

    def settled() -> None:
        if not station.recorder.settle(WITHIN):
            raise busy()

    secret = session_secret(settings.private)
    audits = JournalAudits(station.engine, PileAuditor)
    feed.audits = Following(audits, reactor)
    return Services(
        engine=station.engine,
        clock=station.clock,
        house=house,
        lens=LENS,
        read=LANGUAGE.read,
        read_picture=read_qr,
        cases=tuple(case_info(scenario) for scenario in house.scenarios.values()),
        settings=desk_settings(settings, secret, settings.web_port, station.link.address[1]),
        audits=audits,
        watch_frames=lambda model_id, code: reactor.callFromThread(feed.watch, model_id, code),
        taken=ground.filed,
        changed=changed,
        dismiss=lambda account: reactor.callFromThread(hub.guests.dismiss, account),
        settled=settled,
        demo=demo(ground),
    )


def _tls(settings: Settings, station: Station) -> tuple[Any, Any]:
    """The door over TLS and its certificate, if there is to be one."""
    return tls_door(settings), pem_for(settings, station.clock.wall()) if settings.tls else None
