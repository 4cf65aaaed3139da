"""What machines read: outcome.json, frames.jsonl, JUnit, csv and txt."""

import csv
import io
import json
from xml.etree import ElementTree

import msgspec
import pytest

from harness.core.outcome import RunOutcome
from harness.core.verdict import Finding, Place, Verdict
from harness.protocols.ykc import CATALOGUE
from harness.report.csv import to_csv
from harness.report.jsonl import to_jsonl
from harness.report.junit import to_junit
from harness.report.outcome import to_json
from harness.report.txt import to_txt
from tests.report.conftest import CODE, Made


def with_verdict(outcome: RunOutcome, verdict: Verdict, **finding: str) -> RunOutcome:
    told = Finding(code="energy_mismatch", verdict=verdict, **finding)
    case = msgspec.structs.replace(outcome.cases[0], verdict=verdict, findings=(told,))
    return msgspec.structs.replace(outcome, cases=(case,))


def test_outcome_json_holds_what_is_no_pass_as_findings(made: Made) -> None:
    data = json.loads(to_json(made.outcome, made.journals))
    assert data["pile"] == CODE
    assert data["started"] == "2026-04-17T10:00:00+08:00"
    assert [(case["id"], case["verdict"]) for case in data["cases"]] == [
        ("cross_tariff", "FAILED"),
        ("estop", "BROKEN"),
        ("vin", "NOT_APPLICABLE"),
    ]
    assert data["cases"][0]["findings"] == [
        {
            "code": "energy_mismatch",
            "text_zh": "上送电量与平台不匹配",
            "text_en": "The reported energy does not match the platform's",
            "rule": "R-BM-11",
            "expected": "1.0490 kWh",
            "seen": "1.1821 kWh",
            "frames": [4, 6],
            "bytes": [],
        }
    ]
    assert [case["rules"] for case in data["cases"]] == [case.rules for case in made.outcome.cases]


def test_outcome_json_tells_which_bytes_a_finding_rests_on(made: Made) -> None:
    case = made.outcome.cases[0]
    places = (Place(frame=4, field="total_energy", start=118, end=122),)
    findings = tuple(msgspec.structs.replace(finding, places=places) for finding in case.findings)
    outcome = msgspec.structs.replace(made.outcome, cases=(msgspec.structs.replace(case, findings=findings),))
    told = json.loads(to_json(outcome, made.journals))["cases"][0]["findings"][0]["bytes"]
    assert told == [{"frame": 4, "field": "total_energy", "start": 118, "end": 122}]


def test_outcome_json_holds_every_check_with_its_verdict_and_tells_events_from_frames(made: Made) -> None:
    checks = json.loads(to_json(made.outcome, made.journals))["cases"][0]["checks"]
    assert [check["verdict"] for check in checks] == ["PASSED", "FAILED", "PASSED"]
    assert checks[1]["remedy_en"].startswith("Check that the pile's tariff periods")
    assert checks[0]["remedy_en"] == ""
    assert checks[2]["frames"] == [3]
    assert [(event["n"], event["what"]) for event in checks[2]["events"]] == [(2, "login")]


def test_values_with_names_are_told_in_the_language_around_them(made: Made) -> None:
    named = with_verdict(made.outcome, Verdict.FAILED, expected="尖·sharp 1.0490", seen="尖 sharp 1.1821")
    assert "应当 尖 1.0490  看到 尖 1.1821" in to_txt(named, made.journals, CATALOGUE.read)
    assert "expected sharp 1.0490; seen sharp 1.1821" in to_junit(named)


def test_an_old_finding_without_words_is_told_by_its_code(made: Made) -> None:
    finding = Finding(code="of_long_ago", verdict=Verdict.FAILED)
    case = msgspec.structs.replace(made.outcome.cases[0], findings=(finding,))
    outcome = msgspec.structs.replace(made.outcome, cases=(case,))
    assert json.loads(to_json(outcome))["cases"][0]["findings"][0]["text_zh"] == "of_long_ago"


