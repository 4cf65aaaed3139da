"""The whole desk over real ports: pages, piles, runs that are kept, and nothing left behind."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThread

from harness.app import serving
from harness.app.demo_people import registered
from harness.app.desk import opening
from harness.app.desk.opening import Desk, open_desk
from harness.app.desk.sweeping import Sweeping
from harness.app.virtual_pile import VirtualPile
from harness.core.errors import PersonError
from harness.core.journal import EventSeen, LinkChanged
from harness.core.pile import PileProfile
from harness.core.verdict import Verdict
from harness.links.reactor import loop, reactor
from harness.settings import Settings
from harness.store import queries
from harness.store.desk import accounts, models, results, uploads
from harness.store.desk.values import Actor, Model, Upload
from tests.helpers.visits import visit
from tests.sim.pretend import firmware_file, profile

HERE = "127.0.0.1"
CODE = "32010600777001"
OTHER_CODE = "32010600777002"
LOOK_EVERY = 0.02
PATIENCE = 15.0
SPEED = 50.0


def settings_in(folder: Path, **more: Any) -> Settings:
    (folder / "piles").mkdir(exist_ok=True)
    known: dict[str, Any] = {
        "host": HERE,
        "web_host": HERE,
        "public_address": HERE,
        "port": 0,
        "ftp_port": 0,
        "web_port": 0,
        "tls_port": 0,
        "piles": folder / "piles",
        "private": folder / "private",
        "uploads": folder / "uploads",
        "firmware": folder / "fw",
        "database_url": f"sqlite:///{folder}/desk.sqlite",
    }
    return Settings.model_validate(known | more)


def finish(something: Deferred[Any]) -> Any:
    return loop.run_until_complete(something.asFuture(loop))


@pytest.fixture
def desk(running_reactor: None, tmp_path: Path) -> Iterator[Desk]:
    opened = open_desk(settings_in(tmp_path), speed=SPEED)
    yield opened
    finish(opened.close())


def aside(call: Callable[..., Any], *args: Any, **named: Any) -> Deferred[Any]:
    """A blocking call on a thread, as a view makes it."""
    return deferToThread(call, *args, **named)


async def until(so: Callable[[], bool]) -> None:
    """Wait, in real time, until something is so."""
    left = PATIENCE
    while not so():
        assert left > 0, "it never came to that"
        left -= LOOK_EVERY
        later: Deferred[None] = Deferred()
        reactor.callLater(LOOK_EVERY, later.callback, None)
        await later


def approved(desk: Desk, code: str = CODE) -> Model:
    """A model of somebody, with its pile code."""
    engine, now = desk.services.engine, desk.services.clock.wall()
    owner = accounts.register(
        engine,
        company="示例充电",
        brand="示例",
        contact="测试员",
        phone="+8613900000000",
        code_hash="-",
        now=now,
    )
    by = Actor(kind="registrant", id=owner.id, name="测试员")
    made = models.add_model(engine, owner.id, registered(profile("demo")), by, now)
    return models.approve(engine, made.id, code, Actor(kind="reviewer", id=1, name="reviewer-01"), now)


def another(desk: Desk) -> Model:
    """A second model of the same people."""
    (first,) = models.approved(desk.services.engine)
    engine, now = desk.services.engine, desk.services.clock.wall()
    made = models.add_model(
        engine, first.registrant_id, registered(profile("demo")), Actor(kind="registrant", id=1, name="测试员"), now
    )
    return models.approve(engine, made.id, OTHER_CODE, Actor(kind="reviewer", id=1, name="reviewer-01"), now)


def pile_of(model: Model) -> PileProfile:
    return model.data.profile(model.pile_code)


def simulated(desk: Desk, model: Model) -> VirtualPile:
    port = desk.station.link.address[1]
    pile = VirtualPile(pile_of(model), desk.station.clock, HERE, port, 1, [], desk.station.timezone)
    pile.power_on()
    return pile


async def test_the_pages_are_there_over_http_and_tls(desk: Desk, tmp_path: Path) -> None:
    assert desk.site.http is not None
    assert desk.site.https is not None
    assert desk.url == f"http://{HERE}:{desk.site.http[1]}"
    page = await aside(visit, desk.site.http, "/")
    assert page.code == 200
    secret = tmp_path / "private" / "session-secret"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600


async def test_a_model_approved_by_a_page_may_log_in_at_once_and_a_run_is_kept(desk: Desk) -> None:
    model = approved(desk)
    await aside(desk.house.register, pile_of(model))
    pile = simulated(desk, model)
    await until(lambda: desk.house.pile(CODE).tariff == "accepted")
    run_id = await aside(desk.house.start, model.id, pile_of(model), "01", ("reboot",), "测试员")
    assert await aside(desk.house.running) == {model.id}
    await until(lambda: not desk.house.running())
    await aside(desk.station.recorder.flush)
    await until(lambda: bool(results.attempts(desk.services.engine, model.id)))
    (attempt,) = results.attempts(desk.services.engine, model.id)
    assert (attempt.run_id, attempt.case, attempt.verdict) == (run_id, "reboot", Verdict.PASSED)
    assert (attempt.version, attempt.by, attempt.gun_no) == ("V1.0.0", "测试员", "01")
    pile.power_off()


async def test_an_upgrade_changes_the_program_version_of_the_model(desk: Desk) -> None:
    model = approved(desk)
    await aside(desk.house.register, pile_of(model))
    pile = simulated(desk, model)
    await until(lambda: desk.house.pile(CODE).tariff == "accepted")
    await aside(desk.house.start, model.id, pile_of(model), "01", ("upgrade",), "测试员")

    def prompt() -> int:
        run = desk.house.run(model.id)
        return 0 if run is None or run.prompt is None else run.prompt.id

    await until(lambda: prompt() > 0)
    assert await aside(desk.house.chose, model.id, prompt(), firmware_file(), "V2.0.1")
    await until(lambda: not desk.house.running())
    await aside(desk.station.recorder.flush)

    def version() -> str:
        found = models.model(desk.services.engine, model.id)
        assert found is not None
        return found.data.program_version

    await until(lambda: version() == "V2.0.1")
    pile.power_off()


async def test_several_models_are_tested_at_once(desk: Desk) -> None:
    first, second = approved(desk), another(desk)
    piles = []
    for model in (first, second):
        await aside(desk.house.register, pile_of(model))
        piles.append(simulated(desk, model))
    await until(lambda: all(desk.house.pile(model.pile_code).tariff == "accepted" for model in (first, second)))
    runs = {desk.house.start(model.id, pile_of(model), "01", ("reboot",), "测试员") for model in (first, second)}
    assert len(runs) == 2
    assert desk.house.running() == {first.id, second.id}
    await until(lambda: not desk.house.running())
    for model in (first, second):
        run = desk.house.run(model.id)
        assert run is not None
        assert run.cases[0].state == "passed"
    for pile in piles:
        pile.power_off()


async def test_a_run_is_stopped_before_the_desk_closes(running_reactor: None, tmp_path: Path) -> None:
    desk = open_desk(settings_in(tmp_path), speed=SPEED)
    model = approved(desk)
    desk.house.register(pile_of(model))
    pile = simulated(desk, model)
    await until(lambda: desk.house.pile(CODE).tariff == "accepted")
    desk.house.start(model.id, pile_of(model), "01", ("reboot",), "测试员")
    engine = desk.services.engine
    await desk.close(PATIENCE)
    (attempt,) = results.attempts(engine, model.id)
    assert attempt.verdict is Verdict.BROKEN
    assert attempt.sentence is not None
    assert "平台停止服务" in attempt.sentence[0]
    pile.power_off()


async def test_after_a_restart_approved_models_are_known_and_what_was_cut_off_is_broken(
    running_reactor: None, tmp_path: Path
) -> None:
    first = open_desk(settings_in(tmp_path), speed=SPEED)
    model = approved(first)
    first.house.register(pile_of(model))
    pile = simulated(first, model)
    await until(lambda: first.house.pile(CODE).tariff == "accepted")
    first.house.start(model.id, pile_of(model), "01", ("card",), "测试员")
    await until(lambda: (run := first.house.run(model.id)) is not None and run.prompt is not None)
    await first.close()
    pile.power_off()
    second = open_desk(settings_in(tmp_path), speed=SPEED)
    assert CODE in second.station.platform.piles
    assert second.house.run(model.id) is None
    (attempt,) = results.attempts(second.services.engine, model.id)
    assert (attempt.case, attempt.verdict) == ("card", Verdict.BROKEN)
    again = simulated(second, model)
    await until(lambda: second.house.pile(CODE).online)
    again.power_off()
    await second.close()


async def test_what_a_page_changes_is_told_to_the_streams(desk: Desk) -> None:
    heard: list[bytes] = []
    listening = desk.hub.subscribe(["model:7"], heard.append)
    await aside(desk.services.changed, 7, "state")
    await until(lambda: any(b"event: changed" in each for each in heard))
    listening.close()


async def test_whoever_a_page_dismisses_holds_no_stream_any_more(desk: Desk) -> None:
    class Guest:
        visitor, channels, here = "r:7:1:0af3", ("model:7",), True

        def end(self) -> None:
            self.here = False

        crowded_out = end

    guest, other = Guest(), Guest()
    other.visitor = "r:70:1:0af3"
    for each in (guest, other):
        desk.hub.guests.enter(each)
    await aside(desk.services.dismiss, "r:7")
    await until(lambda: not guest.here)
    assert other.here
    for each in (guest, other):
        desk.hub.guests.leave(each)


async def test_streams_never_take_all_the_files_that_may_be_open(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(opening, "open_files", lambda: 100)
    monkeypatch.setattr(serving, "open_files", lambda: 100)
    folder = tmp_path / "small"
    folder.mkdir()
    settings = settings_in(folder)
    small = open_desk(settings)
    serving._greet(small, settings)
    await small.close()
    assert small.hub.guests.most == 50
    assert "只能同时打开 100 个文件" in caplog.text
    assert desk.hub.guests.most > 50


async def test_the_frames_of_a_pile_registered_by_a_page_reach_those_who_watch(desk: Desk) -> None:
    model = approved(desk)
    await aside(desk.house.register, pile_of(model))
    desk.services.watch_frames(model.id, CODE)
    heard: list[bytes] = []
    listening = desk.hub.subscribe([f"frames:{model.id}"], heard.append)
    pile = simulated(desk, model)
    await until(lambda: any(b"event: frames" in each for each in heard))
    listening.close()
    pile.power_off()


async def test_a_pile_forgotten_and_registered_again_goes_on_with_its_journal(
    running_reactor: None, tmp_path: Path
) -> None:
    troubles: list[Exception] = []
    desk = open_desk(settings_in(tmp_path), speed=SPEED, on_trouble=troubles.append)
    model = approved(desk)
    desk.house.register(pile_of(model))
    first = simulated(desk, model)
    await until(lambda: desk.house.pile(CODE).online)
    desk.house.forget(CODE)
    assert not desk.house.pile(CODE).online
    first.power_off()
    desk.house.register(pile_of(model))
    again = simulated(desk, model)
    await until(lambda: desk.house.pile(CODE).online)
    again.power_off()
    engine = desk.services.engine
    await desk.close()
    assert troubles == []
    kept = queries.records(engine, f"{desk.station.owner.process}/{CODE}")
    links = [each.event.what for each in kept if isinstance(each, EventSeen) and isinstance(each.event, LinkChanged)]
    assert links == ["login", "lost", "login", "lost"]


async def test_a_port_that_is_taken_is_told_and_everything_given_back(desk: Desk, tmp_path: Path) -> None:
    assert desk.site.http is not None
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(PersonError, match="web_port"):
        open_desk(settings_in(other, web_port=desk.site.http[1]))


async def test_old_files_of_deleted_models_are_swept_away(desk: Desk, tmp_path: Path) -> None:
    engine = desk.services.engine
    model = approved(desk)
    long_ago = datetime.fromisoformat("2020-01-01T00:00:00+00:00")
    path = tmp_path / "uploads" / "pictures" / "abcdef"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"picture")
    upload = Upload(
        id="abcdef", model_id=model.id, run_id="", kind="picture", name="a.png", size=7, sha256="", version="",
        at=long_ago, by="测试员",
    )  # fmt: skip
    uploads.keep_upload(engine, upload)
    sweeping = Sweeping(settings_in(tmp_path), engine, desk.services.clock, reactor)
    sweeping.stop()
    sweeping.sweep()
    assert path.exists()
    models.delete(engine, model.id, Actor(kind="registrant", id=1, name="测试员"), desk.services.clock.wall())
    sweeping.sweep()
    assert not path.exists()
