"""By its serials a log shows that lines of it are missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from harness.core.message import Message
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.audit.captured_gaps import Accepted, Counting

PILE = {"pile_code": "32010600019236"}
FAR = 0x20FF  # a large step in either byte order
OWN, REPLY, REPORT, LOGIN = "heartbeat", "remote_stop_reply", "realtime_data", "login"


def message(name: str, serial: int) -> Message:
    found = CATALOGUE.read(CATALOGUE.encode(name, PILE, serial.to_bytes(2, "little")))
    assert isinstance(found, Message)
    return found


def lacking(*frames: tuple[str, int]) -> list[bool]:
    """Whether each frame of the pile shows that one before it is missing."""
    counting = Counting()
    return [counting.lacks(True, message(name, serial)) for name, serial in frames]


def own(*serials: int) -> Sequence[tuple[str, int]]:
    return [(OWN, serial) for serial in serials]


CASES: dict[str, tuple[Sequence[tuple[str, int]], bool]] = {
    "a step before anything was counted": (own(1, 4), False),
    "a step where it was": (own(1, 2, 4), True),
    "a login at zero counts": ([(LOGIN, 0), (OWN, 2)], True),
    "a login at another number may not": ([(LOGIN, 7), (OWN, 9)], False),
    "a login with nothing missing": ([(LOGIN, 0), (OWN, 1)], False),
    "a first reply tells nothing": ([(REPLY, 9), *own(1, 2), (OWN, 3)], False),
    "a step that is too large for a gap": (own(1, 2, FAR), False),
    "who begins anew may not count": (own(1, 2, FAR, FAR + 6), False),
    "replies echo": ([*own(1, 2), (REPLY, 700), (OWN, 3)], False),
    "a step over echoes": ([*own(1, 2), (REPLY, 700), (OWN, 4)], True),
    "replies are counted, too, once that was seen": (
        [*own(1, 2), (REPLY, 700), (OWN, 4), (OWN, 5), (REPLY, 701), (OWN, 7)],
        False,
    ),
    "a step over more than the replies": (
        [*own(1, 2), (REPLY, 700), (OWN, 4), (OWN, 5), (REPLY, 701), (OWN, 8)],
        True,
    ),
    "who counted replies once and not again does not": (
        [*own(1, 2), (REPLY, 700), (OWN, 4), (REPLY, 701), (OWN, 5), (REPLY, 702), (OWN, 7)],
        True,
    ),
    "who counts its own frames still counts replies when there were none": (
        [*own(1, 2), (REPLY, 700), (OWN, 4), (OWN, 5), (REPLY, 701), (OWN, 7)],
        False,
    ),
    "a report that was not asked for is one of its own": ([*own(1, 2), (REPORT, 5)], True),
    "a report in order": ([*own(1, 2), (REPORT, 3), (OWN, 4)], False),
    "a report with a serial from elsewhere is an answer": ([*own(1, 2), (REPORT, FAR), (OWN, 3)], False),
}


@pytest.mark.parametrize(("frames", "told"), CASES.values(), ids=CASES)
def test_the_last_frame_tells_whether_one_is_missing_before_it(frames: Sequence[tuple[str, int]], told: bool) -> None:
    assert lacking(*frames)[-1] == told


@pytest.mark.parametrize(("asked", "told"), [(5, False), (6, True)])
def test_a_report_that_echoes_a_question_is_an_answer(asked: int, told: bool) -> None:
    counting = Counting()
    for serial in (1, 2):
        counting.lacks(True, message(OWN, serial))
    counting.lacks(False, message("realtime_read", asked))
    assert counting.lacks(True, message(REPORT, 5)) == told


def test_a_platform_whose_pile_logged_in_before_the_log_began_has_accepted_it() -> None:
    accepted: Any = Accepted()
    assert not accepted.lacks(False, message("heartbeat_reply", 1))
