"""Which reply answers which request: by frame type, pile, gun and transaction serial; the frame serial decides ties.

Piles in the field echo serials wrongly or not at all (E-ECHO), so the two bytes never refuse a reply.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from harness.core.frame import FrameType
from harness.core.message import Message
from harness.protocols.ykc import CATALOGUE

MOST = 32  # questions that are kept; a pile that answers nothing costs no memory

Topic = tuple[str, ...]
_KEYS = ("pile_code", "gun_no", "transaction_serial")


def _keys(request: FrameType) -> tuple[str, ...]:
    reply = CATALOGUE.by_name(str(request.answered_by))
    return tuple(key for key in _KEYS if key in request.by_name and key in reply.by_name)


# For each reply: which of the keys it has in common with its request.
SHARED = {str(request.answered_by): _keys(request) for request in CATALOGUE if request.answered_by}


class Asked(NamedTuple):
    """A request that was sent: the topic of its reply, itself, when, and what its sender keeps with it."""

    topic: Topic
    request: Message
    at: float
    note: Any = None


class Questions:
    """The requests to one pile that wait for their reply."""

    __slots__ = ("waiting",)

    def __init__(self) -> None:
        self.waiting: list[Asked] = []

    def ask(self, request: Message, now: float, note: Any = None) -> None:
        """A request went out; those that nothing answers are not kept."""
        frame_type = request.frame_type
        if frame_type is not None and frame_type.answered_by is not None:
            self.waiting.append(Asked(topic(frame_type.answered_by, request.values), request, now, note))
            del self.waiting[:-MOST]

    def answered_by(self, reply: Message) -> Asked | None:
        """The request that a reply answers, which then waits no more; None when nothing of the kind was asked."""
        if reply.name not in SHARED:
            return None
        wanted = topic(reply.name, reply.values)
        fitting = [asked for asked in self.waiting if asked.topic == wanted]
        if not fitting:
            return None
        found = next((asked for asked in fitting if asked.request.serial == reply.serial), fitting[0])
        self.waiting.remove(found)
        return found

    def drop(self, reply: str) -> None:
        """What still waits for this reply waits no more: a new question begins."""
        self.waiting = [asked for asked in self.waiting if asked.topic[0] != reply]

    def forget(self) -> None:
        """The connection is gone: nobody will answer any more."""
        self.waiting.clear()


def topic(reply: str, values: Any) -> Topic:
    """The name of a reply with what it and its request have in common."""
    return (reply, *(str(getattr(values, key)) for key in SHARED[reply]))
