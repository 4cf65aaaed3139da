"""查看报文 at 100,000 frames, in a real browser: a page, a filter, the rows it keeps, its longest task while live.

The desk is a process of its own: `python -m tests.bench.desk_frames FOLDER` opens it and says how to visit it.
"""

from __future__ import annotations

import contextlib
import json
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from harness.core.journal import EventSeen, FrameSeen, Opened, Record
from harness.protocols.ykc import CATALOGUE
from harness.settings import Settings
from harness.store.database import open_store
from harness.store.desk import accounts, models
from harness.store.desk.values import Actor, ModelData, Registrant
from harness.store.writer import Writer
from tests.bench.measure import Measure, judged

FRAMES = 100_000
MOST_ROWS = 500
A_SECOND = 40  # frames that come live
CODE = "32010600417702"
DATA = ModelData(model="QH-DC120-2", kind="dc", power_kw=120, guns=2, program_version="1.0.0")
CHROMIUM = "/usr/bin/chromium"
ROWS = "document.querySelectorAll('.dk-fr').length"
ONLY_HEARTBEATS = (
    "Array.from(document.querySelectorAll('#rows code'), (code) => code.textContent).join('') === '0x03'.repeat(100)"
)
# Long tasks of the page from its first moment on, and the most rows it ever had.
WATCH = """
  window.longest = 0; window.most = 0;
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) window.longest = Math.max(window.longest, task.duration);
  }).observe({ type: "longtask", buffered: true });
  setInterval(() => { window.most = Math.max(window.most, document.querySelectorAll(".dk-fr").length); }, 50);
"""


def frame(name: str, **values: Any) -> bytes:
    """A frame of the pile."""
    return CATALOGUE.encode(name, {"pile_code": CODE, **values})


def fill(folder: Path) -> None:
    """A registrant, an approved model and the frames of its pile; one of them, far back, is a transaction record."""
    engine = open_store(f"sqlite:///{folder}/harness.sqlite")
    then = datetime.now(UTC) - timedelta(days=1)
    owner = accounts.register(
        engine, company="青禾", brand="禾充", contact="测试员甲", phone="+8613900000000", code_hash="", now=then
    )
    by = Actor(kind="reviewer", id=1, name="reviewer-01")
    model = models.add_model(engine, owner.id, DATA, by, then)
    models.approve(engine, model.id, CODE, by, then)
    key, writer = f"earlier/{CODE}", Writer(engine, "earlier")
    opened = Opened(wall=then.isoformat(), profile={"pile_code": CODE})
    kinds = [
        frame("heartbeat", gun_no="01"),
        frame("heartbeat_reply", gun_no="01"),
        frame("realtime_data", gun_no="01", status=3, output_voltage="401.2", output_current="149.3"),
        frame("bms_demand_charger_output", gun_no="01"),
    ]
    records: list[Record] = [EventSeen(1, 0.0, opened)]
    records += [FrameSeen(n, n / 10, "pile", kinds[n % len(kinds)]) for n in range(2, FRAMES + 2)]
    records[99] = FrameSeen(100, 10.0, "pile", frame("transaction_record", gun_no="01"))
    writer.write([(key, record) for record in records])
    engine.dispose()


def serve(folder: Path) -> None:
    """Open the desk on free ports and print where it is and the cookie of the registrant."""
    from flask.sessions import SecureCookieSessionInterface

    from harness.app.desk.opening import open_desk
    from harness.links.reactor import reactor
    from web.access import name_of

    desk = open_desk(
        Settings(
            host="127.0.0.1", web_host="127.0.0.1",
            port=0, web_port=0, ftp_port=0, tls=False, public_address="127.0.0.1",
            database_url=f"sqlite:///{folder}/harness.sqlite",
            private=folder / "private", uploads=folder / "uploads", firmware=folder / "firmware",
        )
    )  # fmt: skip
    signer = SecureCookieSessionInterface().get_signing_serializer(desk.app)
    owner = accounts.registrant(desk.station.engine, 1)
    assert signer is not None
    assert isinstance(owner, Registrant)
    session = {"_user_id": name_of(owner), "_fresh": True, "lang": "zh", "seen": time.time()}
    about = {"url": desk.url, "cookie": signer.dumps(session), "port": desk.station.link.address[1]}
    reactor.callWhenRunning(lambda: print(json.dumps(about), flush=True))
    reactor.run()


