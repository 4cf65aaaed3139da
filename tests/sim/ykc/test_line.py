"""The bytes of a pile as they leave: changed, cut, or gathered, and always all of them in order."""

from __future__ import annotations

from harness.sim.ykc.line import frames_in
from tests.sim.pretend import Beside


def raw_of(beside: Beside) -> list[list[bytes]]:
    """Everything written from now on, piece by piece."""
    pieces: list[bytes] = []
    hear = beside._hear
    beside._hear = lambda data: (pieces.append(data), hear(data))[1]  # type: ignore[method-assign]
    return [pieces]


def test_split_frames_leave_in_halves_with_a_while_between_them() -> None:
    beside = Beside()
    beside.pile.habits.packing = "split"
    (pieces,) = raw_of(beside)
    beside.connect()
    assert pieces == []
    beside.wait(0.3)
    assert len(pieces) == 1
    assert beside.heard("login") == []
    beside.wait(0.2)
    assert len(pieces) == 2
    assert len(beside.heard("login")) == 1


def test_joined_frames_leave_in_one_piece_after_half_a_second() -> None:
    beside = Beside()
    (pieces,) = raw_of(beside)
    beside.connect()
    beside.pile.habits.packing = "joined"
    pieces.clear()
    beside.tell("login_reply", login_result=0)
    beside.wait(0.4)
    assert pieces == []
    beside.wait(0.2)
    assert len(pieces) == 1
    names = [message.name for _, message in beside.said[1:]]
    assert names == ["realtime_data", "realtime_data", "billing_model_verify"]


def test_what_was_kept_back_leaves_before_the_end() -> None:
    beside = Beside().logged_in()
    beside.pile.habits.packing = "joined"
    beside.forget()
    beside.pile.plug("01", beside.now)
    assert beside.said == []
    beside.pile.contact.drop(beside.now)
    assert [report.gun_plugged for report in beside.heard("realtime_data")] == [1]
    assert beside.closed


def test_each_frame_of_a_write_is_changed_by_itself() -> None:
    beside = Beside()
    (pieces,) = raw_of(beside)
    beside.connect()
    seen: list[int] = []
    beside.pile.habits.rewrites.append(lambda frame: (seen.append(frame[5]), frame)[1])
    pieces.clear()
    beside.tell("login_reply", login_result=0)
    assert seen == [0x13, 0x13, 0x05]
    (piece,) = pieces
    assert [frame[5] for frame in frames_in(piece)] == seen


def test_a_pile_that_does_not_hang_up_says_nothing_more_and_comes_back() -> None:
    beside = Beside().logged_in()
    beside.pile.habits.hangs_up = False
    beside.pile.reboot(beside.now)
    assert not beside.closed
    before = len(beside.said)
    beside.wait(42)
    assert len(beside.said) == before
    assert len(beside.dials) == 2
