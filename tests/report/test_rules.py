"""Breaches of the protocol's own rules in all reports: once for the run, in detail where they happened."""

import json
from datetime import date
from xml.etree.ElementTree import Element, fromstring

import msgspec
import pytest

from harness.core.auditing import Audit, AuditFinding, Level, NotJudged
from harness.core.expecting import held_against
from harness.core.known import SESSION, Known
from harness.core.outcome import RunOutcome, SessionJournal
from harness.protocols.ykc import CATALOGUE
from harness.report.html import to_html
from harness.report.junit import to_junit
from harness.report.outcome import to_json
from harness.report.rules import summary
from harness.report.txt import to_txt
from tests.report.conftest import BEGIN, Made, frame, opened
from tests.report.test_html import Reader

KEY = "p1/32010600417702"
ENERGY = "energy_falls"
LATE = "heartbeat_gap"


def breach(check: str, level: Level, at: float, *frames: int) -> AuditFinding:
    return AuditFinding(
        rule="R-RT-8",
        check=check,
        level=level,
        zh=f"{check} 错<b>",
        en=f"{check} is wrong<b>",
        frames=frames,
        at=at,
        gun_no="01",
        expected="≥ 1.5000",
        seen="没有 / none",
        fields=("energy",),
        section="7.2",
    )


def case_audit() -> Audit:
    """In the case: a must three times of which two are told, and a remark."""
    first, second = breach(ENERGY, Level.MUST, 0.4, 4), breach(ENERGY, Level.MUST, 0.7, 4, 7)
    found = (breach("odd_bits", Level.REMARK, 0.3, 3), first, second)
    return Audit(findings=found, counts={ENERGY: 3, "odd_bits": 1}, frames=4)


def session_audit() -> Audit:
    """In the session the same, and a should before the first case."""
    shifted = [msgspec.structs.replace(each, frames=(13,), at=each.at + 60) for each in case_audit().findings]
    late = breach(LATE, Level.SHOULD, 5.0, 11, 12)
    return Audit(
        findings=(late, *shifted),
        counts={ENERGY: 3, "odd_bits": 1, LATE: 1},
        frames=1234,
        rules="2026.1",
        not_judged=(NotJudged("R-HB-1", LATE, "no_times", 2),),
    )


@pytest.fixture
def audited(made: Made) -> Made:
    """The made-up run, its session opened a minute before the first case."""
    charge, *others = made.outcome.cases
    clean = [msgspec.structs.replace(others[0], audit=Audit(frames=3)), others[1]]
    outcome = msgspec.structs.replace(
        made.outcome,
        cases=(msgspec.structs.replace(charge, audit=case_audit()), *clean),
        session=session_audit(),
        session_of=SessionJournal(KEY, BEGIN.replace(hour=1, minute=59).isoformat(), 13),
    )
    common = {"transaction_serial": "0" * 32, "gun_no": "01"}
    reports = [frame(n, "realtime_data", **common, energy="1.0423") for n in (12, 13)]
    return Made(outcome, {**made.journals, KEY: [opened(10, ""), frame(11, "heartbeat", gun_no="01"), *reports]})


def known_as(outcome: RunOutcome, *names: tuple[str, str], until: str = "2026-12-31") -> RunOutcome:
    entries = [Known(case=case, finding=finding, reason="旧模块 / old module", until=until) for case, finding in names]
    return held_against(outcome, entries, date(2026, 4, 17))


def test_outcome_json_holds_the_audit_of_each_case(audited: Made) -> None:
    data = json.loads(to_json(audited.outcome, audited.journals))
    charge, estop, vin = data["cases"]
    assert [(each["check"], each["level"], each["count"]) for each in charge["audit"]] == [
        (ENERGY, "must", 3), (ENERGY, "must", 3), ("odd_bits", "remark", 1),
    ]  # fmt: skip
    assert charge["audit"][0] == {
        "rule": "R-RT-8",
        "section": "7.2",
        "check": ENERGY,
        "level": "must",
        "zh": f"{ENERGY} 错<b>",
        "en": f"{ENERGY} is wrong<b>",
        "gun": "01",
        "expected": "≥ 1.5000",
        "seen": "没有 / none",
        "frames": [4],
        "fields": ["energy"],
        "spans": [],
        "window": [],
        "count": 3,
    }
    assert (estop["audit"], vin["audit"]) == ([], None)
    assert data["rules_broken"] is True


