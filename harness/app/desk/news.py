"""News of models on their way to the streams; a page that was away for a moment hears whether it missed any."""

from __future__ import annotations

from collections.abc import Sequence

from web.streams import Event, Hub

CHANNELS = "model"


class News:
    """Publishes with the version as the place in the channel, and knows the last one of each."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._last: dict[str, Event] = {}
        hub.set_replay(CHANNELS, self.missed)

    def publish(self, channel: str, event: str, version: str) -> None:
        """Tell all who listen."""
        self._last[channel] = Event(event, version, version)
        self._hub.publish(channel, event, version, version)

    def missed(self, channel: str, last_id: str) -> Sequence[Event] | None:
        """The last news, when a page has not got it; None for a channel of which there was none."""
        last = self._last.get(channel)
        if last is None:
            return None
        return [] if last.id == last_id else [last]
