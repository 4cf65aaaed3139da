"""New states are posted once each, tried again when that fails, and never hold up a decision."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import msgspec
import pytest
from sqlalchemy import Engine, text
from twisted.internet.defer import Deferred, maybeDeferred

from harness.app.desk.webhook import AGAIN, Webhook, posted
from harness.core.clock import ManualClock
from harness.settings import Settings
from harness.store.database import open_store
from harness.store.desk import models
from harness.store.desk.values import Actor, Model
from tests.store.desk.people import DATA, enter_registrant

URL = "https://hook.example/send?key=topsecret"
REVIEWER = Actor(kind="reviewer", id=1, name="reviewer-01")
DONE = b'{"errcode": 0, "errmsg": "ok"}'


class Place:
    """Where it is posted: keeps what came, and answers or fails as a test wants it."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.answers: list[bytes | OSError] = []

    def __call__(self, url: str, told: bytes) -> bytes:
        assert url == URL
        self.got.append(msgspec.json.decode(told))
        answer = self.answers.pop(0) if self.answers else DONE
        if isinstance(answer, OSError):
            raise answer
        return answer


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_store(f"sqlite:///{tmp_path}/desk.sqlite")
    yield engine
    engine.dispose()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def place() -> Place:
    return Place()


@pytest.fixture
def model(engine: Engine, clock: ManualClock) -> Model:
    owner = enter_registrant(engine)
    return models.add_model(engine, owner.id, DATA, owner, clock.wall())


def hook(engine: Engine, clock: ManualClock, place: Place, kind: str = "json", url: str = URL) -> Webhook:
    def now(call: Callable[..., Any], *args: Any) -> None:
        call(*args)

    def defer(call: Callable[[], None]) -> Deferred[None]:
        return maybeDeferred(call)

    settings = Settings.model_validate({"webhook_url": url, "webhook_kind": kind})
    return Webhook(settings, engine, clock, lambda: "http://192.0.2.10:8080", defer, now, place)


def test_each_new_state_is_posted_once(engine: Engine, clock: ManualClock, place: Place, model: Model) -> None:
    webhook = hook(engine, clock, place)
    webhook.changed(model.id)
    webhook.changed(model.id)
    models.approve(engine, model.id, "32010600777001", REVIEWER, clock.wall())
    webhook.changed(model.id)
    models.set_numbers(engine, model.id, REVIEWER, clock.wall(), card_no="11")
    webhook.changed(model.id)
    assert [each["state"] for each in place.got] == ["registered", "testing"]
    assert place.got[1]["url"] == f"http://192.0.2.10:8080/review/models/{model.id}"
    webhook.changed(999)
    assert clock.pending() == 0


def test_two_new_states_between_two_looks_are_both_told_in_their_order(
    engine: Engine, clock: ManualClock, place: Place, model: Model
) -> None:
    webhook = hook(engine, clock, place)
    models.approve(engine, model.id, "32010600777001", REVIEWER, clock.wall())
    models.set_numbers(engine, model.id, REVIEWER, clock.wall(), card_no="11")
    webhook.changed(model.id)
    webhook.changed(model.id)
    assert [(each["action"], each["state"]) for each in place.got] == [("add", "registered"), ("approve", "testing")]


def test_a_database_that_cannot_be_read_hurts_nobody_and_the_news_comes_later(
    engine: Engine, clock: ManualClock, place: Place, model: Model, caplog: pytest.LogCaptureFixture
) -> None:
    webhook = hook(engine, clock, place)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE audit RENAME TO elsewhere"))
    webhook.changed(model.id)
    assert "no such table: audit" in caplog.text
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO audit"))
    clock.advance(AGAIN[0])
    assert [each["state"] for each in place.got] == ["registered"]


def test_what_was_done_before_the_start_is_no_news(
    engine: Engine, clock: ManualClock, place: Place, model: Model
) -> None:
    clock.advance(1.0)
    hook(engine, clock, place).changed(model.id)
    assert place.got == []


def test_without_an_address_nothing_is_posted(engine: Engine, clock: ManualClock, place: Place, model: Model) -> None:
    hook(engine, clock, place, url="").changed(model.id)
    assert place.got == []


def test_a_post_that_fails_is_tried_twice_again_with_the_same_words_and_then_given_up(
    engine: Engine, clock: ManualClock, place: Place, model: Model, caplog: pytest.LogCaptureFixture
) -> None:
    place.answers = [OSError("no route"), OSError("no route"), OSError("no route")]
    with caplog.at_level(logging.WARNING):
        hook(engine, clock, place).changed(model.id)
        for number, pause in enumerate(AGAIN, 1):
            clock.advance(pause - 0.1)
            assert len(place.got) == number
            clock.advance(0.1)
            assert len(place.got) == number + 1
    assert place.got[0] == place.got[1] == place.got[2]
    assert clock.pending() == 0
    assert [record.getMessage() for record in caplog.records] == [
        f"webhook: no route; tries left: {left}" for left in (2, 1, 0)
    ]
    assert "topsecret" not in caplog.text


def test_a_try_that_works_is_the_last(engine: Engine, clock: ManualClock, place: Place, model: Model) -> None:
    place.answers = [OSError("no route"), DONE]
    hook(engine, clock, place).changed(model.id)
    clock.advance(sum(AGAIN))
    assert len(place.got) == 2
    assert clock.pending() == 0


@pytest.mark.parametrize(("kind", "tries"), [("wecom", 2), ("dingtalk", 2), ("json", 1)])
def test_a_refusal_in_the_answer_of_wecom_and_dingtalk_counts_as_failed(
    engine: Engine, clock: ManualClock, place: Place, model: Model, kind: str, tries: int
) -> None:
    place.answers = [b'{"errcode": 93000, "errmsg": "invalid webhook url"}', DONE]
    hook(engine, clock, place, kind).changed(model.id)
    clock.advance(sum(AGAIN))
    assert len(place.got) == tries


def test_stopping_calls_off_what_was_to_be_tried_again(
    engine: Engine, clock: ManualClock, place: Place, model: Model
) -> None:
    place.answers = [OSError("no route")]
    webhook = hook(engine, clock, place)
    webhook.changed(model.id)
    webhook.stop()
    assert clock.pending() == 0
    clock.advance(sum(AGAIN))
    assert len(place.got) == 1


@pytest.fixture
def server() -> Iterator[tuple[str, list[bytes]]]:
    """A real server on a port of its own; it refuses at /no."""
    got: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(500 if self.path == "/no" else 200)
            self.send_header("Content-Length", str(len(DONE)))
            self.end_headers()
            self.wfile.write(DONE)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", got
        server.shutdown()
        thread.join()


def test_a_post_goes_over_the_wire_as_json_and_a_bad_answer_is_an_oserror(server: tuple[str, list[bytes]]) -> None:
    url, got = server
    assert json.loads(posted(f"{url}/yes", b'{"a": 1}'))["errcode"] == 0
    assert got == [b'{"a": 1}']
    with pytest.raises(OSError, match="500") as error:
        posted(f"{url}/no", b"{}")
    error.value.close()  # type: ignore[attr-defined] # the answer hangs on it
