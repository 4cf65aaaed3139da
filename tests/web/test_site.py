"""The desk on real ports: what is native, what goes to Flask, and what is refused before it is read."""

import gzip
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Any

import msgspec
import pytest
from flask.testing import FlaskClient
from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThread

from harness.core.errors import PersonError
from harness.links.reactor import loop, reactor
from harness.store.desk import accounts
from harness.store.desk.values import Model, Registrant
from tests.helpers.visits import Listener, Seen, first_answer, spoken, visit
from tests.web.conftest import Desk
from web.access import account_of
from web.site import DeskSite, Door, open_site
from web.site.certificates import Pem, made_certificate
from web.site.events import LIFE, LOOK_EVERY, MOST_CHANNELS
from web.streams import Event, Hub

HERE = "127.0.0.1"
HTTP, HTTPS = Door(HERE, 0, "web_port"), Door(HERE, 0, "tls_port")
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def hub(desk: Desk) -> Hub:
    return Hub(desk.clock)


@pytest.fixture
def site(running_reactor: None, desk: Desk, hub: Hub) -> Iterator[DeskSite]:
    opened = open_site(reactor, desk.app, hub, HTTP)
    yield opened
    finish(opened.close())
    assert desk.clock.pending() == 0


def finish(something: Deferred[Any]) -> Any:
    return loop.run_until_complete(something.asFuture(loop))


@pytest.fixture
def where(site: DeskSite) -> tuple[str, int]:
    assert site.http is not None
    return site.http


@pytest.fixture
def cookie(registrant: FlaskClient) -> str:
    """The session cookie of the registrant whose model is there."""
    return cookie_of(registrant)


def cookie_of(client: FlaskClient) -> str:
    found = client.get_cookie("session")
    assert found is not None
    return found.value


def aside(call: Callable[..., Any], *args: Any, **named: Any) -> Deferred[Any]:
    """A blocking call on a thread, while the reactor serves it."""
    return deferToThread(call, *args, **named)


async def listening(where: tuple[str, int], on: str, *args: Any, **named: Any) -> AsyncIterator[Listener]:
    """A stream that is left in the end."""
    listener = await aside(Listener, where, on, *args, **named)
    try:
        yield listener
    finally:
        listener.close()


async def test_flask_answers_what_is_not_native(where: tuple[str, int]) -> None:
    page = await aside(visit, where, "/help")
    assert page.code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    missing = await aside(visit, where, "/no/such/page")
    assert missing.code == 404
    assert "text/html" in missing.headers["content-type"]


@pytest.mark.parametrize("path", ["/help", "/static/desk.css", "/static/missing.css", "/events?on=model:1", "/none"])
async def test_every_answer_has_safe_headers(where: tuple[str, int], path: str) -> None:
    answer = await aside(visit, where, path)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]


async def test_a_page_comes_compressed_to_those_who_can_read_it(where: tuple[str, int]) -> None:
    plain = await aside(visit, where, "/help")
    packed = await aside(visit, where, "/help", accept_encoding="gzip")
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body).endswith(b"</html>")
    assert plain.body.endswith(b"</html>")


async def test_a_static_file_is_kept_for_ever_under_its_version(where: tuple[str, int]) -> None:
    file = Path("web/static/desk.css").read_bytes()
    plain = await aside(visit, where, "/static/desk.css")
    packed = await aside(visit, where, "/static/desk.css?v=1", accept_encoding="gzip")
    assert (plain.body, plain.headers["cache-control"]) == (file, "no-cache")
    assert gzip.decompress(packed.body) == file
    assert "immutable" in packed.headers["cache-control"]
    again = await aside(visit, where, "/static/desk.css", if_none_match=plain.headers["etag"])
    assert (again.code, again.body) == (304, b"")


@pytest.mark.parametrize("path", ["", "/", "/vendor", "/../services.py", "/%2e%2e/services.py", "/..%2fservices.py"])
async def test_nothing_but_static_files_is_given_away(where: tuple[str, int], path: str) -> None:
    answer = await aside(visit, where, f"/static{path}")
    assert (answer.code, answer.body) == (404, b"")


async def test_a_chunked_body_reaches_the_form(where: tuple[str, int]) -> None:
    plain = await aside(visit, where, "/language", "POST", b"to=en&back=/help", content_type=FORM)
    chunked = await aside(visit, where, "/language", "POST", iter([b"to=en&", b"back=/help"]), content_type=FORM)
    assert (plain.code, plain.headers["location"]) == (302, "/help")
    assert (chunked.code, chunked.headers["location"]) == (302, "/help")


