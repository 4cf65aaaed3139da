"""The desk that is measured, in a process of its own: `python -m tests.bench.desk_serving FOLDER PILES REVIEWERS`.

It prints one line of JSON: the ports for piles and for pages, the reviewers' session cookies, and the models, whose
piles have the codes of serving.pile_code. It serves until killed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from flask import Flask

from harness.app.desk.opening import Desk, open_desk
from harness.links.reactor import reactor
from harness.settings import Settings
from harness.store.database import open_store
from harness.store.desk import accounts, models
from harness.store.desk.values import Actor, ModelData, User
from tests.bench.serving import pile_code
from web.access import name_of

DATA = ModelData(model="BENCH-60", kind="dc", power_kw=60, guns=1)
BY = Actor(kind="reviewer", id=1, name="bench")


def settings_in(folder: Path) -> Settings:
    """A desk that leaves nothing elsewhere and has any ports."""
    return Settings(
        host="127.0.0.1",
        web_host="127.0.0.1",
        port=0,
        web_port=0,
        ftp_port=0,
        tls=False,
        database_url=f"sqlite:///{folder}/bench.sqlite",
        private=folder / "private",
        uploads=folder / "uploads",
        firmware=folder / "firmware",
        reports=folder / "reports",
    )


def fill(desk: Desk, piles: int, reviewers: int) -> list[User]:
    """Approved models, one for each pile, and reviewers who may look at them all."""
    engine, now = desk.station.engine, desk.station.clock.wall()
    owner = accounts.register(
        engine, company="Bench", brand="B", contact="B", phone="+8613900000000", code_hash="-", now=now
    )
    for number in range(piles):
        made = models.add_model(engine, owner.id, DATA, BY, now)
        done = models.approve(engine, made.id, pile_code(number), BY, now)
        desk.house.register(done.data.profile(done.pile_code))
        desk.services.watch_frames(done.id, done.pile_code)
    return [accounts.add_user(engine, f"bench-{number}", "reviewer", "-", now) for number in range(reviewers)]


def cookie_for(app: Flask, who: User, seen: float) -> str:
    """The session cookie of somebody who has just signed in."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return str(serializer.dumps({"_user_id": name_of(who), "seen": seen, "lang": "zh"}))


def main(folder: Path, piles: int, reviewers: int) -> None:
    """Open, fill, tell, serve."""
    open_store(settings_in(folder).database_url).dispose()
    desk = open_desk(settings_in(folder))
    people = fill(desk, piles, reviewers)
    seen = desk.station.clock.wall().timestamp()
    assert desk.site.http is not None
    told = {
        "port": desk.station.link.address[1],
        "web": desk.site.http[1],
        "cookies": [cookie_for(desk.app, each, seen) for each in people],
        "models": [model.id for model in models.approved(desk.station.engine)],
    }
    print(json.dumps(told), flush=True)
    reactor.run(installSignalHandlers=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
