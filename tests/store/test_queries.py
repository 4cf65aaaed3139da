"""What was kept reads back as it was said."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest
from sqlalchemy import Engine, text

from harness.core.auditing import Audit, AuditFinding, Level, NotJudged
from harness.core.errors import PersonError
from harness.core.journal import PILE, Closed, Journal
from harness.core.known import Known, KnownMet, Met
from harness.core.outcome import (
    CaseOutcome,
    ChargeCurve,
    CurvePoint,
    RunOutcome,
    SessionJournal,
    Settlement,
    StepOutcome,
    TariffBand,
)
from harness.core.pile import PileProfile
from harness.core.verdict import Finding, Verdict
from harness.store import queries
from harness.store.recorder import Recorder
from tests.store.conftest import NOW, PROFILE

OpenJournal = Callable[..., Journal]

CHARGE = ChargeCurve(
    points=(CurvePoint(1.5, Decimal("59.9"), Decimal("1.0423"), Decimal("400.1"), Decimal("149.7"), 7),),
    bands=(TariffBand(label="peak", label_zh="峰", label_en="peak", start=0.0, end=60.25, price=Decimal("1.2957")),),
    energies=(
        Settlement(label="peak", label_zh="峰", label_en="peak", pile=Decimal("1.1821"), platform=None, ok=False),
    ),
    clock="2026-04-17T14:28:49",
    note_zh="电表",
    note_en="meter",
)
FAILED = CaseOutcome(
    id="cross_tariff",
    title_zh="跨价格段充电",
    title_en="Across a price boundary",
    verdict=Verdict.FAILED,
    findings=(
        Finding(code="serial_same", verdict=Verdict.PASSED, check="serial", frames=(3, 4)),
        Finding(code="energy_mismatch", verdict=Verdict.FAILED, check="split", expected="1.0490", seen="1.1821"),
    ),
    steps=(
        StepOutcome(index=0, key="charge", title_zh="充电中", title_en="Charging", how="done", began=0.5, ended=9.0),
    ),
    charge=CHARGE,
    key="r1/cross_tariff",
)
UNDECLARED = CaseOutcome(id="vin", title_zh="VIN充电", title_en="VIN", verdict=Verdict.NOT_APPLICABLE)
AUDIT = Audit(
    findings=(AuditFinding(rule="R-HB-1", check="heartbeat_gap", level=Level.MUST, zh="晚", en="late", frames=(2, 3)),),
    counts={"heartbeat_gap": 3},
    not_judged=(NotJudged("R-HB-2", "heartbeat_interval", "no_times"),),
    frames=3,
)
JOURNAL = SessionJournal("p1/32010600417702", NOW.isoformat(), 3)
KNOWN = KnownMet(Known(case="session", finding="heartbeat_gap", reason="旧 / old", until="2026-12-31"), Met.KNOWN)
OUTCOME = RunOutcome(
    pile_code="32010600417702",
    profile=msgspec.convert(PROFILE, PileProfile),
    started=NOW.isoformat(),
    ended=(NOW + timedelta(minutes=4)).isoformat(),
    cases=(FAILED, UNDECLARED),
    run_id="r1",
)


def test_of_a_long_journal_some_records_are_read_with_the_one_that_dates_them(
    engine: Engine, recorder: Recorder, open_journal: OpenJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "AT_ONCE", 2)
    journal = open_journal("r1/estop", recorder)
    for number in range(20):
        journal.frame(PILE, bytes((number,)))
    journal.event(Closed(how="finished"))
    recorder.flush()
    everything = queries.records(engine, "r1/estop")
    assert queries.some_records(engine, "r1/estop", {22, 9, 5, 1, 400}) == [everything[n - 1] for n in (1, 5, 9, 22)]
    assert queries.some_records(engine, "r1/estop", ()) == everything[:1]
    assert queries.some_records(engine, "r1/nothing", {5}) == []


def test_an_outcome_reads_back_the_same(engine: Engine, recorder: Recorder) -> None:
    recorder.end_run(OUTCOME)
    recorder.flush()
    assert queries.run_outcome(engine, "r1") == OUTCOME


def test_what_an_audit_of_the_session_found_and_what_was_known_read_back_the_same(
    engine: Engine, recorder: Recorder
) -> None:
    audited = msgspec.structs.replace(OUTCOME, session=AUDIT, session_of=JOURNAL, known=(KNOWN,))
    recorder.end_run(audited)
    recorder.flush()
    assert queries.run_outcome(engine, "r1") == audited


def test_a_run_of_before_there_was_an_audit_has_none(engine: Engine, recorder: Recorder) -> None:
    recorder.end_run(msgspec.structs.replace(OUTCOME, session=AUDIT))
    recorder.flush()
    with engine.begin() as connection:
        connection.execute(text("UPDATE runs SET body = NULL"))
    assert queries.run_outcome(engine, "r1") == OUTCOME


def test_the_session_of_a_run_ends_where_it_was_audited(
    engine: Engine, recorder: Recorder, open_journal: OpenJournal
) -> None:
    journal = open_journal(JOURNAL.key, recorder, run_id="")
    for number in range(5):
        journal.frame(PILE, bytes([number]))
    recorder.flush()
    found = queries.session_records(engine, msgspec.structs.replace(OUTCOME, session_of=JOURNAL))
    assert {key: [record.n for record in records] for key, records in found.items()} == {JOURNAL.key: [1, 2, 3]}
    assert queries.session_records(engine, OUTCOME) == {}


def test_a_case_is_kept_as_soon_as_it_is_through_and_replaced_by_a_later_word(
    engine: Engine, recorder: Recorder, open_journal: OpenJournal
) -> None:
    open_journal("r1/cross_tariff", recorder)
    recorder.keep_case("r1", 0, FAILED)
    recorder.flush()
    assert queries.run_outcome(engine, "r1").cases == (FAILED,)
    assert queries.runs(engine)[0].verdict is None
    recorder.end_run(OUTCOME)
    recorder.flush()
    assert queries.run_outcome(engine, "r1") == OUTCOME


def test_the_list_shows_the_newest_first_with_what_they_came_to(
    engine: Engine, recorder: Recorder, open_journal: OpenJournal
) -> None:
    open_journal("r1/cross_tariff", recorder).frame(PILE, b"x")
    recorder.end_run(OUTCOME)
    later = {"run_id": "r2", "started": (NOW + timedelta(hours=1)).isoformat(), "cases": (UNDECLARED,)}
    recorder.end_run(msgspec.structs.replace(OUTCOME, **later))
    recorder.flush()
    newer, older = queries.runs(engine)
    assert (newer.id, newer.verdict, newer.frames) == ("r2", Verdict.NOT_APPLICABLE, 0)
    assert (older.id, older.verdict, older.frames, older.model) == ("r1", Verdict.FAILED, 1, "QH-DC120-2")
    assert older.cases == (("cross_tariff", Verdict.FAILED), ("vin", Verdict.NOT_APPLICABLE))
    assert queries.runs(engine, before="r2") == [older]
    assert queries.runs(engine, limit=1) == [newer]


@pytest.mark.parametrize(("name", "found"), [("abc1", "abc1"), ("ad", "ad9"), ("latest", "abc12"), ("abc12", "abc12")])
def test_a_run_is_found_by_its_beginning_or_as_the_latest(
    engine: Engine, recorder: Recorder, name: str, found: str
) -> None:
    for hour, run_id in enumerate(("ad9", "abc1", "abc12")):
        started = (NOW + timedelta(hours=hour)).isoformat()
        recorder.end_run(msgspec.structs.replace(OUTCOME, run_id=run_id, started=started))
    recorder.flush()
    assert queries.find_run(engine, name) == found


def test_a_run_that_is_not_there_or_not_clear_is_one_sentence(engine: Engine, recorder: Recorder) -> None:
    with pytest.raises(PersonError, match="no run 'latest'"):
        queries.find_run(engine, "latest")
    for run_id in ("abc1", "abc2"):
        recorder.end_run(msgspec.structs.replace(OUTCOME, run_id=run_id))
    recorder.flush()
    with pytest.raises(PersonError, match="fits several runs: abc2, abc1"):
        queries.find_run(engine, "abc")
    with pytest.raises(PersonError, match="no run '%'"):
        queries.find_run(engine, "%")


def test_the_journals_of_a_run_come_in_order_with_their_records(
    engine: Engine, recorder: Recorder, open_journal: OpenJournal
) -> None:
    for key in ("r1/b", "r1/a"):
        open_journal(key, recorder).frame(PILE, b"x")
    recorder.flush()
    found = queries.run_records(engine, "r1")
    assert {key: len(records) for key, records in found.items()} == {"r1/b": 2, "r1/a": 2}
    assert [line.key for line in queries.journals(engine, "r1")] == ["r1/b", "r1/a"]
    assert queries.records(engine, "nobody") == []
