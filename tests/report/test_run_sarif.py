"""A run as SARIF: levels, places that a build can show, what is known, and the audit once for each check."""

import json
from typing import Any

import msgspec
import pytest

from harness.core import wording
from harness.core.known import SESSION
from harness.core.verdict import Verdict
from harness.protocols.ykc import CATALOGUE
from harness.report.jsonl import to_jsonl
from harness.report.run_sarif import run_sarif
from harness.report.sarif import VALUE
from tests.report.conftest import Made
from tests.report.test_formats import with_verdict
from tests.report.test_rules import ENERGY, LATE, audited, known_as

__all__ = ["audited"]


def log(made: Made, **places: str) -> dict[str, Any]:
    (run,) = json.loads(run_sarif(made.outcome, made.journals, **places))["runs"]
    found: dict[str, Any] = run
    return found


def by_rule(run: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["ruleId"]: each for each in run["results"]}


def files(result: dict[str, Any], places: str = "relatedLocations") -> list[tuple[str, int]]:
    physical = [each["physicalLocation"] for each in result[places]]
    return [(each["artifactLocation"]["uri"], each["region"]["startLine"]) for each in physical]


def test_findings_of_cases_and_checks_of_the_audit_are_results(audited: Made) -> None:
    run = log(audited, profile="piles/my.yaml", folder="out")
    levels = {rule: each["level"] for rule, each in by_rule(run).items()}
    assert levels == {
        "cross_tariff/energy_mismatch": "error",
        "estop/operator_silent": "warning",
        ENERGY: "error",
        LATE: "warning",
        "odd_bits": "note",
    }
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == list(levels)
    assert by_rule(run)[ENERGY]["occurrenceCount"] == 3
    assert "occurrenceCount" not in by_rule(run)[LATE]


def test_a_rule_is_told_by_its_own_sentence_and_a_result_by_its_values(audited: Made) -> None:
    checks = {ENERGY: ("记录 {got} kWh", "record {got} kWh")}
    (run,) = json.loads(run_sarif(*audited, checks=checks))["runs"]
    texts = {rule["id"]: rule["shortDescription"]["text"] for rule in run["tool"]["driver"]["rules"]}
    assert texts[ENERGY] == "记录 … kWh / record … kWh"
    assert texts[LATE] == LATE
    mismatch = wording.FINDINGS["energy_mismatch"][1]
    assert VALUE.sub("…", mismatch) in texts["cross_tariff/energy_mismatch"]
    assert "…" not in by_rule(run)["cross_tariff/energy_mismatch"]["message"]["text"]
    assert "…" not in by_rule(run)[ENERGY]["message"]["text"]


def test_findings_of_one_code_in_one_case_are_one_result(made: Made) -> None:
    case = made.outcome.cases[0]
    twice = msgspec.structs.replace(case, findings=case.findings * 2)
    run = log(Made(msgspec.structs.replace(made.outcome, cases=(twice,)), made.journals))
    assert [(each["ruleId"], each["occurrenceCount"]) for each in run["results"]] == [
        ("cross_tariff/energy_mismatch", 2)
    ]


def test_a_result_stands_at_the_profile_and_leads_to_its_frames(audited: Made) -> None:
    run = log(audited, profile="piles/my.yaml", folder="out")
    mismatch = by_rule(run)["cross_tariff/energy_mismatch"]
    assert files(mismatch, "locations") == [("piles/my.yaml", 1)]
    lines = [json.loads(line) for line in to_jsonl(*audited, CATALOGUE.read).splitlines()]
    assert [lines[line - 1]["n"] for _, line in files(mismatch)] == [4, 6]
    assert {file for file, _ in files(mismatch)} == {"out/frames.jsonl"}
    assert files(by_rule(run)[LATE]) == [("out/journal.jsonl", 4), ("out/journal.jsonl", 5)]


def test_the_lines_of_the_session_are_those_of_the_journal_file(audited: Made) -> None:
    from harness.core.journal_file import to_journal

    written = to_journal(*audited).splitlines()
    run = log(audited, profile="piles/my.yaml")
    assert [json.loads(written[line - 1])["n"] for _, line in files(by_rule(run)[LATE])] == [11, 12]


def test_without_a_profile_a_result_stands_at_its_last_frame(audited: Made) -> None:
    run = log(audited)
    assert files(by_rule(run)["cross_tariff/energy_mismatch"], "locations") == [("frames.jsonl", 3 + 1)]
    assert by_rule(run)["estop/operator_silent"]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]


def test_what_is_known_is_suppressed_and_all_others_say_that_they_are_not(audited: Made) -> None:
    assert "suppressions" not in log(audited)["results"][0]
    outcome = known_as(audited.outcome, ("cross_tariff", "energy_mismatch"), (SESSION, ENERGY))
    results = by_rule(log(Made(outcome, audited.journals)))
    reason = {"kind": "external", "justification": "旧模块 / old module (≤ 2026-12-31)"}
    assert {rule: each["suppressions"] for rule, each in results.items()} == {
        "cross_tariff/energy_mismatch": [reason],
        "estop/operator_silent": [],
        ENERGY: [reason],
        LATE: [],
        "odd_bits": [],
    }


def test_a_list_that_is_not_true_any_more_is_a_notice(audited: Made) -> None:
    outcome = known_as(audited.outcome, ("cross_tariff", "vin_wrong"))
    notices = log(Made(outcome, audited.journals))["invocations"][0]["toolExecutionNotifications"]
    assert [notice["level"] for notice in notices] == ["note", "error"]
    assert "vin_wrong" in notices[1]["message"]["text"]


@pytest.mark.parametrize("verdict", [Verdict.PASSED, Verdict.NOT_APPLICABLE])
def test_what_passed_or_does_not_apply_is_no_result(made: Made, verdict: Verdict) -> None:
    assert log(Made(with_verdict(made.outcome, verdict), made.journals))["results"] == []
