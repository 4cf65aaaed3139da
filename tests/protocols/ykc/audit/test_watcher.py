"""How a watcher is called."""

from __future__ import annotations

from harness.protocols.ykc.audit.scene import Seen
from harness.protocols.ykc.audit.watcher import Watcher, hears


class Base(Watcher):
    @hears("heartbeat")
    def within(self, seen: Seen) -> None: ...


class Both(Base):
    @hears("heartbeat")
    def second(self, seen: Seen) -> None: ...

    @hears("login", "heartbeat")
    def first(self, seen: Seen) -> None: ...


def test_methods_that_hear_the_same_run_in_the_order_in_which_they_stand() -> None:
    assert Both._heard == (
        ("heartbeat", "within"),
        ("heartbeat", "second"),
        ("login", "first"),
        ("heartbeat", "first"),
    )
