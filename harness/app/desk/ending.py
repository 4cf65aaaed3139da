"""How an open desk ends when somebody asks the process to."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Protocol

from twisted.internet.defer import Deferred

LOG = logging.getLogger("harness.serve")


class Closing(Protocol):
    """What of a desk is needed to end it."""

    def close(self, patience: float) -> Deferred[Any]: ...
    def hurry(self) -> None: ...


class Ending:
    """What a signal begins; a second one waits for no run. `then` is called once, when all is closed."""

    def __init__(self, desk: Closing, patience: float, then: Callable[[], object]) -> None:
        self._desk = desk
        self._patience = patience
        self._then = then
        self._asked = False

    def __call__(self) -> None:
        if self._asked:
            self._desk.hurry()
            return
        self._asked = True
        LOG.info("正在停止，先停下在测的桩 stopping, piles under test first")
        self._desk.close(self._patience).addBoth(lambda _: self._then())
