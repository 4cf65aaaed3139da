"""`harness demo`: the whole desk to click through, with its people and a simulated pile, gone when it ends."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from harness.app.demo_helper import Helper
from harness.app.demo_people import ADMINS_NAME, REVIEWERS_NAME, DemoPeople, furnish
from harness.app.demo_piles import DemoPiles, piles_on
from harness.app.demo_stock import Stock
from harness.app.desk.ending import Ending
from harness.app.desk.opening import Desk, Ground, open_desk
from harness.console.words import SELF_MADE
from harness.data import data_root
from harness.links.reactor import loop, reactor
from harness.profiles import load_profile
from harness.settings import Settings
from web.address import qr_terminal

PATIENCE = 3.0  # s for runs to leave their piles idle


def demo(settings: Settings, args: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM; what it kept is gone afterwards."""
    with TemporaryDirectory(prefix="charger-demo-") as folder:
        show = Show(settings_in(Path(folder), settings, args.port), args.speed)
        show.begin(args.helpful)
        print("\n".join(show.told()), flush=True)
        ending = Ending(show.desk, PATIENCE, show.end)
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, ending)
        reactor.run(installSignalHandlers=False)
    return 0


def settings_in(folder: Path, settings: Settings, port: int | None) -> Settings:
    """The settings of a demo: everything it keeps lies in one folder."""
    (folder / "piles").mkdir()
    return settings.model_copy(
        update={
            "database_url": f"sqlite:///{folder / 'demo.sqlite'}",
            "piles": folder / "piles",
            "firmware": folder / "laid_out",
            "private": folder / "private",
            "uploads": folder / "uploads",
            "webhook_url": "",
            "web_port": settings.web_port if port is None else port,
        }
    )


class Show:
    """An open desk with its people, its simulated piles, and hands that help."""

    piles: DemoPiles

    def __init__(self, settings: Settings, speed: float) -> None:
        self.speed = speed
        self._profile = load_profile(data_root() / "fixtures" / "piles" / "demo.yaml")
        self.desk: Desk = open_desk(settings, speed=speed, demo=self._put_piles)
        station = self.desk.station
        self.people: DemoPeople = furnish(station.engine, self._profile, station.clock.wall())
        self.desk.house.register(self.people.model.profile())
        stock = Stock(self.desk.services, station.recorder.after)
        self._helper = Helper(self.desk.house, self.piles, station.clock, stock)

    def begin(self, helpful: bool) -> None:
        """Switch the pile on."""
        self.piles.add(self._profile).helpful = helpful
        self._helper.begin()

    def end(self) -> None:
        """The desk is closed: switch the piles off, and stop."""
        self.piles.close()
        reactor.stop()

    def told(self) -> list[str]:
        """Where everything is, and the secrets that are shown once."""
        url, people = self.desk.url, self.people
        who, phone = people.registrant, people.registrant.phone.removeprefix("+86")
        tls, (zh, en) = self.desk.tls_url, SELF_MADE
        return [
            qr_terminal(url, colour=sys.stdout.isatty()),
            f"演示已开，桩的时间快 {self.speed:g} 倍。Ctrl-C 结束，内容不保留。",
            f"The demo is open; time at the pile is {self.speed:g} times as fast. Ctrl-C ends it; nothing is kept.",
            "",
            f"联调页 desk        {url}",
            *((f"联调页 TLS         {tls}",) if tls else ()),
            f"登记人 registrant  {who.company} | {who.contact} | {phone} | 访问码 access code {people.code}",
            f"审核员 reviewer    {url}/review/  {REVIEWERS_NAME} | {people.reviewer_password}",
            f"管理员 admin       {url}/review/  {ADMINS_NAME} | {people.admin_password}",
            f"模拟桩 pile        {url}/demo/  {people.model.pile_code}",
            "",
            "从头走：在联调页登记，用审核员通过，再把桩编码填进模拟桩。",
            "The whole way: register at the desk, approve as the reviewer, type the pile code into a simulated pile.",
            *((f"{zh}。", f"{en[0].upper()}{en[1:]}.") if tls else ()),
        ]

    def _put_piles(self, ground: Ground) -> DemoPiles:
        self.piles = piles_on(ground, self._profile)
        return self.piles
