"""The hub: who hears what, what is caught up on, and how a slow page is told. In pretend time."""

from collections.abc import Sequence

import pytest

from harness.core.clock import ManualClock
from web.streams import PING, PING_EVERY, Event, Hub, Subscription, read_positions


class Page:
    """A page as its browser reads it: names, data and the last id."""

    def __init__(self, hub: Hub, *channels: str, last_ids: dict[str, str] | None = None) -> None:
        self.raw: list[bytes] = []
        self.stream: Subscription = hub.subscribe(channels, self.raw.append, last_ids)

    @property
    def events(self) -> list[tuple[str, str, str]]:
        """Event, data and id, as the specification of server-sent events reads them."""
        found = []
        for block in b"".join(self.raw).decode().split("\n\n"):
            lines = [line.partition(": ") for line in block.split("\n")]
            fields = {name: "\n".join(value for key, _, value in lines if key == name) for name, _, _ in lines}
            if "event" in fields:
                found.append((fields["event"], fields.get("data", ""), fields.get("id", "")))
        return found

    @property
    def last_id(self) -> str:
        return [id for _, _, id in self.events if id][-1]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def hub(clock: ManualClock) -> Hub:
    return Hub(clock)


def kept(*events: Event) -> dict[str, Sequence[Event]]:
    return {event.id: events[at + 1 :] for at, event in enumerate(events)}


def test_an_event_reaches_those_who_listen_and_nobody_else(hub: Hub) -> None:
    ours, theirs = Page(hub, "model:1", "frames:1"), Page(hub, "model:2")
    hub.publish("model:1", "changed", "7")
    hub.publish("frames:1", "frames", "[]")
    assert ours.events == [("changed", "7", ""), ("frames", "[]", "")]
    assert theirs.events == []


def test_it_is_known_how_many_listen(hub: Hub) -> None:
    one, two = Page(hub, "model:1"), Page(hub, "model:1", "frames:1")
    assert (hub.listeners("model:1"), hub.listeners("frames:1"), hub.listeners("model:9")) == (2, 1, 0)
    one.stream.close()
    two.stream.close()
    two.stream.close()
    assert (hub.listeners("model:1"), hub.listeners("frames:1")) == (0, 0)


def test_who_has_left_hears_nothing_and_leaves_no_timer(hub: Hub, clock: ManualClock) -> None:
    page = Page(hub, "model:1")
    page.stream.close()
    hub.publish("model:1", "changed", "7")
    clock.advance(60)
    assert page.events == []
    assert not clock.pending()


def test_an_event_is_encoded_once_for_all(hub: Hub) -> None:
    pages = [Page(hub, "frames:1") for _ in range(3)]
    hub.publish("frames:1", "frames", "[1]", id="4")
    hub.publish("frames:1", "frames", "[2]")
    assert len({id(page.raw[-2]) for page in pages}) == 1
    assert len({id(page.raw[-1]) for page in pages}) == 1


def test_the_id_tells_where_a_page_stands_on_all_its_channels(hub: Hub) -> None:
    page = Page(hub, "frames:1", "model:1")
    hub.publish("frames:1", "frames", "[1]", id="4")
    assert page.last_id == "frames:1=4"
    hub.publish("model:1", "changed", "x", id="9")
    hub.publish("frames:1", "frames", "[2]", id="5")
    assert read_positions(page.last_id) == {"frames:1": "5", "model:1": "9"}


def test_a_page_that_comes_back_gets_what_it_missed_first(hub: Hub) -> None:
    after = kept(*(Event("frames", f"[{number}]", str(number)) for number in range(1, 5)))
    hub.set_replay("frames", lambda channel, last_id: after[last_id] if channel == "frames:1" else None)
    page = Page(hub, "frames:1", last_ids={"frames:1": "2"})
    hub.publish("frames:1", "frames", "[5]", id="5")
    assert [data for _, data, _ in page.events] == ["[3]", "[4]", "[5]"]
    assert page.last_id == "frames:1=5"


def test_a_position_on_a_channel_that_is_not_listened_to_counts_for_nothing(hub: Hub) -> None:
    page = Page(hub, "frames:1", last_ids={"frames:2": "2"})
    assert page.events == []


def test_what_nobody_knows_any_more_is_a_gap(hub: Hub) -> None:
    hub.set_replay("frames", lambda channel, last_id: None)
    page = Page(hub, "frames:1", "model:1", last_ids={"frames:1": "2", "model:1": "1"})
    assert page.events == [("gap", "frames:1", ""), ("gap", "model:1", "")]


def test_a_slow_page_hears_of_a_gap_once_it_can_take_more(hub: Hub) -> None:
    page = Page(hub, "frames:1", "model:1")
    page.stream.pause()
    for number in range(100):
        hub.publish("frames:1", "frames", "x", id=str(number))
    assert page.events == []
    page.stream.resume()
    hub.publish("frames:1", "frames", "y", id="100")
    assert page.events == [("gap", "frames:1", ""), ("frames", "y", "frames:1=100")]


def test_a_pause_in_which_nothing_happened_is_no_gap(hub: Hub) -> None:
    page = Page(hub, "frames:1")
    page.stream.pause()
    page.stream.resume()
    assert page.events == []


def test_a_ping_comes_every_15_s_but_not_to_a_full_line(hub: Hub, clock: ManualClock) -> None:
    page = Page(hub, "model:1")
    clock.advance(3 * PING_EVERY)
    assert page.raw.count(PING) == 3
    page.stream.pause()
    clock.advance(PING_EVERY)
    page.stream.resume()
    clock.advance(PING_EVERY)
    assert page.raw.count(PING) == 4


@pytest.mark.parametrize("data", ["a\nevent: evil\n\nb", "a\r\nevent: evil", "a\revent: evil"])
def test_data_with_line_ends_stays_data(hub: Hub, data: str) -> None:
    page = Page(hub, "model:1")
    hub.publish("model:1", "changed", data)
    assert [name for name, _, _ in page.events] == ["changed"]
    assert page.events[0][1] == data.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize("id", ["1 2", "1=2", "1,2", "1\n2"])
def test_an_id_that_could_be_read_as_something_else_is_refused(hub: Hub, id: str) -> None:
    Page(hub, "model:1")
    with pytest.raises(ValueError, match="id may not hold"):
        hub.publish("model:1", "changed", "", id=id)


@pytest.mark.parametrize(
    ("text", "positions"),
    [("", {}), ("frames:1=3", {"frames:1": "3"}), ("x,=,a=,=b,model:1=2", {"model:1": "2"}), ("a=b=c", {"a": "b=c"})],
)
def test_what_a_browser_brings_back_is_read_with_patience(text: str, positions: dict[str, str]) -> None:
    assert read_positions(text) == positions