def test_outcome_json_holds_the_audit_of_the_session_with_the_cases_it_was_in(audited: Made) -> None:
    session = json.loads(to_json(audited.outcome, audited.journals))["session"]
    assert (session["journal"], session["frames"], session["rules"]) == (KEY, 1234, "2026.1")
    assert [(each["check"], each["case"], each["frames"], each["case_frames"]) for each in session["audit"]] == [
        (LATE, None, [11, 12], []),
        ("odd_bits", "cross_tariff", [13], [3]),
        (ENERGY, "cross_tariff", [13], [4]),
        (ENERGY, "cross_tariff", [13], [4, 7]),
    ]
    assert session["audit"][0]["time"] == "2026-04-17T09:59:05+08:00"
    assert session["not_judged"] == [{"rule": "R-HB-1", "check": LATE, "why": "no_times", "count": 2}]


def test_a_run_of_before_there_was_an_audit_says_nothing_of_it(made: Made) -> None:
    data = json.loads(to_json(made.outcome, made.journals))
    assert (data["session"], data["rules_broken"], data["cases"][0]["audit"]) == (None, False, None)
    assert summary(made.outcome) == ("", "")
    assert "协议规范" not in to_html(*made, CATALOGUE.read)
    assert "协议规范" not in to_txt(*made, CATALOGUE.read)
    assert 'name="audit"' not in to_junit(made.outcome)


def test_a_clean_audit_says_how_much_was_looked_at(made: Made) -> None:
    clean = msgspec.structs.replace(made.outcome, session=Audit(frames=1234))
    assert summary(clean) == ("没有发现问题（核对 1,234 帧）", "nothing found (1,234 frames audited)")
    assert "nothing found (1,234 frames audited)" in to_html(clean, made.journals, CATALOGUE.read)


def test_without_a_session_the_report_says_that_the_cases_alone_were_looked_at(audited: Made) -> None:
    cases = msgspec.structs.replace(audited.outcome, session=None, session_of=None)
    text = to_html(cases, audited.journals, CATALOGUE.read)
    assert "Each case&#39;s frames, held against" in text
    assert "The whole session" not in text
    assert "The whole session" in to_html(*audited, CATALOGUE.read)


def test_the_report_tells_each_check_once_for_the_run_and_links_to_its_frames(audited: Made) -> None:
    page = Reader(to_html(*audited, CATALOGUE.read))
    text = to_html(*audited, CATALOGUE.read)
    run_part, case_part = text.split('id="rules"')[1].split('<section class="case"')[:2]
    assert run_part.count(f"{ENERGY} is wrong&lt;b&gt;") == 1
    assert "3 times" in run_part
    assert "before the cases" in run_part
    assert run_part.index(ENERGY) < run_part.index(LATE) < run_part.index("odd_bits")
    assert 'href="#cross_tariff-4"' in run_part
    assert 'href="#session-12"' in run_part
    assert case_part.count(f"{ENERGY} is wrong&lt;b&gt;") == 1
    ids = page.values("id")
    assert sorted(ids) == sorted(set(ids))
    assert {value[1:] for value in page.values("href")} <= set(ids)


def test_frames_of_a_breach_are_shown_with_their_fields_marked(audited: Made) -> None:
    text = to_html(*audited, CATALOGUE.read)
    for name in ("session-12", "cross_tariff-4"):
        shown = text.split(f'id="{name}"')[1].split('<div class="frame')[0]
        assert "<mark>B7 28 00 00</mark>" in shown
        assert "1.0423" in shown.split("<details>")[0]


def test_what_did_not_come_says_which_heartbeats_came_meanwhile(audited: Made) -> None:
    session = audited.outcome.session
    assert session is not None
    late = msgspec.structs.replace(session.findings[0], window=(11, 12, 13, 14))
    waited = msgspec.structs.replace(session, findings=(late, *session.findings[1:]))
    text = to_html(msgspec.structs.replace(audited.outcome, session=waited), audited.journals, CATALOGUE.read)
    assert "期间有 3 次心跳" in text
    assert "heartbeats meanwhile: 3" in text
    assert "#11 … #13" in text


