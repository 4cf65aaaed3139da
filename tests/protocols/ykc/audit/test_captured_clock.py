"""Times of a program that writes its log in batches are not believed; a pile that is silent, or bundles, is found."""

from __future__ import annotations

import msgspec
import pytest

from harness.core.capture import CaptureAudit, Piece
from harness.core.journal import FrameSeen
from harness.protocols.ykc.audit.captured import Captured
from harness.protocols.ykc.audit.captured_clock import Believed, are_batches
from tests.captures.reading import opened, pieces
from tests.captures.sessions import frames_of, lines, silent
from tests.protocols.ykc.audit.edited import good, idle
from tests.protocols.ykc.audit.test_captured import counts

FRAMES = frames_of(good("single_tariff", after=240).journal())


def at(frame: FrameSeen, moment: float) -> FrameSeen:
    return msgspec.structs.replace(frame, at=moment)


def flushed(frames: list[FrameSeen], seconds: float) -> list[FrameSeen]:
    return [at(each, (each.at // seconds + 1) * seconds) for each in frames]


def fives(frames: list[FrameSeen]) -> list[FrameSeen]:
    return [at(each, round(frames[n // 5 * 5].at)) for n, each in enumerate(frames)]


def judged(frames: list[FrameSeen]) -> tuple[CaptureAudit, bool]:
    believed, captured = Believed(opened(lines(frames)).happenings), Captured()
    for happening in believed:
        captured.take(happening)
    return captured.result(), believed.in_batches


@pytest.mark.parametrize("frames", [flushed(FRAMES, 30), flushed(FRAMES, 45), fives(FRAMES)])
def test_a_log_that_was_written_in_batches_is_judged_without_its_times(frames: list[FrameSeen]) -> None:
    found, in_batches = judged(frames)
    assert (in_batches, found.times, counts(found)) == (True, False, {})
    assert ("heartbeat_gap", "no_times") in {(each.check, each.why) for each in found.piles[0].audit.not_judged}


@pytest.mark.parametrize("seconds", [0.001, 1.0])
def test_the_times_of_a_right_log_are_believed(seconds: float) -> None:
    found, in_batches = judged([at(each, each.at // seconds * seconds) for each in FRAMES])
    assert (in_batches, found.times, counts(found)) == (False, True, {})


def test_a_pile_that_is_silent_and_catches_up_is_found() -> None:
    session = idle(400)
    frames = frames_of(session.journal())
    late = [at(each, 160.0 + each.at / 1e4) if 100 < each.at < 160 else each for each in frames]
    found, in_batches = judged(late)
    assert not in_batches
    assert counts(found)["heartbeat_gap"] == 1
    assert "heartbeat_gap" in counts(judged(frames_of(silent().journal()))[0])


def test_a_pile_that_bundles_its_heartbeats_is_found() -> None:
    frames = frames_of(idle(600).journal())
    bundled = [at(each, each.at // 30 * 30 + 30 + n % 40 / 1e3) for n, each in enumerate(frames)]
    found, in_batches = judged(sorted(bundled, key=lambda each: each.at))
    assert not in_batches
    assert counts(found)["heartbeat_interval"] > 10


def test_a_pile_that_sends_each_heartbeat_twice_is_found() -> None:
    frames = [each for each in frames_of(idle(600).journal()) for _ in range(1 + (each.raw[5] == 0x03))]
    assert not are_batches(pieces(lines(frames)))


def test_without_times_or_heartbeats_nothing_is_told() -> None:
    assert not are_batches([])
    assert not are_batches([Piece("log", None, "", each.raw, n) for n, each in enumerate(FRAMES)])
    assert not are_batches([Piece("log", 1.0, "", each.raw, n) for n, each in enumerate(FRAMES) if each.raw[5] != 3])
