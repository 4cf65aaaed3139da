"""What the harness wrote reads back as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from harness.core.capture import Hole, Recorded, WholeFrame
from harness.core.journal import PILE, FrameSeen
from harness.core.journal_file import to_journal
from harness.protocols.ykc.language import YkcLanguage
from harness.report.csv import to_csv
from harness.report.jsonl import to_jsonl
from harness.report.log import FORMS, log_text
from harness.report.txt import to_txt
from tests.captures.reading import happened, opened
from tests.captures.runs import Run, run

READ = YkcLanguage().read
FILES: dict[str, Callable[[Run], str]] = {
    "jsonl": lambda made: to_jsonl(made.outcome, made.journals, READ),
    "csv": lambda made: to_csv(made.outcome, made.journals, READ),
    "txt": lambda made: to_txt(made.outcome, made.journals, READ),
}
NOON = datetime(2026, 4, 17, 12, tzinfo=UTC)
DAMAGED = FrameSeen(3, 2.5, PILE, b"\x01\x02\x03", "garbage")


def frames(raw: str) -> list[WholeFrame]:
    return [each for each in happened(raw) if isinstance(each, WholeFrame)]


@pytest.mark.parametrize("form", sorted(FILES))
def test_an_exported_run_has_the_frames_it_had(form: str) -> None:
    found = frames(FILES[form](run()))
    assert [(each.sender, each.data, each.damage) for each in found] == [
        (record.sender, record.raw, record.damage) for record in run().frames
    ]


@pytest.mark.parametrize(("form", "within"), [("jsonl", 0.001), ("csv", 0.001), ("txt", 0.1)])
def test_moments_keep_their_distance(form: str, within: float) -> None:
    found = frames(FILES[form](run()))
    last = run().frames
    case = [record for record in run().journals[run().outcome.cases[-1].key] if isinstance(record, FrameSeen)]
    read = [each.at for each in found[-len(case) :]]
    assert len(last) > len(case) > 10
    assert None not in read
    spans = [(at or 0) - (read[0] or 0) - (record.at - case[0].at) for at, record in zip(read, case, strict=True)]
    assert max(map(abs, spans)) <= within * 1.01


@pytest.mark.parametrize("form", sorted(FILES))
def test_between_two_cases_there_is_a_hole(form: str) -> None:
    assert len([each for each in happened(FILES[form](run())) if isinstance(each, Hole)]) == 1


@pytest.mark.parametrize("form", sorted(FILES))
def test_an_export_is_known_as_such_and_tells_its_date(form: str) -> None:
    capture = opened(FILES[form](run()))
    list(capture.happenings)
    assert capture.kind == "export"
    stamp = capture.tally.first_stamp
    assert stamp is not None
    shift = timedelta(hours=8) if capture.tally.local else timedelta()
    told = datetime.fromtimestamp(stamp, UTC) - shift
    assert abs(told - datetime.fromisoformat(run().outcome.cases[0].started)) < timedelta(seconds=60)


@pytest.mark.parametrize("form", sorted(FORMS))
def test_the_frame_log_of_the_desk_reads_back(form: str) -> None:
    records = [*run().frames[:8], DAMAGED]
    logged = [(NOON + timedelta(hours=8, seconds=number), record) for number, record in enumerate(records)]
    found = frames("".join(log_text(form, logged, READ)))
    assert [(each.at, each.sender, each.data, each.damage) for each in found] == [
        (float(number), record.sender, record.raw, record.damage) for number, record in enumerate(records)
    ]


@pytest.mark.parametrize("form", sorted(FORMS))
def test_a_log_over_midnight_goes_on(form: str) -> None:
    start = datetime(2026, 4, 17, 23, 59, 58)
    logged = [(start + timedelta(seconds=number), record) for number, record in enumerate(run().frames[:6])]
    assert [each.at for each in frames("".join(log_text(form, logged, READ)))] == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_a_line_that_was_spoilt_is_counted_and_passed_over(form: str) -> None:
    lines = FILES[form](run()).splitlines(keepends=True)
    capture = opened("".join([*lines[:5], "what?\n", lines[5][:40] + "\n", *lines[6:]]))
    assert len([each for each in capture.happenings if isinstance(each, WholeFrame)]) == len(run().frames) - 1
    assert capture.tally.counts["broken_lines"] == 2


def test_a_journal_has_all_its_records() -> None:
    capture = opened(to_journal(run().outcome, run().journals))
    found = [each.record for each in capture.happenings if isinstance(each, Recorded)]
    assert capture.kind == "journal"
    assert found == [record for records in run().journals.values() for record in records]


def test_of_a_journal_with_the_piles_session_that_is_read_alone() -> None:
    outcome = run().outcome
    assert outcome.session_of is not None
    (first, *_) = run().journals.values()
    whole = {**run().journals, outcome.session_of.key: first[:9]}
    found = [each.record for each in opened(to_journal(outcome, whole)).happenings if isinstance(each, Recorded)]
    assert found == first[:9]


def test_a_journal_that_was_cut_is_read_up_to_there() -> None:
    text = to_journal(run().outcome, run().journals)
    capture = opened(text[: len(text) // 2])
    assert len([each for each in capture.happenings if isinstance(each, Recorded)]) > 20
    assert capture.tally.counts["broken_lines"] == 1
