"""A desk in a process of its own, on a clock that the other end of its standard input moves.

`python -m tests.browser.served FOLDER` prints one JSON line about itself, then does what the lines it reads ask for.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from harness.app.demo_helper import Helper
from harness.app.demo_people import furnish
from harness.app.demo_piles import DemoPiles, PanelPile, piles_on
from harness.app.demo_stock import Stock
from harness.app.desk.opening import Ground, open_desk
from harness.app.virtual_pile import VirtualPile
from harness.data import data_root
from harness.links.reactor import loop, reactor
from harness.settings import Settings
from harness.store.desk import models
from tests.browser.deeds import Deeds
from tests.browser.hand_clock import HandClock
from tests.sim.pretend import profile

START = datetime(2026, 4, 17, 2, 5, tzinfo=UTC)  # 10:05 at the pile, within a tariff period


def settings_in(folder: Path) -> Settings:
    """All that a desk keeps lies in one folder; its ports are whatever is free."""
    (folder / "piles").mkdir()
    return Settings(
        host="127.0.0.1",
        web_host="127.0.0.1",
        port=0,
        ftp_port=0,
        web_port=0,
        tls_port=0,
        public_address="127.0.0.1",
        database_url=f"sqlite:///{folder / 'desk.sqlite'}",
        piles=folder / "piles",
        firmware=folder / "firmware",
        private=folder / "private",
        uploads=folder / "uploads",
    )


def short(text: str, folder: Path) -> str:
    """A path without the folders above it."""
    return text.replace(f"{folder}/", "").replace(f"{data_root()}/", "")


class Served:
    """The desk, and what a test may have done to it; all in the reactor thread."""

    def __init__(self, folder: Path) -> None:
        self.clock = HandClock(loop, START)
        self.demo: DemoPiles
        self.desk = open_desk(settings_in(folder), clock=self.clock, demo=self._demo)
        self._show_what_lasts(folder)
        self.house = self.desk.house
        people = furnish(self.desk.services.engine, profile("demo"), self.clock.wall())
        self.house.register(people.model.profile())
        self.deeds = Deeds(self.desk.services, people)
        stock = Stock(self.desk.services, self.desk.station.recorder.after)
        Helper(self.house, self.demo, self.clock, stock).begin()
        self.about = {
            "url": f"http://127.0.0.1:{self.desk.site.http[1]}",
            "tls": f"https://127.0.0.1:{self.desk.site.https[1]}",
            "company": people.registrant.company,
            "contact": people.registrant.contact,
            "phone": people.registrant.phone,
            "code": people.code,
            "reviewer": people.reviewer_password,
            "admin": people.admin_password,
            "model": people.model.id,
            "pile": people.model.pile_code,
        }

    def _show_what_lasts(self, folder: Path) -> None:
        """An address of the documentation's, and no folder of this machine, so that pictures of pages stay the same."""
        services = self.desk.services
        shown = {name: short(text, folder) for name, text in services.settings.shown.items()}
        settings = replace(
            services.settings,
            public_url="http://192.0.2.10:8080",
            pile_address="192.0.2.10",
            pile_port=5456,
            shown=shown,
        )
        self.desk.services = replace(services, settings=settings)
        self.desk.app.extensions["desk"] = self.desk.services

    def _demo(self, ground: Ground) -> DemoPiles:
        self.demo = piles_on(ground, profile("demo"))
        return self.demo

    def close(self) -> None:
        self.demo.close()
        self.desk.close().addErrback(lambda failure: failure.printTraceback()).addBoth(lambda _: reactor.stop())

    async def pass_time(self, seconds: float) -> None:
        await self.clock.walk(seconds)

    async def until(self, what: str, model: int, most: float, besides: list[str]) -> dict[str, Any]:
        reached = await self.clock.walk(most, lambda: self._is(what, model, besides))
        return {"reached": reached, **self._shown(model)}

    def _shown(self, model: int) -> dict[str, Any]:
        """What the run of a model has come to, for the test to go by."""
        run = self.house.run(model)
        if run is None:
            return {"state": "", "case": "", "left": 0.0, "act": "", "prompt": 0}
        case = run.cases[run.case].id if run.case >= 0 else ""
        left = (run.count_due - run.at).total_seconds() if run.count_due is not None else 0.0
        asked = {"act": "", "prompt": 0}
        if run.prompt is not None:
            asked = {"act": run.prompt.act, "prompt": run.prompt.id}
        return {"state": run.state, "case": case, "left": left, **asked}

    def _is(self, what: str, model: int, besides: list[str]) -> bool:
        run = self.house.run(model)
        if run is None:
            return False
        charging = run.reading is not None and float(run.reading.energy or 0) > 0
        if what == "charging":
            return charging
        if what == "waiting":
            in_it = charging and run.case >= 0 and run.cases[run.case].id in besides
            return run.prompt is not None or run.state == "over" or in_it
        return run.state == what

    async def set_up(self, code: str, faults: list[str], version: str) -> None:
        """A simulated pile with this code, built as its model was registered, logs in."""
        self.demo.set_up(code)
        if faults or version:
            self._rebuild(code, faults, version)
        await self.clock.walk(60, lambda: self.demo.piles[code].virtual.pile.online)
        await self.clock.walk(30)

    def _rebuild(self, code: str, faults: list[str], version: str) -> None:
        """The same pile with faults, or another program in it."""
        before = self.demo.piles[code].virtual
        before.power_off()
        profile = replace(before.profile, program_version=version or before.profile.program_version)
        port, zone = self.desk.station.link.address[1], self.desk.station.timezone
        pile = VirtualPile(profile, self.clock, "127.0.0.1", port, 1, faults, zone)
        self.demo.piles[code] = PanelPile(pile)
        pile.power_on()

    async def start(self, model: int, cases: list[str]) -> None:
        found = models.model(self.desk.services.engine, model)
        assert found is not None
        self.house.start(model, found.profile(), "01", tuple(cases), "demo")

    async def stop(self, model: int) -> None:
        self.house.stop(model)

    async def unable(self, model: int, why: str) -> None:
        """Somebody says why what is asked cannot be done."""
        run = self.house.run(model)
        assert run is not None
        assert run.prompt is not None
        self.house.answer(model, run.prompt.id, why)

    async def flush(self) -> None:
        """Everything is on disk, results and all."""
        done = loop.create_future()
        self.desk.station.recorder.after(lambda: loop.call_soon_threadsafe(done.set_result, None))
        await done

    async def press(self, code: str, button: str, gun: str, card: str) -> None:
        self.demo.press(code, button, gun, card)

    async def screen(self, code: str, gun: str) -> str:
        return self.demo.screen(code, gun).hex()

    async def helpful(self, code: str, on: bool) -> None:
        self.demo.set_helpful(code, on)


def read(served: Served) -> None:
    """Lines to the reactor thread, one at a time; at their end the desk ends."""
    for line in sys.stdin:
        asked = json.loads(line)
        do = asked.pop("do")
        try:
            deed = getattr(served, do, None) or getattr(served.deeds, do)
            say({"came": asyncio.run_coroutine_threadsafe(deed(**asked), loop).result()})
        except Exception:
            say({"error": traceback.format_exc()})
    reactor.callFromThread(served.close)


def say(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)


def main() -> None:
    served = Served(Path(sys.argv[1]))
    reactor.callWhenRunning(say, served.about)
    threading.Thread(target=read, args=(served,), name="lines", daemon=True).start()
    reactor.run(installSignalHandlers=False)


if __name__ == "__main__":
    main()
