"""A check passes on frames that are there, and on nothing else: they are taken away one by one, in every case."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import msgspec
import pytest

from harness.core.auditing import Audit
from harness.core.journal import EventSeen, FrameSeen, LinkChanged, Record
from harness.core.message import Message
from harness.core.outcome import CaseOutcome
from harness.core.ports import Language
from harness.core.verdict import Finding, Verdict
from harness.core.wording import FINDINGS
from harness.data import data_root
from harness.engine.checks import CHECKS
from harness.engine.checks.found import found, grounded
from harness.engine.evidence import window
from harness.engine.judge import judge
from harness.engine.view import View
from harness.protocols.ykc.language import YkcLanguage
from tests.engine.playing import GOOD, Playing, judged, played
from tests.helpers.absences import ABSENCES, PRESENCES
from tests.helpers.evidence import misplaced, unattended

HEARTBEATS = 10.0  # s between two
ALL = sorted(path.stem for path in (data_root() / "scenarios" / "ykc").glob("*.yaml"))
PLAYS = [("demo", case) for case in ALL] + [("ac", case) for case in ALL if case != "vin" and "_" not in case]


class Unaudited(YkcLanguage):
    """What a session breaks of the protocol is no matter here, and takes time."""

    def audit(self, records: object, strict: bool = False) -> Audit:
        return Audit()


LANGUAGE: Language = Unaudited()


@cache
def play(name: str, case: str) -> Playing:
    return played(case, name, seed=2)


def of(records: Sequence[Record]) -> CaseOutcome:
    return judge(records, LANGUAGE)


def without(records: Sequence[Record], numbers: set[int]) -> list[Record]:
    """A journal that lacks some frames; events stay."""
    return [record for record in records if record.n not in numbers or isinstance(record, EventSeen)]


def frames_of(findings: Sequence[Finding], records: Sequence[Record]) -> set[int]:
    there = {record.n for record in records if isinstance(record, FrameSeen)}
    return {n for f in findings for n in f.frames} & there


def rests_on_what_is_there(outcome: CaseOutcome, records: Sequence[Record]) -> None:
    there = {record.n for record in records}
    for f in outcome.findings:
        assert set(f.frames) <= there, f
        assert f.verdict not in GOOD or f.places, f
    assert misplaced(outcome, records) == []
    assert unattended(outcome, records, LANGUAGE) == []


@pytest.mark.parametrize(("name", "case"), PLAYS)
def test_every_case_of_the_product_passes_on_a_plain_pile(name: str, case: str) -> None:
    assert play(name, case).outcome.verdict in GOOD


@pytest.mark.parametrize(("name", "case"), PLAYS)
def test_a_case_whose_cited_frames_are_taken_away_earns_nothing(name: str, case: str) -> None:
    records = play(name, case).records
    while (outcome := of(records)).verdict in GOOD:
        rests_on_what_is_there(outcome, records)
        cited = frames_of(outcome.findings, records)
        assert cited, "it passes on nothing"
        records = without(records, cited)
    rests_on_what_is_there(outcome, records)
    assert outcome.verdict is Verdict.NOT_EARNED


@pytest.mark.parametrize(("name", "case"), PLAYS)
def test_a_check_whose_frames_are_taken_away_earns_nothing(name: str, case: str) -> None:
    """Round after round: as long as it passes it cites frames that are still there; then it is not earned.

    Steps of one kind share a name: they are told apart by what they found.
    """
    live = play(name, case).outcome
    for check, code in {(f.check, "" if f.check in CHECKS else f.code) for f in live.findings if f.verdict in GOOD}:
        records = play(name, case).records
        while passed := passes(of(records), check, code):
            cited = frames_of(passed, records)
            assert cited, f"{check} passes on nothing: {code}"
            records = without(records, cited)
        left = [f for f in of(records).findings if f.check == check]
        assert {f.verdict for f in left} & {Verdict.NOT_EARNED}, (check, code, left)
        assert not [f for f in left if f.verdict is Verdict.FAILED], (check, code)


def passes(outcome: CaseOutcome, check: str, code: str) -> list[Finding]:
    return [f for f in outcome.findings if f.check == check and code in ("", f.code) and f.verdict in GOOD]


def test_a_check_without_anything_to_look_at_says_what_it_lacks() -> None:
    records = [r for r in play("demo", "single_tariff").records if isinstance(r, EventSeen)]
    lacking = [f for f in judged(records).findings if f.verdict is Verdict.NOT_EARNED]
    assert len(lacking) > 8
    for f in lacking:
        assert f.expected, f
        assert f.seen, f
        assert f.rule, f


def test_nothing_passes_on_events_alone() -> None:
    for case in ALL:
        records = [r for r in play("demo", case).records if isinstance(r, EventSeen)]
        assert not [f for f in judged(records).findings if f.verdict in GOOD], case


MISSING = [
    # a fault, its case and finding, and the role of the frame that opens the window
    ("record_missing", "single_tariff", "record_missing", "stop"),
    ("no_0x33", "single_tariff", "no_start_reply", "start"),
    ("no_0x91", "reboot", "no_reboot_reply", "reboot"),
    ("reboot_ignored", "reboot", "connection_not_lost", "reboot"),
    ("upgrade_silent", "upgrade", "no_update_reply", "update"),
    ("no_qr_reply", "qr_set", "qr_no_reply", "qr"),
]
STAYED = [
    # a case that passes, its finding, the role of the frame that opens the window, and how many seconds that lasts
    ("single_tariff", "serial_same", "start", 80),
    ("single_tariff", "statuses_right", "reading", 60),
    ("two_guns_stop", "guns_apart", "start", 150),
    ("two_guns_stop", "rest_still", "reading", 150),
    ("two_guns_stop", "other_goes_on", "stop", 40),
    ("two_guns_estop", "estop_both", "reading", 7),
    ("two_guns_reboot", "not_resumed", "reboot", 60),
    ("link_start_twice", "start_repeat_same", "start", 60),
    ("link_start_twice", "record_kept", "start", 70),
    ("link_record_unconfirmed", "record_settled", "record", 60),
    ("link_stop_idle", "stop_idle_refused", "stop", 35),
    ("link_wrong_crc", "crc_ignored", "time", 7),
    ("link_rubbish", "stayed_online", "read_request", 29),
]


def test_each_finding_says_that_something_was_or_that_it_was_not() -> None:
    assert set(FINDINGS) <= ABSENCES | PRESENCES, "a new finding stands in one of the two, in tests/helpers/absences.py"
    assert set(FINDINGS) >= ABSENCES
    assert not ABSENCES & PRESENCES


@pytest.mark.parametrize(("fault", "case", "code", "opens"), MISSING, ids=lambda each: each)
def test_what_did_not_happen_cites_what_opens_and_closes_its_window_and_the_heartbeats_between(
    fault: str, case: str, code: str, opens: str
) -> None:
    playing = Playing([case], faults=(fault,)).play()
    told = next(f for f in playing.outcome.findings if f.code == code)
    is_window(told, playing.records, opens, float(told.params.get("within", 10)) - HEARTBEATS)
    assert told.seen == "无·nothing"


@pytest.mark.parametrize(("case", "code", "opens", "lasts"), STAYED, ids=lambda each: str(each))
def test_what_passes_because_nothing_happened_cites_its_window_and_the_heartbeats_in_it_too(
    case: str, code: str, opens: str, lasts: float
) -> None:
    playing = play("demo", case)
    told = next(f for f in playing.outcome.findings if f.code == code)
    assert told.verdict in GOOD
    is_window(told, playing.records, opens, lasts)


def is_window(told: Finding, records: Sequence[Record], opens: str, lasts: float) -> None:
    """It opens with such a frame and closes so much later, and the heartbeats of both guns are cited."""
    cited = [record for record in records if record.n in told.frames]
    frames = [record for record in cited if isinstance(record, FrameSeen)]
    assert role_of(frames[0]) == opens
    assert cited[-1].at - frames[0].at >= lasts
    inside = [record for record in records if frames[0].n < record.n < told.frames[-1]]
    beats = {record.n for record in inside if isinstance(record, FrameSeen) and role_of(record) == "heartbeat"}
    assert beats or cited[-1].at - frames[0].at < HEARTBEATS
    assert beats <= set(told.frames)


def role_of(record: FrameSeen) -> str:
    message = LANGUAGE.read(record.raw)
    return LANGUAGE.role(message.name) if isinstance(message, Message) else ""


def test_a_finding_of_something_that_did_not_happen_is_noticed_when_it_leaves_out_a_heartbeat_or_an_end() -> None:
    playing = play("demo", "link_stop_idle")
    told = next(f for f in playing.outcome.findings if f.code == "stop_idle_refused")
    beats = [seen.n for seen in View(playing.records, LANGUAGE).of_role("heartbeat") if seen.n in told.frames]
    for left in ([n for n in told.frames if n != beats[0]], [told.frames[0], told.frames[-1]], told.frames[:1]):
        less = msgspec.structs.replace(told, frames=tuple(left))
        outcome = msgspec.structs.replace(playing.outcome, findings=(less,))
        assert unattended(outcome, playing.records, LANGUAGE) == [less]
    assert unattended(playing.outcome, playing.records, LANGUAGE) == []


def test_statuses_that_stayed_right_cite_every_report_of_the_charge_and_the_heartbeats_between() -> None:
    playing = play("demo", "single_tariff")
    told = next(f for f in playing.outcome.findings if f.code == "statuses_right")
    view = View(playing.records, LANGUAGE)
    charging = [report.n for report in view.charge.charging]
    beats = [n for n in view.heartbeats if charging[0] < n < charging[-1]]
    assert set(told.frames) == {*charging, *beats}
    assert len(beats) > len([s for s in view.of_role("heartbeat") if s.n in beats]), "both guns have heartbeats"


def test_a_window_in_which_nothing_came_opens_with_the_last_word_before_it() -> None:
    view = View(play("demo", "reboot").records, LANGUAGE)
    lost = next(n for n, _, event in view.of_event(LinkChanged) if event.what == "lost")
    last = max(seen.n for seen in view.frames if seen.n < lost)
    between = [n for n in view.heartbeats if last < n < lost]  # of the other gun
    assert window(view, lost, lost) == [last, *between, lost]


def test_a_passing_finding_whose_frames_are_no_more_is_not_earned() -> None:
    view = View(play("demo", "reboot").records, LANGUAGE)
    event = next(n for n, _, event in view.of_event(LinkChanged))
    for verdict in GOOD:
        alone = grounded(view, found(verdict, "check", "charged", rule="R-RT-1", frames=[event, 10**6]))
        assert (alone.verdict, alone.code) == (Verdict.NOT_EARNED, "not_seen")
    kept = grounded(view, found(Verdict.PASSED, "check", "charged", frames=[view.frames[0].n, 10**6]))
    assert kept.frames == (view.frames[0].n,)
    assert grounded(view, found(Verdict.BROKEN, "case", "aborted", frames=[event])).frames == (event,)