def test_frames_jsonl_has_a_line_for_each_frame_with_its_fields(made: Made) -> None:
    lines = [json.loads(line) for line in to_jsonl(*made, CATALOGUE.read).splitlines()]
    assert [line["n"] for line in lines] == [3, 4, 5, 6, 7]
    reading = lines[1]
    assert reading["time"] == "2026-04-17T10:00:00.400+08:00"
    assert (reading["direction"], reading["name"], reading["case"]) == ("up", "realtime_data", "cross_tariff")
    assert reading["fields"]["energy"] == "1.0423"
    assert CATALOGUE.encode(reading["name"], reading["fields"]).hex().upper() == reading["hex"]


def test_frames_jsonl_keeps_bytes_that_make_no_frame(made: Made) -> None:
    line = json.loads(to_jsonl(*made, CATALOGUE.read).splitlines()[2])
    assert (line["hex"], line["name"], line["fields"], line["damage"]) == ("000102", None, {}, "garbage")


@pytest.mark.parametrize(
    ("verdict", "kind"),
    [
        (Verdict.PASSED, None),
        (Verdict.REMARK, "system-out"),
        (Verdict.FAILED, "failure"),
        (Verdict.BROKEN, "error"),
        (Verdict.NOT_EARNED, "error"),
        (Verdict.NOT_APPLICABLE, "skipped"),
    ],
)
def test_junit_says_of_each_verdict_what_ci_servers_understand(made: Made, verdict: Verdict, kind: str | None) -> None:
    suites = ElementTree.fromstring(to_junit(with_verdict(made.outcome, verdict)))
    case = suites.find("testsuite/testcase")
    assert case is not None
    assert (case.get("name"), case.get("time")) == ("cross_tariff", "224.000")
    assert [child.tag for child in case] == ([] if kind is None else [kind])


def test_junit_counts_and_puts_properties_first(made: Made) -> None:
    suite = ElementTree.fromstring(to_junit(made.outcome)).find("testsuite")
    assert suite is not None
    assert [suite.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["3", "1", "1", "1"]
    assert suite[0].tag == "properties"


def test_junit_stays_xml_whatever_a_pile_sends(made: Made) -> None:
    outcome = with_verdict(made.outcome, Verdict.FAILED, seen="\x00\x1b]]><&\ud800")
    text = ElementTree.fromstring(to_junit(outcome)).findtext("testsuite/testcase/failure")
    assert text is not None
    assert "\ufffd\ufffd]]><&\ufffd" in text


def test_csv_opens_in_spreadsheets_with_nothing_to_work_out(made: Made) -> None:
    text = to_csv(*made, CATALOGUE.read)
    assert text.startswith("\ufeffn,time,case,")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row["type"] for row in rows] == ["0x01", "0x13", "", "0x3B", "0x03"]
    assert json.loads(rows[1]["fields"])["energy"] == "1.0423"


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_looks_like_a_formula_is_made_harmless(made: Made, begin: str) -> None:
    case = msgspec.structs.replace(made.outcome.cases[0], id=f"{begin}1+1")
    text = to_csv(msgspec.structs.replace(made.outcome, cases=(case,)), made.journals, CATALOGUE.read)
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert {row["case"] for row in rows} == {f"'{begin}1+1"}


def test_txt_tells_verdicts_findings_frames_and_events(made: Made) -> None:
    text = to_txt(*made, CATALOGUE.read)
    assert "2026-04-17 10:00:00 +0800 – 2026-04-17 10:15:00 +0800  未通过 / Failed" in text
    assert "跨价格段充电 cross_tariff: 未通过 / Failed" in text
    assert "应当 1.0490 kWh  看到 1.1821 kWh  R-BM-11 #4 #6" in text
    assert "#4 10:00:00.4 桩→平台 0x13 上传实时监测数据" in text
    assert "#5 10:00:00.5 桩→平台  不是完整的帧：garbage" in text
    assert "#2 10:00:00.0 * 登录 QH<b>1.4.2" in text
