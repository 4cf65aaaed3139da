"""协议规范 on the page of results and on the reviewer's: what audits found, beside results that it never changes."""

from __future__ import annotations

import re

import msgspec
import pytest
from flask.testing import FlaskClient

from harness.core.auditing import Audit, AuditFinding, Level
from harness.core.outcome import CaseOutcome
from harness.core.verdict import Verdict
from harness.store.desk.values import Model
from tests.web.conftest import Desk
from tests.web.plays import Play, page, play
from tests.web.runs import online
from web.results.rules import rules_of, rules_together

GAP = AuditFinding(
    rule="R-HB-1", check="heartbeat_gap", level=Level.MUST, zh="心跳间隔超过 30 秒", en="a heartbeat came too late",
    frames=(2, 3), expected="≤ 30 s", seen="没有 / none", section="6.3", at=41.5,
)  # fmt: skip
SOC = AuditFinding(
    rule="R-RT-9", check="soc", level=Level.REMARK, zh="SOC 是 <b>101</b>", en="SOC is <b>101</b>", frames=(4,),
    expected="≤ 100 %", seen="101 %", section="7.2", fields=("soc", "energy"),
)  # fmt: skip
ECHO = AuditFinding(
    rule="R-SN-2", check="echo", level=Level.SHOULD, zh="流水号没有照抄", en="the serial was not echoed", frames=(3,),
    section="3.4",
)  # fmt: skip
CLEAN = Audit(frames=3)
FOUND = Audit(findings=(SOC, ECHO, GAP, GAP), counts={"soc": 1, "echo": 1, "heartbeat_gap": 37}, frames=3)


def gap(frames: tuple[int, ...]) -> AuditFinding:
    return msgspec.structs.replace(GAP, frames=frames)


def outcome(audit: Audit | None) -> CaseOutcome:
    return CaseOutcome(id="estop", title_zh="急停停止", title_en="Stop", verdict=Verdict.PASSED, key="r/0", audit=audit)


def part(text: str, case: str) -> str:
    found = re.search(rf'<details[^>]* id="c-{case}">.*?</details>', text, re.DOTALL)
    assert found is not None
    return found.group(0)


def whole(text: str) -> str:
    found = re.search(r'<section [^>]*id="rules-all".*?</section>', text, re.DOTALL)
    assert found is not None
    return found.group(0)


@pytest.fixture
def played(desk: Desk, model: Model) -> Model:
    """One case with findings, one clean, one from before there were audits."""
    online(desk)
    plays = Play("single_tariff", audit=FOUND), Play("estop", audit=CLEAN), Play("card")
    play(desk, model, "r1", *plays)
    return model


def result(client: FlaskClient, model: Model) -> str:
    return page(client, f"/models/{model.id}/result")


def test_a_case_says_what_its_audit_found_gravest_first(registrant: FlaskClient, played: Model) -> None:
    text = part(result(registrant, played), "single_tariff")
    places = [text.rindex(word) for word in ("心跳间隔超过 30 秒", "流水号没有照抄", "SOC 是")]
    assert places == sorted(places)
    assert "必须 1" in text
    assert "R-HB-1" in text
    assert "§6.3" in text
    assert "37 次" in text
    assert "应当 ≤ 30 s，看到 没有" in text
    assert "不改变这一项的结果" in text


def test_a_finding_leads_to_its_frames_with_the_fields_that_were_looked_at(
    registrant: FlaskClient, played: Model
) -> None:
    text = part(result(registrant, played), "single_tariff").replace("&amp;", "&")
    log = f"/models/{played.id}/frames?case=r1/0-single_tariff"
    assert f'href="{log}&n=2"' in text
    assert f'href="{log}&n=4&field=soc&field=energy"' in text


@pytest.mark.parametrize(
    ("window", "beats", "links"), [((5, 6, 9, 11), 3, [5, 9]), ((5, 6), 1, [5]), ((5, 6, 9), 2, [5, 6]), ((11,), 0, [])]
)
def test_what_did_not_come_shows_that_the_pile_was_there_meanwhile(
    window: tuple[int, ...], beats: int, links: list[int]
) -> None:
    late = msgspec.structs.replace(GAP, window=window)
    told = rules_of(outcome(Audit(findings=(late, GAP)))).breaches[0]
    assert told.beats == beats
    assert [cite.n for cite in told.meanwhile] == links


