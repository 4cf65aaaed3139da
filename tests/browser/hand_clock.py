"""A clock that a test moves by hand, under a real reactor: real sockets and threads, pretend time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from harness.core.clock import ManualClock, Timer

TURNS = 6  # of the loop between two due moments: what was sent over a socket arrives, and its answer too
TURN = 0.0001  # s that pass in a turn: an answer never comes in the very moment of what it answers
PATIENCE = 0.002  # real s between two looks while somebody holds the clock


class HandClock:
    """Stands still until `walk`; then goes from due moment to due moment and lets the sockets speak in between.

    It also stands still while somebody holds it by `pause()`, as a firmware download does.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, start: datetime) -> None:
        self._loop = loop
        self._pretend = ManualClock(start)
        self._held = 0

    def monotonic(self) -> float:
        return self._pretend.monotonic()

    def wall(self) -> datetime:
        return self._pretend.wall()

    def call_at(self, when: float, call: Callable[[], None]) -> Timer:
        if when <= self.monotonic():
            self._loop.call_soon(self._ring)
        return self._pretend.call_at(when, call)

    def _ring(self) -> None:
        """What is due at this very moment waits for no hand."""
        while self._pretend.step(self.monotonic()):
            pass

    def pause(self) -> None:
        self._held += 1

    def resume(self) -> None:
        self._held -= 1

    def close(self) -> None:
        """There is nothing to close: the real clock has a watch."""

    async def walk(self, seconds: float, enough: Callable[[], bool] = lambda: False) -> bool:
        """Let so much time pass, or less when `enough`; says whether it was."""
        until = self.monotonic() + seconds
        await self._settle()
        while not enough():
            if self._held:
                await self._look_again()
                continue
            if not self._pretend.step(until):
                await self._settle()
                return enough()
            await self._settle()
        return True

    async def _settle(self) -> None:
        for _ in range(TURNS):
            turn = self._loop.create_future()
            self._loop.call_soon(turn.set_result, None)
            await turn
            self._pretend.advance(TURN)

    async def _look_again(self) -> None:
        later = self._loop.create_future()
        self._loop.call_later(PATIENCE, later.set_result, None)
        await later