def test_txt_tells_each_check_once(audited: Made) -> None:
    text = to_txt(*audited, CATALOGUE.read)
    assert "协议规范: 必须 1，应当 1，备注 1 / must 1, should 1, remark 1" in text
    assert text.count(f"{ENERGY} is wrong") == 1
    assert f"必须 must R-RT-8 {ENERGY} ×3: " in text
    assert "应当 ≥ 1.5000  看到 没有  §7.2  #4  跨价格段充电 / Charge across a price boundary" in text
    assert "桩日志/pile's journal #11 #12  场景之前 / before the cases" in text


def suite_of(outcome: RunOutcome) -> Element:
    suite = fromstring(to_junit(outcome)).find("testsuite")
    assert suite is not None
    return suite


def the_test(outcome: RunOutcome, name: str) -> Element:
    found = suite_of(outcome).find(f"testcase[@name='{name}']")
    assert found is not None
    return found


def children(outcome: RunOutcome, name: str) -> list[str]:
    return [child.tag for child in the_test(outcome, name)]


def counts(outcome: RunOutcome) -> list[str | None]:
    suite = suite_of(outcome)
    return [suite.get(name) for name in ("tests", "failures", "errors", "skipped")]


def test_junit_has_the_audit_as_one_more_test_that_a_must_fails(audited: Made) -> None:
    assert children(audited.outcome, "audit") == ["failure", "system-out"]
    failure, rest = list(the_test(audited.outcome, "audit"))
    assert failure.get("message") == f"{ENERGY} is wrong<b>"
    assert ENERGY in (failure.text or "")
    assert LATE not in (failure.text or "")
    assert LATE in (rest.text or "")
    assert "odd_bits" in (rest.text or "")
    assert counts(audited.outcome) == ["4", "2", "1", "1"]


def test_junit_passes_an_audit_that_found_no_must(audited: Made) -> None:
    soft = Audit(findings=session_audit().findings[:2], frames=9)
    cases = [msgspec.structs.replace(case, audit=None) for case in audited.outcome.cases]
    outcome = msgspec.structs.replace(audited.outcome, session=soft, cases=tuple(cases))
    assert children(outcome, "audit") == ["system-out"]
    assert counts(outcome) == ["4", "1", "1", "1"]


def test_junit_shows_what_is_known_as_skipped_with_its_reason(audited: Made) -> None:
    outcome = known_as(audited.outcome, ("cross_tariff", "energy_mismatch"), (SESSION, ENERGY))
    for name in ("cross_tariff", "audit"):
        skipped = the_test(outcome, name).find("skipped")
        assert skipped is not None
        assert skipped.get("message") == "已知 known: 旧模块 / old module (≤ 2026-12-31)"
    assert "energy_mismatch" in (the_test(outcome, "cross_tariff")[0].text or "")
    assert children(outcome, "known") == ["system-out"]
    assert counts(outcome) == ["5", "0", "1", "3"]


def test_junit_fails_the_list_when_it_is_not_true_any_more(audited: Made) -> None:
    outcome = known_as(audited.outcome, ("cross_tariff", "energy_mismatch"), until="2026-01-01")
    assert children(outcome, "cross_tariff") == ["failure"]
    failure = the_test(outcome, "known").find("failure")
    assert failure is not None
    assert (failure.get("message") or "").startswith("expired, it counts again: cross_tariff energy_mismatch")
    gone = known_as(audited.outcome, ("cross_tariff", "vin_wrong"))
    assert (the_test(gone, "known")[0].get("message") or "").startswith("does not occur any more, take it off the list")


def test_all_reports_name_what_is_known(audited: Made) -> None:
    outcome = known_as(audited.outcome, ("cross_tariff", "energy_mismatch"), ("card", "card_wrong"))
    first, second = json.loads(to_json(outcome))["known"]
    entry = {"reason": "旧模块 / old module", "until": "2026-12-31"}
    assert first == {"case": "cross_tariff", "finding": "energy_mismatch", **entry, "how": "known"}
    assert second == {"case": "card", "finding": "card_wrong", **entry, "how": "unseen"}
    assert json.loads(to_json(outcome))["verdict"] == "FAILED"
    assert "已知 / known: cross_tariff energy_mismatch (≤ 2026-12-31): 旧模块" in to_txt(outcome, {}, CATALOGUE.read)
    page = to_html(outcome, audited.journals, CATALOGUE.read)
    assert "旧模块 / old module" in page
    assert "not looked at this time" in page