def test_the_heartbeats_meanwhile_are_counted_and_led_to(registrant: FlaskClient, desk: Desk, model: Model) -> None:
    online(desk)
    late = msgspec.structs.replace(GAP, window=(1, 2, 4, 5))
    play(desk, model, "r1", Play("single_tariff", audit=Audit(findings=(late,), frames=3)))
    text = part(result(registrant, model), "single_tariff").replace("&amp;", "&")
    assert "期间有 3 次心跳" in text
    assert f'href="/models/{model.id}/frames?case=r1/0-single_tariff&n=1"' in text


def test_the_audit_never_changes_how_a_case_came_out(registrant: FlaskClient, played: Model) -> None:
    text = part(result(registrant, played), "single_tariff")
    assert "dk-state--ok" in text
    assert "dk-state--bad" not in text


def test_nothing_found_is_one_calm_line(registrant: FlaskClient, played: Model) -> None:
    text = part(result(registrant, played), "estop")
    assert "核对过，没有发现问题。" in text
    assert "dk-level" not in text


def test_an_old_attempt_says_that_it_was_not_checked(registrant: FlaskClient, played: Model) -> None:
    text = part(result(registrant, played), "card")
    assert "未核对" in text
    assert "没有发现问题" not in text


def test_all_cases_together_tell_each_check_once_and_where(registrant: FlaskClient, desk: Desk, played: Model) -> None:
    play(desk, played, "r2", Play("cross_tariff", audit=FOUND))
    text = whole(result(registrant, played))
    assert text.count("心跳间隔超过 30 秒") == 1
    assert "74 次" in text
    assert "单价格段充电" in text
    assert "跨价格段充电" in text
    assert "不改变上面的结果" in text
    assert "有 1 项没有核对" in text


def test_before_anything_was_tested_there_is_nothing_to_check(registrant: FlaskClient, model: Model) -> None:
    assert "还没有可核对的测试。" in whole(result(registrant, model))


def test_what_a_pile_makes_a_finding_say_is_text(registrant: FlaskClient, played: Model) -> None:
    assert "<b>101</b>" not in result(registrant, played)


def test_only_the_attempt_that_counts_is_told_about(registrant: FlaskClient, desk: Desk, played: Model) -> None:
    play(desk, played, "r2", Play("single_tariff", audit=CLEAN))
    text = result(registrant, played)
    assert "没有发现问题" in part(text, "single_tariff")
    assert "心跳间隔" not in whole(text)


def test_english_pages_say_it_in_english(registrant: FlaskClient, played: Model) -> None:
    registrant.post("/language", data={"to": "en", "back": "/"})
    text = part(result(registrant, played), "single_tariff")
    assert "A heartbeat came too late" in text
    assert "seen none" in text
    assert "Must 1" in text
    assert "心跳" not in text


def test_a_reviewer_sees_the_same_beside_the_evidence(reviewer: FlaskClient, played: Model) -> None:
    text = page(reviewer, f"/review/models/{played.id}?run=r1&position=0")
    assert text.count("心跳间隔超过 30 秒") == 2
    assert "不改变这一项的结果" in text
    assert "有 1 项是以前测的，没有核对协议规范。" in text
    clean = page(reviewer, f"/review/models/{played.id}/cases/r1/1")
    assert "核对过，没有发现问题。" in clean
    old = page(reviewer, f"/review/models/{played.id}/cases/r1/2")
    assert "未核对" in old


def test_the_printed_report_has_it_too(registrant: FlaskClient, played: Model) -> None:
    text = page(registrant, f"/models/{played.id}/report")
    assert "心跳间隔超过 30 秒" in text
    assert "R-HB-1" in text


def test_frames_are_named_once_each_the_first_finding_whole() -> None:
    numbers = [(2, 3), (3, 5), (6, 7)]
    findings = tuple(gap(frames) for frames in numbers)
    (breach,) = rules_of(outcome(Audit(findings=findings, counts={"heartbeat_gap": 3}))).breaches
    assert [cite.n for cite in breach.cites] == [2, 3, 5, 7]
    assert breach.times == 3


def test_what_is_only_counted_is_counted_over_all_attempts() -> None:
    audit = Audit(findings=(GAP,), counts={"heartbeat_gap": 25})
    rules = rules_together([outcome(audit), outcome(audit), outcome(None)])
    assert [breach.times for breach in rules.breaches] == [50]
    assert (rules.checked, rules.unchecked) == (2, 1)
    assert rules.counts == (("must", ("必须", "Must"), 1),)


def test_what_was_found_between_cases_is_one_touch_away(
    registrant: FlaskClient, reviewer: FlaskClient, played: Model
) -> None:
    way = f'href="/models/{played.id}/frames?found=1"'
    for text in (whole(result(registrant, played)), page(reviewer, f"/review/models/{played.id}?run=r1&position=0")):
        assert "场景之间的报文也按规范核对。" in text
        assert way in text
