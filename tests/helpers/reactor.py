"""Tests on the real reactor: a test may be a coroutine of Deferreds, and leaves no call behind."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import pytest

LIMIT = 20  # real seconds


@pytest.fixture(scope="session")
def running_reactor() -> Iterator[None]:
    """The reactor, started once for all tests that want it."""
    from harness.links.reactor import loop, reactor

    reactor.startRunning(installSignalHandlers=False)
    yield
    reactor.callLater(0, reactor.stop)
    loop.run_forever()
    loop.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that is a coroutine wants the reactor."""
    for item in items:
        if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.obj):
            item.fixturenames.insert(0, "running_reactor")


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test that is a coroutine."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    from twisted.internet import defer

    from harness.links.reactor import loop, reactor

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