@pytest.mark.parametrize(
    ("lang", "script", "said"),
    [
        ("zh", "", "文件太大，最多 64 MB。"),
        ("en", "", "The file is too large: at most 64 MB."),
        ("en", "X-Requested-With: desk\r\n", '{"error": "The file is too large: at most 64 MB."}'),
    ],
)
async def test_a_body_that_says_it_is_too_long_is_refused_before_it_is_sent(
    desk: Desk, where: tuple[str, int], lang: str, script: str, said: str
) -> None:
    length = desk.services.settings.most_firmware + 2**21
    cookie = cookie_of(desk.client(lang=lang))
    head = f"POST /language HTTP/1.1\r\nHost: x\r\nCookie: session={cookie}\r\nContent-Length: {length}\r\n"
    got = await aside(first_answer, where, f"{head}{script}Expect: 100-continue\r\n\r\n".encode())
    assert got.startswith(b"HTTP/1.1 413 ")
    assert got.decode().endswith(f"\r\n\r\n{said}")


async def test_a_chunked_body_is_refused_once_it_is_too_long_and_its_rest_is_swallowed(
    running_reactor: None, desk: Desk, hub: Hub
) -> None:
    small = msgspec.structs.replace(desk.services.settings, most_firmware=2**16)
    desk.app.extensions["desk"] = msgspec.structs.replace(desk.services, settings=small)
    site = open_site(reactor, desk.app, hub, HTTP)
    chunk = b"8000\r\n" + bytes(0x8000) + b"\r\n"
    head = b"POST /language HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    try:
        got = await aside(spoken, site.http, head + chunk * 100 + b"0\r\n\r\n")
    finally:
        await site.close()
    assert got.startswith(b"HTTP/1.1 413 ")
    assert got.count(b"HTTP/1.1") == 1


async def test_a_stream_is_for_those_who_signed_in(where: tuple[str, int], model: Model, cookie: str) -> None:
    for wrong in ("", "rubbish", f"{cookie[:-3]}{'B' if cookie[-3] == 'A' else 'A'}{cookie[-2:]}"):
        answer = await aside(visit, where, f"/events?on=model:{model.id}", cookie=f"session={wrong}")
        assert (answer.code, answer.body) == (401, b"")


async def test_a_stream_of_anothers_model_is_not_there(
    where: tuple[str, int], model: Model, cookie: str, other: FlaskClient
) -> None:
    for on, whose in (
        (f"model:{model.id}", cookie_of(other)),
        (f"model:{model.id},frames:{model.id + 1}", cookie),
        ("model:x", cookie),
        ("", cookie),
        (",".join([f"model:{model.id}"] * (MOST_CHANNELS + 1)), cookie),
    ):
        answer = await aside(visit, where, f"/events?on={on}", cookie=f"session={whose}")
        assert (answer.code, answer.body) == (404, b"")


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("HEAD", "/events?on=model:1", 405),
        ("POST", "/events?on=model:1", 405),
        ("HEAD", "/static/desk.css", 200),
        ("POST", "/static/desk.css", 405),
        ("DELETE", "/static/desk.css", 405),
    ],
)
async def test_what_is_native_is_read_and_nothing_else(
    where: tuple[str, int], cookie: str, method: str, path: str, code: int
) -> None:
    answer = await aside(visit, where, path, method, cookie=f"session={cookie}")
    assert (answer.code, answer.body) == (code, b"")


async def test_a_session_that_has_ended_listens_no_more(
    desk: Desk, where: tuple[str, int], model: Model, cookie: str
) -> None:
    desk.clock.advance(13 * 3600)
    answer = await aside(visit, where, f"/events?on=model:{model.id}", cookie=f"session={cookie}")
    assert answer.code == 401


async def test_a_stream_ends_at_once_when_its_account_is_dismissed(
    desk: Desk, hub: Hub, where: tuple[str, int], model: Model, owner: Registrant, cookie: str, reviewer: FlaskClient
) -> None:
    channel = f"frames:{model.id}"
    async for other in listening(where, channel, cookie_of(reviewer)):
        async for page in listening(where, channel, cookie):
            hub.guests.dismiss(account_of(owner))
            assert await aside(list, page.events()) == []
        assert len(hub.guests) == hub.listeners(channel) == 1
        hub.publish(channel, "frames", "[1]")
        assert [seen.data for seen in await aside(other.next)] == ["[1]"]


async def test_a_stream_ends_soon_when_its_session_does_and_nobody_here_was_told(
    desk: Desk, where: tuple[str, int], model: Model, owner: Registrant, cookie: str, reviewer: FlaskClient
) -> None:
    channel = f"frames:{model.id}"
    async for other in listening(where, channel, cookie_of(reviewer)):
        async for page in listening(where, channel, cookie):
            accounts.new_code(desk.engine, owner.id, "#", desk.actor(owner), desk.clock.wall())
            desk.clock.advance(LOOK_EVERY)
            assert {event.name for event in await aside(list, page.events())} <= {"ping"}
        assert [seen.name for seen in await aside(other.next)] == ["ping"]


