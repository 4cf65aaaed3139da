"""Journals that are audited as they are read: whoever asks again and again hears what one who asks once would."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from harness.core.auditing import Audit, AuditFinding, Level
from harness.core.clock import ManualClock
from harness.core.journal import PILE, FrameSeen, Journal, LoopLate, Memory, Opened, Record
from harness.store import journal_audits, queries
from harness.store.journal_audits import JournalAudits
from harness.store.recorder import Recorder
from tests.store.conftest import NOW, PROFILE

OpenJournal = Callable[..., Journal]


class Odd:
    """An auditor that finds fault with every frame of an odd number."""

    made = 0

    def __init__(self) -> None:
        Odd.made += 1
        self.heard: list[int] = []

    def see(self, record: Record) -> tuple[AuditFinding, ...]:
        self.heard.append(record.n)
        if not isinstance(record, FrameSeen) or not record.n % 2:
            return ()
        return (AuditFinding(rule="R-1", check="odd", level=Level.MUST, zh="单", en="odd", frames=(record.n,)),)

    def result(self) -> Audit:
        return Audit()


@pytest.fixture
def audits(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> JournalAudits:
    monkeypatch.setattr(journal_audits, "AT_ONCE", 4)
    monkeypatch.setattr(journal_audits, "MOST", 2)
    monkeypatch.setattr(Odd, "made", 0)
    return JournalAudits(engine, Odd)


def ends(found: journal_audits.Audited) -> list[int]:
    return [finding.frames[-1] for finding in found.findings]


def test_a_journal_that_grows_is_read_on_where_it_stopped(
    audits: JournalAudits, recorder: Recorder, open_journal: OpenJournal
) -> None:
    journal = open_journal("p1/1", recorder)
    for _ in range(2):
        journal.frame(PILE, b"x")
    recorder.flush()
    assert ends(audits.of("p1/1")) == [3]
    journal.event(LoopLate(seconds=2))
    journal.frame(PILE, b"x")
    recorder.flush()
    found = audits.of("p1/1")
    assert (ends(found), found.read, found.whole) == ([3, 5], 2, True)
    assert (ends(audits.of("p1/1")), audits.of("p1/1").read) == ([3, 5], 0)
    assert Odd.made == 1


def test_a_long_journal_takes_several_questions_and_says_so(
    audits: JournalAudits, recorder: Recorder, open_journal: OpenJournal
) -> None:
    journal = open_journal("p1/1", recorder)
    for _ in range(8):
        journal.frame(PILE, b"x")
    recorder.flush()
    told = [audits.of("p1/1") for _ in range(3)]
    assert [each.whole for each in told] == [False, False, True]
    assert (ends(told[0]), ends(told[-1])) == ([3], [3, 5, 7, 9])


def test_a_journal_whose_numbers_go_on_from_another_is_read_from_its_first(
    engine: Engine, recorder: Recorder, clock: ManualClock
) -> None:
    journal = Journal("r1/later", clock, (recorder,), after=900)
    journal.event(Opened(wall=NOW.isoformat(), run_id="r1", profile=PROFILE))
    for _ in range(3):
        journal.frame(PILE, b"x")
    recorder.flush()
    first, ended = queries.records_after(engine, "r1/later", 0, 2)
    assert ([record.n for record in first], ended) == ([901, 902], False)
    rest, ended = queries.records_after(engine, "r1/later", 902, 2)
    assert ([record.n for record in rest], ended) == ([903, 904], True)


def test_a_journal_that_is_not_there_has_no_findings(audits: JournalAudits) -> None:
    found = audits.of("nowhere")
    assert (found.findings, found.whole) == ((), True)


def test_only_the_journals_asked_for_last_are_remembered(
    audits: JournalAudits, recorder: Recorder, open_journal: OpenJournal
) -> None:
    for key in ("a", "b", "c"):
        open_journal(key, recorder).frame(PILE, b"x")
    recorder.flush()
    for key in ("a", "b", "a", "c", "a", "b"):
        audits.of(key)
    assert Odd.made == 4


def test_once_caught_up_a_journal_is_heard_itself(
    audits: JournalAudits, recorder: Recorder, open_journal: OpenJournal
) -> None:
    seen = Memory()
    journal = open_journal("p1/1", recorder, seen)
    for _ in range(6):
        journal.frame(PILE, b"x")
    recorder.flush()
    assert audits.hear("p1/1", seen.records[-1]) is None, "it is not live yet"
    assert not audits.follow("p1/1", 8).live
    assert not audits.follow("p1/1", 9).live, "a record before that is not in the store"
    assert audits.follow("p1/1", 8).live
    journal.frame(PILE, b"x")
    journal.frame(PILE, b"x")
    assert [audits.hear("p1/1", record) for record in seen.records[5:]] == [3, 3, 3, 4]
    assert (ends(audits.of("p1/1")), audits.of("p1/1").whole) == ([3, 5, 7, 9], True)
    recorder.flush()
    audits.leave("p1/1")
    journal.frame(PILE, b"x")
    journal.frame(PILE, b"x")
    recorder.flush()
    assert audits.hear("p1/1", seen.records[-1]) is None
    assert ends(audits.of("p1/1")) == [3, 5, 7, 9, 11]
    assert Odd.made == 1


def test_a_journal_that_is_heard_is_not_forgotten(
    audits: JournalAudits, recorder: Recorder, open_journal: OpenJournal
) -> None:
    open_journal("live", recorder).frame(PILE, b"x")
    recorder.flush()
    assert audits.follow("live", 3).live
    for key in "abc":
        audits.of(key)
    assert audits.follow("live", 3).upto == 2
    assert Odd.made == 4


def test_what_was_never_asked_for_is_not_heard(audits: JournalAudits) -> None:
    assert audits.hear("nowhere", FrameSeen(1, 0.0, PILE, b"x")) is None
    audits.leave("nowhere")
