"""A self-test in the terminal: its matrix, and signs of life while it goes on."""

from __future__ import annotations

import io

from harness.console.selftest import EVERY, Counting, matrix_table
from harness.core.selftested import Line, Right, Summary, Wrong


def test_a_file_hears_of_it_once_in_so_many_plays() -> None:
    out = io.StringIO()
    counting = Counting(2 * EVERY + 1, out)
    for _ in range(2 * EVERY + 1):
        counting.one_more()
    counting.close()
    assert out.getvalue() == f"{EVERY}/{2 * EVERY + 1}\n{2 * EVERY}/{2 * EVERY + 1}\n"


def test_what_was_missed_and_what_was_blamed_wrongly_is_named() -> None:
    lines = (
        Line(
            fault="slow",
            case="single",
            found_by="gap",
            dialect="",
            plain=(2, 2),
            odd=(0, 0),
            others=("other", "second", "third"),
        ),
        Line(fault="silent", case="single", found_by="gap", dialect="crc", plain=(1, 2), odd=(2, 2), others=()),
    )
    result = Summary(
        lines=lines,
        right=(Right(pile="crc", odd=True, cases=25, plays=3, blamed=1),),
        dialects=1,
        clean=0,
        plays=8,
        seeds=2,
        missed=("silent",),
        false_findings=(Wrong("slow", 1, "too_early (single)"),),
        unstable=(),
        seconds=1.5,
    )
    out = io.StringIO()
    matrix_table(result, {"gap": "R-HB-1"}, out)
    text = out.getvalue()
    assert "gap R-HB-1" in text
    assert "1/2" in text
    assert "other +2" in text
    assert "false: slow, seed 1: too_early (single)" in text
    assert "faults 1/2" in text
    assert "dialects 1" in text