async def test_of_too_many_streams_of_an_account_the_oldest_ends_and_its_page_is_told(
    hub: Hub, where: tuple[str, int], model: Model, cookie: str, reviewer: FlaskClient
) -> None:
    hub.guests.most_each = 2
    channel = f"model:{model.id}"
    async for someone in listening(where, channel, cookie_of(reviewer)):
        async for first in listening(where, channel, cookie):
            async for _ in listening(where, channel, cookie):
                async for _ in listening(where, channel, cookie):
                    assert [event.name for event in await aside(list, first.events())] == ["crowded"]
                    assert hub.listeners(channel) == 3
        hub.publish(channel, "changed", "7")
        assert [seen.data for seen in await aside(someone.next)] == ["7"]


async def test_of_too_many_streams_of_all_the_newest_is_told_to_ask_by_itself(
    hub: Hub, where: tuple[str, int], model: Model, cookie: str, reviewer: FlaskClient
) -> None:
    hub.guests.most = 1
    channel = f"model:{model.id}"
    async for _ in listening(where, channel, cookie):
        async for late in listening(where, channel, cookie_of(reviewer)):
            assert (late.code, [event.name for event in await aside(list, late.events())]) == (200, ["crowded"])
        assert hub.listeners(channel) == 1


async def test_of_too_many_connections_the_newest_are_cut(
    running_reactor: None, desk: Desk, hub: Hub, model: Model, cookie: str
) -> None:
    site = open_site(reactor, desk.app, hub, HTTP, room=1)
    assert site.http is not None
    try:
        async for _ in listening(site.http, f"model:{model.id}", cookie):
            with pytest.raises((OSError, HTTPException)):
                await aside(visit, site.http, "/help")
    finally:
        await site.close()


async def test_a_page_hears_what_happens_on_its_channels(
    hub: Hub, where: tuple[str, int], model: Model, cookie: str
) -> None:
    channel = f"model:{model.id}"
    async for page in listening(where, f"{channel},frames:{model.id}", cookie):
        assert page.code == 200
        assert page.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert (page.headers["cache-control"], page.headers["x-accel-buffering"]) == ("no-store", "no")
        hub.publish(channel, "changed", "7")
        hub.publish(f"frames:{model.id}", "frames", "[1]", id="3")
        seen = await aside(page.next, 2)
        assert seen == [Seen("changed", "7", ""), Seen("frames", "[1]", f"frames:{model.id}=3")]


async def test_a_page_that_comes_back_gets_what_it_missed(
    hub: Hub, where: tuple[str, int], model: Model, cookie: str
) -> None:
    channel = f"frames:{model.id}"
    asked = []

    def replay(name: str, last_id: str) -> list[Event]:
        asked.append((name, last_id))
        return [Event("frames", "[4]", "4"), Event("frames", "[5]", "5")]

    hub.set_replay("frames", replay)
    async for page in listening(where, channel, cookie, last_id=f"{channel}=3"):
        seen = await aside(page.next, 2)
        assert [(event.data, event.id) for event in seen] == [("[4]", f"{channel}=4"), ("[5]", f"{channel}=5")]
    async for page in listening(where, f"{channel}&last={channel}%3D3", cookie):
        await aside(page.next, 2)
    assert asked == [(channel, "3"), (channel, "3")]


async def test_who_goes_away_is_forgotten(hub: Hub, where: tuple[str, int], model: Model, cookie: str) -> None:
    channel = f"model:{model.id}"
    async for _ in listening(where, channel, cookie):
        assert hub.listeners(channel) == 1
    while hub.listeners(channel):
        await aside(lambda: None)


def number_of(event: Seen) -> int:
    return int(event.id.partition("=")[2])


def until_the_last(page: Listener) -> list[Seen]:
    seen = []
    for event in page.events():
        seen.append(event)
        if event.data == "last":
            break
    return seen


async def test_a_phone_that_reads_too_slowly_costs_no_memory_and_is_told_of_what_it_did_not_get(
    hub: Hub, where: tuple[str, int], model: Model, cookie: str
) -> None:
    channel = f"frames:{model.id}"
    many = 1500
    async for page in listening(where, channel, cookie, buffer=4096):
        for number in range(many):
            hub.publish(channel, "frames", "x" * 8000, id=str(number))
            if number % 4 == 0:
                await aside(lambda: None)  # the line gets its turn
        reading = aside(until_the_last, page)
        while not reading.called:
            hub.publish(channel, "frames", "last", id=str(many))
            await aside(lambda: None)
        seen = await reading
        assert len(seen) < many
        assert seen[-1].data == "last"
        for event, before in zip(seen[1:], seen, strict=False):
            if event.name == before.name == "frames":
                assert number_of(event) == number_of(before) + 1
        assert Seen("gap", channel, "") in seen


