"""Pages ask from their own threads; what lives in the house's thread answers there."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Queue
from typing import Any

import pytest

from harness.app.desk.crossing import direct, into_reactor
from harness.core.errors import PersonError


class OneThread:
    """A reactor as far as crossing needs one: calls made in a thread of its own, or not at all."""

    def __init__(self) -> None:
        self.calls: Queue[Callable[[], Any] | None] = Queue()
        self.thread = threading.Thread(target=self._work)

    def callFromThread(self, call: Callable[..., Any], *args: Any) -> None:
        self.calls.put(lambda: call(*args))

    def _work(self) -> None:
        while (call := self.calls.get()) is not None:
            call()

    def __enter__(self) -> OneThread:
        self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.calls.put(None)
        self.thread.join()


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twisted.python.threadable.isInIOThread", lambda: False)


def test_a_call_is_made_in_the_other_thread_and_its_answer_comes_back() -> None:
    with OneThread() as reactor:
        name = into_reactor(reactor)(lambda: threading.current_thread().name)
        assert name == reactor.thread.name


def test_what_a_call_raises_comes_back() -> None:
    def fails() -> None:
        raise PersonError("no", "不")

    with OneThread() as reactor, pytest.raises(PersonError, match="no"):
        into_reactor(reactor)(fails)


def test_a_call_that_nobody_waits_for_any_more_is_not_made() -> None:
    made: list[int] = []
    reactor = OneThread()
    with pytest.raises(PersonError, match="busy"):
        into_reactor(reactor, within=0.01)(lambda: made.append(1))
    with reactor:
        into_reactor(reactor)(lambda: made.append(2))
    assert made == [2]


def test_in_the_reactors_own_thread_it_is_called_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twisted.python.threadable.isInIOThread", lambda: True)
    assert into_reactor(OneThread())(lambda: 7) == direct(lambda: 7) == 7
