"""Tests on the real reactor: a test may be a coroutine of Deferreds, and leaves no call behind."""

import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from twisted.internet import defer

from harness.links.reactor import loop, reactor

LIMIT = 20  # real seconds


@pytest.fixture(scope="session", autouse=True)
def _running() -> Iterator[None]:
    reactor.startRunning(installSignalHandlers=False)
    yield
    reactor.callLater(0, reactor.stop)
    loop.run_forever()
    loop.close()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    wanted: Any = pyfuncitem._fixtureinfo.argnames
    played = defer.Deferred.fromCoroutine(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in wanted}))
    loop.run_until_complete(played.addTimeout(LIMIT, reactor).asFuture(loop))
    for _ in range(5):  # what other threads handed over is done at once, not left behind
        loop.call_later(0, loop.stop)
        loop.run_forever()
    left = reactor.getDelayedCalls()
    for call in left:
        call.cancel()
    assert not left, f"delayed calls left behind: {left}"
    return True