async def test_a_stream_ends_after_ten_minutes_so_that_its_session_is_looked_at_again(
    desk: Desk, where: tuple[str, int], model: Model, cookie: str
) -> None:
    async for page in listening(where, f"model:{model.id}", cookie):
        desk.clock.advance(LIFE)
        assert {event.name for event in await aside(list, page.events())} == {"ping"}


def test_closing_the_site_ends_its_streams_and_frees_its_port(
    running_reactor: None, desk: Desk, hub: Hub, model: Model, cookie: str
) -> None:
    site = open_site(reactor, desk.app, hub, HTTP)
    assert site.http is not None
    page = finish(aside(Listener, site.http, f"model:{model.id}", cookie))
    finish(site.close())
    assert finish(aside(list, page.events())) == []
    page.close()
    assert desk.clock.pending() == 0
    with pytest.raises(ConnectionRefusedError):
        finish(aside(visit, site.http, "/help"))


def test_a_port_that_is_taken_is_one_sentence_with_its_setting(desk: Desk, hub: Hub, where: tuple[str, int]) -> None:
    with pytest.raises(PersonError, match="web_port") as told:
        open_site(reactor, desk.app, hub, Door(HERE, where[1], "web_port"))
    assert f"{HERE}:{where[1]}" in told.value.text
    assert "网页端口" in told.value.text_zh
    with pytest.raises(PersonError, match="tls_port"):
        open_site(reactor, desk.app, hub, HTTP, Door(HERE, where[1], "tls_port"), a_certificate(desk))


def private(desk: Desk) -> Path:
    return desk.services.settings.pictures.parent / "private"


def a_certificate(desk: Desk) -> Pem:
    return made_certificate(private(desk), [HERE], desk.clock.wall())


def test_the_same_pages_come_over_tls_and_their_cookies_stay_there(running_reactor: None, desk: Desk, hub: Hub) -> None:
    site = open_site(reactor, desk.app, hub, HTTP, HTTPS, a_certificate(desk))
    trusting = ssl.create_default_context(
        cafile=str(desk.services.settings.pictures.parent / "private/desk-certificate.pem")
    )
    assert site.https is not None
    assert site.http is not None
    try:
        page = finish(aside(visit, site.https, "/help", tls=trusting))
        assert page.code == 200
        switch = ("/language", "POST", b"to=en&back=/help")
        secure = finish(aside(visit, site.https, *switch, tls=trusting, content_type=FORM))
        plain = finish(aside(visit, site.http, *switch, content_type=FORM))
    finally:
        finish(site.close())
    assert "; Secure" in secure.headers["set-cookie"]
    assert "; Secure" not in plain.headers["set-cookie"]
    for cookie in (secure.headers["set-cookie"], plain.headers["set-cookie"]):
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie


def test_over_tls_the_session_of_tls_counts_beside_one_without(
    running_reactor: None, desk: Desk, hub: Hub, cookie: str, other: FlaskClient
) -> None:
    site = open_site(reactor, desk.app, hub, HTTP, HTTPS, a_certificate(desk))
    trusting = ssl.create_default_context(cafile=str(private(desk) / "desk-certificate.pem"))
    both = f"session={cookie}; __Host-session="
    codes = []
    try:
        for sent in (
            "__Host-session=rubbish",
            f"__Host-session={cookie}",
            f"{both}{cookie_of(other)}",
            f"{both}rubbish",
        ):
            answer = finish(aside(visit, site.https, "/events?on=model:99", tls=trusting, cookie=sent))
            codes.append(answer.code)
    finally:
        finish(site.close())
    assert codes == [401, 404, 404, 401]


@pytest.mark.parametrize(("named", "secure"), [(HERE, True), ("192.0.2.1", False)])
def test_forwarded_headers_count_from_a_named_proxy_alone(
    running_reactor: None, desk: Desk, hub: Hub, named: str, secure: bool
) -> None:
    site = open_site(reactor, desk.app, hub, HTTP, proxies=frozenset({named}))
    try:
        answer = finish(
            aside(visit, site.http, "/language", "POST", b"to=en&back=/", content_type=FORM, x_forwarded_proto="https")
        )
    finally:
        finish(site.close())
    assert ("; Secure" in answer.headers["set-cookie"]) is secure
