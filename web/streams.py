"""What happens goes to the pages that are open: channels, who listens, and what a page missed while it was away.

A page holds one stream and listens to a few channels on it ("model:12", "frames:12"). Everything here happens in one
thread, the reactor's; whoever is on another thread crosses over before calling `publish`. Nothing is kept here: what
was missed comes from whoever publishes (`set_replay`), who has it anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from harness.core.clock import Clock, Timer
from web.guests import Guests

PING_EVERY = 15.0  # s; a phone that went away without a word is noticed by writing to it
RETRY_MS = 1000  # how long a browser waits before it comes back
PING = b"event: ping\ndata:\n\n"  # an event and no comment, so that the page can see that the line is alive
RESERVED = frozenset("=,\r\n\0 ")  # what an id may not hold: positions are written "frames:12=7,model:12=3"

Send = Callable[[bytes], None]


class Event(msgspec.Struct, frozen=True):
    """One event of a channel; `id` says where it stands there, "" for what need not be replayed."""

    name: str
    data: str
    id: str = ""


# From a channel and the last id that a page has: the events after it, or None when that is not known any more.
# Called in the reactor thread, so it answers from memory.
Replay = Callable[[str, str], Sequence[Event] | None]


class Hub:
    """Carries events from those who publish to all who listen; each event is encoded once."""

    def __init__(self, clock: Clock, guests: Guests | None = None) -> None:
        self.clock = clock
        self.guests = Guests() if guests is None else guests
        self._listening: dict[str, dict[Subscription, None]] = {}
        self._replays: dict[str, Replay] = {}

    def set_replay(self, prefix: str, replay: Replay) -> None:
        """Where what was missed on channels "prefix:..." comes from; without it a page is told of a gap."""
        self._replays[prefix] = replay

    def publish(self, channel: str, event: str, data: str, id: str = "") -> None:
        """Tell everybody who listens; `id` grows by the publisher's own rule and has none of "=", "," or space."""
        listeners = self._listening.get(channel)
        if not listeners:
            return
        body = encoded(event, data)
        whole = body + id_line({channel: id}) + b"\n" if id else body + b"\n"
        for subscription in tuple(listeners):
            subscription.hear(channel, id, body, whole)

    def subscribe(self, channels: Iterable[str], send: Send, last_ids: Mapping[str, str] | None = None) -> Subscription:
        """Listen from now on; first comes what was missed after `last_ids`, by channel."""
        subscription = Subscription(self, dict.fromkeys(channels), send)
        for channel in subscription.channels:
            self._listening.setdefault(channel, {})[subscription] = None
        subscription.begin({name: id for name, id in (last_ids or {}).items() if name in subscription.channels})
        return subscription

    def listeners(self, channel: str) -> int:
        """How many listen: with none, nothing needs to be made ready for them."""
        return len(self._listening.get(channel, ()))

    def missed(self, channel: str, last_id: str) -> Sequence[Event] | None:
        """What came after an id; None when nobody knows."""
        replay = self._replays.get(channel.partition(":")[0])
        return replay(channel, last_id) if replay is not None else None

    def leave(self, subscription: Subscription) -> None:
        """Somebody listens no more."""
        for channel in subscription.channels:
            listeners = self._listening.get(channel, {})
            listeners.pop(subscription, None)
            if not listeners:
                self._listening.pop(channel, None)


class Subscription:
    """One open page. While it is paused nothing is sent; afterwards it is told what to fetch anew."""

    def __init__(self, hub: Hub, channels: Mapping[str, None], send: Send) -> None:
        self.channels = channels
        self._hub = hub
        self._send = send
        self._positions: dict[str, str] = {}
        self._behind: dict[str, None] = {}
        self._paused = False
        self._timer: Timer | None = None

    def begin(self, last_ids: Mapping[str, str]) -> None:
        """What the page missed, and a first ping to come."""
        self._send(f"retry: {RETRY_MS}\n\n".encode())
        self._positions.update(last_ids)
        for channel, last_id in last_ids.items():
            missed = self._hub.missed(channel, last_id)
            if missed is None:
                self._gap(channel)
            for event in missed or ():
                self.hear(channel, event.id, encoded(event.name, event.data), b"")
        self._arm()

    def hear(self, channel: str, id: str, body: bytes, whole: bytes) -> None:
        """An event; `whole` is what it looks like to a page that has a position on this channel alone."""
        if self._paused:
            self._behind[channel] = None
            return
        if id:
            self._positions[channel] = id
            if not whole or len(self._positions) > 1:
                whole = body + id_line(self._positions) + b"\n"
        self._send(whole or body + b"\n")

    def pause(self) -> None:
        """The line takes no more for now."""
        self._paused = True

    def resume(self) -> None:
        """The line is free again: name the channels on which something was left out."""
        self._paused = False
        behind, self._behind = self._behind, {}
        for channel in behind:
            self._gap(channel)

    def close(self) -> None:
        """Listen no more; may be called twice."""
        self._hub.leave(self)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _gap(self, channel: str) -> None:
        self._positions.pop(channel, None)
        self._send(encoded("gap", channel) + b"\n")

    def _arm(self) -> None:
        clock = self._hub.clock
        self._timer = clock.call_at(clock.monotonic() + PING_EVERY, self._ping)

    def _ping(self) -> None:
        if not self._paused:
            self._send(PING)
        self._arm()


def encoded(event: str, data: str) -> bytes:
    """An event as server-sent events write it, without its id and the empty line that ends it."""
    lines = "".join(f"data: {line}\n" for line in data.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return f"event: {event}\n{lines}".encode()


def id_line(positions: Mapping[str, str]) -> bytes:
    """Where a page stands on all its channels: the browser keeps one line and brings it back."""
    for id in positions.values():
        if RESERVED.intersection(id):
            raise ValueError(f"an event's id may not hold {id!r}")
    return f"id: {','.join(f'{channel}={id}' for channel, id in positions.items())}\n".encode()


def read_positions(text: str) -> dict[str, str]:
    """What a browser brought back; what cannot be read is left out, and its page is not told of a gap."""
    pairs = (part.partition("=") for part in text.split(","))
    return {channel: id for channel, equals, id in pairs if channel and equals and id}