@contextlib.contextmanager
def serving() -> Iterator[dict[str, Any]]:
    """A desk with all those frames."""
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder))
        command = [sys.executable, "-m", "tests.bench.desk_frames", folder]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())
        finally:
            process.kill()
            process.wait()


@contextlib.contextmanager
def charging(port: int) -> Iterator[None]:
    """A pile that logs in and then sends frames, so many a second."""
    over = threading.Event()
    pile = socket.create_connection(("127.0.0.1", port))
    pile.sendall(frame("login", gun_count=2, protocol_version="1.6", program_version="1.0.0"))

    def send() -> None:
        report = frame("realtime_data", gun_no="01", status=3, output_voltage="401.2", output_current="149.3")
        while not over.wait(1 / A_SECOND):
            pile.sendall(report)

    sender = threading.Thread(target=send, daemon=True)
    sender.start()
    try:
        yield
    finally:
        over.set()
        sender.join()
        pile.close()


class Visit:
    """A person at the page, and what they wait for."""

    def __init__(self, page: Any, url: str) -> None:
        self.page = page
        self.url = f"{url}/models/1/frames"

    def timed(self, act: Any, until: str) -> float:
        """Seconds until the page shows it."""
        begin = time.perf_counter()
        act()
        self.wait(until)
        return time.perf_counter() - begin

    def wait(self, until: str) -> None:
        """Until the page shows something; its policy forbids the quicker way, which is to be evaluated inside."""
        while not self.page.evaluate(until):
            self.page.wait_for_timeout(5)

    def open(self) -> float:
        return self.timed(lambda: self.page.goto(self.url, wait_until="commit"), f"{ROWS} >= 100")

    def filter(self, kind: str, until: str) -> float:
        """Choose one type of frames, and all again."""
        choose = f"document.querySelector('[name=kind][value={kind}]').checked = true; filters.requestSubmit()"
        took = self.timed(lambda: self.page.evaluate(choose), until)
        self.page.evaluate("document.getElementById('kinds-clear').click()")
        self.wait(f"{ROWS} >= 100")
        return took

    def scroll(self, times: int) -> None:
        """Down through the log, a page of rows at a time, and back to the top."""
        for _ in range(times):
            self.page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
            self.page.wait_for_timeout(150)
        self.page.evaluate("window.scrollTo(0, 0)")


def measures() -> list[Measure]:
    """The rows of the table about the page of frames."""
    from playwright.sync_api import sync_playwright

    with serving() as desk, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        context = browser.new_context(viewport={"width": 390, "height": 844})
        context.add_cookies([{"name": "session", "value": desk["cookie"], "url": desk["url"]}])
        context.add_init_script(WATCH)
        visit = Visit(context.new_page(), desk["url"])
        visit.open()  # the browser's own first steps are not the page's
        opened = statistics.median(visit.open() for _ in range(5))
        frequent = visit.filter("heartbeat", ONLY_HEARTBEATS)
        rare = visit.filter("transaction_record", f"{ROWS} === 1")
        with charging(desk["port"]):
            visit.page.wait_for_timeout(5000)
            live = int(visit.page.evaluate("document.getElementById('total').dataset.n")) - FRAMES
            visit.scroll(15)
            visit.page.wait_for_timeout(2000)
        most = visit.page.evaluate("window.most")
        longest = visit.page.evaluate("window.longest")
        browser.close()
    return [
        judged(f"page of frames opens, of {FRAMES:,}", "<=", 1.0, opened, "s", "phone-sized chromium, rows shown"),
        judged("filter for a type that is rare", "<=", 0.5, rare, "s", "one frame at the far end"),
        judged("filter for a type that is frequent", "<=", 0.5, frequent, "s"),
        judged("rows in the page at most", "<=", MOST_ROWS, most, "", "live and while scrolling back"),
        judged("longest task of the page", "<=", 200, longest, "ms", f"{live} frames came live in 5 s"),
    ]


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
