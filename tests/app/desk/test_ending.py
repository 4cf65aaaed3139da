"""Ctrl-C, and Ctrl-C again."""

from twisted.internet.defer import Deferred

from harness.app.desk.ending import Ending


class SlowDesk:
    """A desk whose end the test decides."""

    def __init__(self) -> None:
        self.closed: Deferred[None] = Deferred()
        self.asked: list[object] = []

    def close(self, patience: float) -> Deferred[None]:
        self.asked.append(patience)
        return self.closed

    def hurry(self) -> None:
        self.asked.append("hurry")


def test_a_second_signal_hurries_and_the_end_comes_once() -> None:
    desk, ended = SlowDesk(), []
    ending = Ending(desk, 20.0, lambda: ended.append("stopped"))
    ending()
    ending()
    assert desk.asked == [20.0, "hurry"]
    assert ended == []
    desk.closed.callback(None)
    assert ended == ["stopped"]


def test_a_desk_that_does_not_close_well_ends_all_the_same() -> None:
    desk, ended = SlowDesk(), []
    Ending(desk, 20.0, lambda: ended.append("stopped"))()
    desk.closed.errback(ValueError("the port is gone"))
    assert ended == ["stopped"]
