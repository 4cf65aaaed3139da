"""Times that say nothing about seconds are not believed, and lines that stand there twice are read once."""

from __future__ import annotations

import pytest

from tests.captures.reading import opened, pieces
from tests.captures.test_logs import ANSWER, BEAT


def grain(text: str) -> str:
    capture = opened(text)
    list(capture.happenings)
    return capture.tally.grain


def log(moments: list[str], between: str = " 发送 ") -> str:
    return "".join(f"{moment}{between}{BEAT[:4]}{n:04X}{BEAT[8:]}\n" for n, moment in enumerate(moments))


MINUTES = [f"2026-04-17 10:{n // 6:02d}" for n in range(60)]
SECONDS = [f"2026-04-17 10:{n // 6:02d}:{n % 6}0" for n in range(60)]


@pytest.mark.parametrize(
    ("moments", "why"),
    [
        (SECONDS, ""),
        ([f"{each}:00" for each in MINUTES], "minutes"),
        ([f"{each}:00.000" for each in MINUTES], "minutes"),
        ([each[11:] + ":00" for each in MINUTES], "minutes"),
        (MINUTES, "minutes"),
        ([each[11:] for each in MINUTES], "minutes"),
        (["2026-04-17 10:00:00"] * 60, "constant"),
        (["2026-04-17 10:13:21.345"] * 60, "constant"),
        (["2026-04-17 10:13:21"] * 59 + ["2026-04-17 10:13:22"], ""),
        (["2026-04-17 10:13:21"] * 9, ""),
        ([f"2026-04-17 10:0{n}:00" for n in range(9)], ""),
        (["2026-04-17"] * 60, ""),
        ([""] * 60, ""),
    ],
)
def test_times_that_are_cut_or_all_the_same_are_none(moments: list[str], why: str) -> None:
    text = log(moments)
    assert grain(text) == why
    timed = {piece.at is not None for piece in pieces(text)}
    assert timed == {not why and ":" in moments[0]}


def test_a_busy_log_that_begins_at_a_full_minute_has_times() -> None:
    moments = [f"2026-04-17 10:00:{n // 500:02d}" for n in range(1000)]
    assert grain(log(moments)) == ""
    assert pieces(log(moments))[-1].at == 1.0


def test_lines_that_all_stand_twice_are_read_once() -> None:
    lines = [f"10:00:{n:02d} {word} {frame}" for n in range(30) for word, frame in (("发送", BEAT), ("接收", ANSWER))]
    capture = opened("\n".join(line for line in lines for _ in range(2)))
    assert len(list(capture.happenings)) == 60
    assert capture.tally.counts["copied_lines"] == 60


@pytest.mark.parametrize(
    "lines",
    [
        [f"10:00:{n:02d} 发送 {BEAT}" for n in range(30) for _ in range(2)],  # a pile that says all twice, alone
        [f"10:00:{n:02d} {each}" for n in range(30) for each in (f"发送 {BEAT}", f"发送 {BEAT}", f"接收 {ANSWER}")],
        [f"10:00:{n:02d}.{tenth} 发送 {BEAT}" for n in range(30) for tenth in (1, 2)],
        [f"发送 {BEAT}"] * 60,
        [f"10:00:{n // 2:02d} 发送 {BEAT[:4]}{n:04X}{BEAT[8:]}" for n in range(60)],
    ],
)
def test_what_a_pile_says_twice_itself_is_told(lines: list[str]) -> None:
    assert len(pieces("\n".join(lines))) == len(lines)


def test_a_masked_line_is_counted() -> None:
    capture = opened(f"10:00:01 {BEAT[:14]}****{BEAT[18:]}\n10:00:02 {BEAT}\n10:00:03 {BEAT[:14]}...\n")
    list(capture.happenings)
    assert capture.tally.counts["masked_lines"] == 1


def test_several_records_on_one_line_have_no_time() -> None:
    line = "; ".join(f"10:00:{n:02d} 发送 {BEAT}" for n in range(20))
    (piece,) = pieces(line)
    assert (piece.at, piece.way, len(piece.data)) == (None, "", 20 * 17)
    (piece,) = pieces(f"10:00:01 发送 {BEAT * 200}")
    assert (piece.at, piece.way) == (None, "out")
    assert pieces(f"10:00:01 发送 {BEAT} {BEAT}")[0].at == 0.0


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_lines_may_end_in_cr_alone(encoding: str) -> None:
    lines = [f"10:{n // 60:02d}:{n % 60:02d} 平台接收 {BEAT}" for n in range(3000)]
    found = pieces("\r".join(lines).encode(encoding))
    assert [(piece.at, piece.way, piece.place) for piece in found] == [(float(n), "in", n + 1) for n in range(3000)]
