"""Checks one by one: the journal of a good case with something changed or missing, and what a check says of it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any

import msgspec
import pytest

from harness.core.journal import Answered, EventSeen, FileFetch, LinkChanged, Misbehaved, Record, TariffGiven
from harness.core.pairs import Pair, joined
from harness.core.verdict import Finding, Verdict
from harness.engine.checks import CHECKS
from harness.engine.checks.found import CHARGING, PRICES, RECORD, START
from harness.engine.checks.link import AFTERWARDS, CUT, DEED
from harness.engine.checks.two_guns import PRESSED, STOP
from harness.engine.tolerances import Tolerances
from harness.engine.view import View
from tests.engine.playing import LANGUAGE, played
from tests.protocols.ykc.audit.edited import Edited

Change = Callable[[Edited], Edited]
IDLE, CHARGES = 2, 3
OTHER = "32010600019236012604171001409999"


@cache
def recorded(case: str, name: str) -> tuple[Record, ...]:
    return tuple(played(case, name).records)


def journal(case: str, name: str = "demo") -> Edited:
    return Edited(recorded(case, name))


def told(check: str, session: Edited, gun: str = "") -> list[Finding]:
    """What a check says; frames that were put in come where their moment is, and all are numbered anew."""
    records = session.journal() if any(record.n == 0 for record in session.records) else session.records
    view = View(records, LANGUAGE)
    return list(CHECKS[check](view.beside if gun == "other" else view, Tolerances()))


def codes(check: str, session: Edited) -> list[str]:
    return [finding.code for finding in told(check, session)]


def without(session: Edited, wanted: Callable[[Any], bool]) -> Edited:
    """Events that never were."""
    session.records = [r for r in session.records if not (isinstance(r, EventSeen) and wanted(r.event))]
    return session


def until(session: Edited, n: int) -> Edited:
    """Nothing of the pile or of ours after a number; events stay."""
    session.records = [r for r in session.records if r.n <= n or isinstance(r, EventSeen)]
    return session


def event(session: Edited, kind: type[Any]) -> EventSeen:
    """The last event of a kind."""
    return next(r for r in reversed(session.records) if isinstance(r, EventSeen) and isinstance(r.event, kind))


def deed(session: Edited) -> int:
    """The frame of the misdeed."""
    return int(event(session, Misbehaved).event.frames[0])  # type: ignore[union-attr]


def tariff(each: Any) -> bool:
    return isinstance(each, TariffGiven)


def misdeed(each: Any) -> bool:
    return isinstance(each, Misbehaved)


def charges(values: Any) -> bool:
    return bool(values.status == CHARGES)


def unpressed(session: Edited) -> Edited:
    """Nothing shows the emergency stop."""
    session.change("transaction_record", slice(None), stop_reason=0x40)
    return session.change("realtime_data", slice(None), hardware_fault=0)


def pressed(session: Edited) -> int:
    """The first report that shows the emergency stop."""
    view = View(session.records, LANGUAGE)
    return min(report.n for each in (view, view.beside) for report in each.charge.reports if report.reading.estop)


def is_new_tariff(session: Edited) -> Callable[[Any], bool]:
    start = session.frames("remote_start")[0].n
    late = [r.event for r in session.records if r.n > start and isinstance(r, EventSeen)]
    return lambda each: isinstance(each, TariffGiven) and each in late


LACKS: list[tuple[str, str, Change, Pair]] = [
    ("serial", "single_tariff", lambda s: s.drop("remote_start"), START),
    ("serial", "single_tariff", lambda s: s.drop("transaction_record"), RECORD),
    ("times", "single_tariff", lambda s: s.drop("remote_start"), START),
    ("times", "single_tariff", lambda s: s.drop("transaction_record"), RECORD),
    ("started", "single_tariff", lambda s: s.drop("remote_start"), START),
    ("started", "single_tariff", lambda s: s.drop("realtime_data", charges), CHARGING),
    ("record_kept", "link_cut_charging", lambda s: s.drop("remote_start"), START),
    ("record_kept", "link_cut_charging", lambda s: s.drop("transaction_record"), RECORD),
    ("over_the_cut", "link_cut_charging", lambda s: without(s, misdeed), CUT),
    ("over_the_cut", "link_cut_charging", lambda s: until(s, event(s, Misbehaved).n), AFTERWARDS),
    ("crc", "link_wrong_crc", lambda s: without(s, misdeed), DEED),
    ("crc", "link_wrong_crc", lambda s: until(s, deed(s)), AFTERWARDS),
    ("start_repeat", "link_start_twice", lambda s: without(s, misdeed), DEED),
    ("start_repeat", "link_start_twice", lambda s: until(s, deed(s)), CHARGING),
    ("tariff_change", "link_tariff_charging", lambda s: without(s, misdeed), DEED),
    ("tariff_change", "link_tariff_charging", lambda s: without(s, is_new_tariff(s)), DEED),
    ("tariff_change", "link_tariff_charging", lambda s: s.drop("transaction_record"), RECORD),
    ("split", "cross_tariff", lambda s: s.drop("transaction_record"), RECORD),
    ("split", "cross_tariff", lambda s: s.drop("realtime_data", charges), CHARGING),
    ("split", "cross_tariff", lambda s: without(s, tariff), PRICES),
    ("split", "cross_tariff", lambda s: s.change("transaction_record", total_energy="0.0000"), ("电量", "energy")),
    ("all_stop", "two_guns_estop", unpressed, PRESSED),
    ("all_stop", "two_guns_estop", lambda s: until(s, pressed(s)), RECORD),
    ("stop_idle", "link_stop_idle", lambda s: without(s, misdeed), DEED),
    ("stop_idle", "link_stop_idle", lambda s: s.drop("remote_stop"), DEED),
    ("stop_idle", "link_stop_idle", lambda s: until(s, deed(s)), AFTERWARDS),
    ("stop_idle", "link_wrong_crc", lambda s: s, DEED),  # another misdeed
]


@pytest.mark.parametrize(("check", "case", "change", "lacks"), LACKS)
def test_a_check_names_what_it_lacks(check: str, case: str, change: Change, lacks: Pair) -> None:
    (finding,) = told(check, change(journal(case)))
    assert finding.verdict is Verdict.NOT_EARNED
    assert finding.expected == joined(lacks)


@pytest.mark.parametrize("state", ["begun", "ended"])
def test_a_misdeed_counts_when_it_was_done(state: str) -> None:
    session = journal("link_wrong_crc")
    done = event(session, Misbehaved)
    begun = msgspec.structs.replace(done, event=msgspec.structs.replace(done.event, state=state))
    session.records[session.records.index(done)] = begun
    assert told("crc", session)[0].expected == joined(DEED)


def test_a_misdeed_whose_frames_are_not_all_there_counts_for_nothing() -> None:
    session = journal("link_wrong_crc")
    gone = deed(session)
    session.records = [record for record in session.records if record.n != gone]
    assert told("crc", session)[0].expected == joined(DEED)


def test_a_request_that_showed_no_card_is_not_cited_for_one() -> None:
    session = journal("card").change("start_request", start_mode=3)
    (finding,) = told("card", session)
    assert finding.frames == (session.frames("transaction_record")[0].n,)


@pytest.mark.parametrize(
    ("card", "verdict", "code"),
    [
        ("0000000032095DF0", Verdict.PASSED, "card_right"),
        ("00000000F05D0932", Verdict.REMARK, "card_otherwise"),  # its last four bytes turned round
        ("32095DF000000000", Verdict.REMARK, "card_otherwise"),  # filled on the other side
        ("000000000932F05D", Verdict.FAILED, "card_wrong"),  # swapped in pairs
        ("0000000000000000", Verdict.FAILED, "card_wrong"),
    ],
)
def test_a_card_may_be_written_in_every_way_that_names_it(card: str, verdict: Verdict, code: str) -> None:
    (finding,) = told("card", journal("card").change("transaction_record", physical_card_no=card))
    assert (finding.verdict, finding.code, finding.seen) == (verdict, code, card)


def test_who_could_not_scan_the_code_showed_nothing() -> None:
    session = journal("qr_set")
    scan = event(session, Answered)
    unable = msgspec.structs.replace(scan.event, texts=None, unable="no camera")
    session.records[session.records.index(scan)] = msgspec.structs.replace(scan, event=unable)
    assert codes("qr", session) == ["qr_confirmed", "not_seen"]


def cut_at(session: Edited, *after: float) -> Edited:
    """The connection breaks so many seconds after the command to update."""
    command = session.at("remote_update")
    for seconds in after:
        session.event(command + seconds, LinkChanged("lost"))
    return session


def unanswered() -> Edited:
    return journal("upgrade").drop("remote_update_reply")


def silent() -> Edited:
    """Neither a file was fetched nor anything said after the command."""
    session = without(unanswered(), lambda each: isinstance(each, FileFetch) and each.what != "offered")
    return until(session, session.frames("remote_update")[0].n)


def test_a_command_after_which_the_connection_broke_at_once_may_not_have_arrived() -> None:
    (lost,) = told("update", cut_at(silent(), 3.0))
    session = cut_at(silent(), 3.0).journal()
    assert lost.code == "pile_lost"
    assert lost.verdict is Verdict.BROKEN
    cut = next(r.n for r in session if isinstance(r, EventSeen) and r.event == LinkChanged("lost"))
    assert set(lost.frames) >= {Edited(session).frames("remote_update")[0].n, cut}


def test_a_pile_that_spoke_after_the_command_had_it() -> None:
    session = cut_at(silent(), 3.0).up(silent().at("remote_update") + 1, "heartbeat", gun_no="01", gun_status=0)
    assert "pile_lost" not in codes("update", session)
    assert "firmware_not_fetched" in codes("update", session)


def test_what_the_pile_said_before_the_command_or_after_the_cut_shows_nothing() -> None:
    session = cut_at(silent(), 3.0).up(silent().at("remote_update") + 9, "heartbeat", gun_no="01", gun_status=0)
    assert codes("update", session) == ["pile_lost"]


def test_what_we_sent_after_the_command_shows_nothing() -> None:
    session = cut_at(silent(), 3.0).down(silent().at("remote_update") + 1, "heartbeat_reply", gun_no="01")
    assert codes("update", session) == ["pile_lost"]


def test_a_pile_that_fetched_the_file_may_be_gone_once_and_no_more() -> None:
    assert "pile_lost" not in codes("update", unanswered())
    assert codes("update", cut_at(unanswered(), 30.0)) == ["pile_lost"]


def test_a_file_that_was_fetched_before_the_command_is_not_the_one() -> None:
    session = cut_at(silent(), 3.0)
    session.event(session.at("remote_update") - 1, FileFetch("connected"))
    assert codes("update", session) == ["pile_lost"]


def test_who_answers_is_not_lost_however_often_the_connection_breaks() -> None:
    assert codes("update", cut_at(journal("upgrade"), 30.0)) == codes("update", journal("upgrade"))


def test_the_words_next_to_a_cut_are_cited() -> None:
    session = cut_at(unanswered(), 30.0)
    (lost,) = told("update", session)
    cuts = [r.n for r in session.journal() if isinstance(r, EventSeen) and getattr(r.event, "what", "") == "lost"]
    frames = [seen.n for seen in View(session.journal(), LANGUAGE).frames]
    assert lost.frames[0] == max(n for n in frames if n < Edited(session.journal()).frames("remote_update")[0].n)
    assert next(n for n in frames if n > cuts[-1]) in lost.frames


def with_report(session: Edited, at: float, serial: str, energy: str) -> Edited:
    """One more report that says charging."""
    values = session.values("realtime_data", -1)
    known = {name: getattr(values, name) for name in ("gun_no", "gun_plugged", "output_voltage")}
    return session.up(
        at, "realtime_data", **known, status=CHARGES, transaction_serial=serial, output_current=90, energy=energy
    )


def test_a_record_holds_what_its_own_charge_reported_before_it_and_no_more() -> None:
    session = journal("link_cut_charging")
    record, serial = session.at("transaction_record"), session.values("remote_start").transaction_serial
    for at, other, right in ((record - 1, OTHER, True), (record, serial, True), (record - 1, serial, False)):
        reported = with_report(journal("link_cut_charging"), at, other, "50.0000")
        assert (codes("record_kept", reported) == ["record_kept"]) == right, (at, other)


@pytest.mark.parametrize("fields", [{"status": IDLE}, {"transaction_serial": OTHER}])
def test_a_charge_went_on_over_a_cut_when_its_last_report_says_charging_under_its_serial(fields: Any) -> None:
    assert codes("over_the_cut", journal("link_cut_charging")) == ["charge_went_on"]
    session = journal("link_cut_charging")
    before_stop = [r for r in session.frames("realtime_data") if r.at < session.at("remote_stop")][-1]
    place = session.frames("realtime_data").index(before_stop)
    assert codes("over_the_cut", session.change("realtime_data", place, **fields)) == ["charge_stopped_offline"]


def test_a_boundary_after_which_nothing_flows_is_not_reached() -> None:
    session = journal("cross_tariff")
    before = Decimal("2.0000")  # of 3.7 kWh, the last report before the boundary says 2.1
    session.change("realtime_data", charges, energy=lambda energy: min(energy, before))
    (finding,) = told("split", session)
    assert finding.code == "boundary_not_reached"
    assert "," not in finding.seen


@pytest.mark.parametrize(("drop", "lacks"), [("remote_stop", STOP), ("remote_start", START)])
def test_whether_a_gun_goes_on_shows_after_a_stop_of_the_other_one_and_its_own_start(drop: str, lacks: Pair) -> None:
    (finding,) = told("goes_on", journal("two_guns_stop").drop(drop, 0), "other")
    assert finding.expected == joined(lacks)


@pytest.mark.parametrize(
    ("idle", "code"),
    [((0,), "other_goes_on"), ((1,), "other_goes_on"), ((0, 2), "other_goes_on"), ((1, 2), "other_stopped")],
)
def test_a_charge_beside_a_stop_is_over_after_two_idle_reports_in_a_row(idle: tuple[int, ...], code: str) -> None:
    session = journal("two_guns_stop")
    stop, own = session.at("remote_stop", 0), session.at("remote_stop", 1)
    reports = session.frames("realtime_data")
    between = [
        n for n, r in enumerate(reports) if stop < r.at < own and session.values("realtime_data", n).gun_no == "02"
    ]
    for each in idle:
        session.change("realtime_data", between[each], status=IDLE)
    assert codes_of_other(session) == [code]


def codes_of_other(session: Edited) -> list[str]:
    return [finding.code for finding in told("goes_on", session, "other")]
