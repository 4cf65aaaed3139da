"""From a web thread into the reactor's and back: pages ask there, everything live happens here."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Protocol, TypeVar

from harness.core.errors import PersonError

Given = TypeVar("Given")
WITHIN = 10.0  # real seconds; a loop that comes later than that is in trouble, and a page must not hang


class Cross(Protocol):
    """Makes a call where the house lives and gives back what came of it."""

    def __call__(self, call: Callable[[], Given]) -> Given: ...


def direct(call: Callable[[], Given]) -> Given:
    """There is but one thread."""
    return call()


def into_reactor(reactor: Any, within: float = WITHIN) -> Cross:
    """Crosses from any thread; in the reactor's own it calls at once."""
    from twisted.python.threadable import isInIOThread

    def cross(call: Callable[[], Given]) -> Given:
        if isInIOThread():
            return call()
        future: Future[Given] = Future()
        reactor.callFromThread(_answer, future, call)
        try:
            return future.result(within)
        except TimeoutError:
            if not future.cancel():  # it has begun after all
                return future.result(within)
            raise busy() from None

    return cross


def _answer(future: Future[Given], call: Callable[[], Given]) -> None:
    """A call that nobody waits for any more is not made."""
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(call())
    except BaseException as error:
        future.set_exception(error)


def busy() -> PersonError:
    """What came too late for a page to wait."""
    return PersonError("the platform is busy right now; try again in a moment", "平台这会儿太忙，过一会儿再试")
