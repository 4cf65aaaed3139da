"""SARIF as code servers want it."""

from __future__ import annotations

import json
from typing import Any

from harness.core.auditing import Level
from harness.report.sarif import LEVELS, Notice, SarifResult, SarifRule, Spot, to_sarif, uri_of

RULES = (
    SarifRule(id="heartbeat_gap", text=("没有心跳", "no heartbeat"), level="error", section="6.3", rule="R-HB-1"),
    SarifRule(id="crc_wrong", text=("CRC 错误", "the CRC is wrong"), level="error"),
    SarifRule(id="never_named", text=("无", "none")),
)
FOUND = (
    SarifResult(
        rule="crc_wrong",
        level="error",
        text=("CRC 错误", "the CRC is wrong"),
        spots=(Spot(file="logs/桩 1.txt", line=3), Spot(file="logs/桩 1.txt", line=7)),
        facts={"pile": "32010600019236"},
    ),
    SarifResult(
        rule="heartbeat_gap", level="error", text=("没有", "none"), spots=(Spot(file="a.pcap", what="packet 9"),)
    ),
    SarifResult(rule="unlisted", level="note", text=("同样", "同样")),
)


def written(**more: Any) -> dict[str, Any]:
    data = json.loads(to_sarif(RULES, FOUND, **more))
    assert data["version"] == "2.1.0"
    (run,) = data["runs"]
    found: dict[str, Any] = run
    return found


def test_only_rules_that_are_named_are_listed_and_results_point_at_them() -> None:
    run = written()
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["heartbeat_gap", "crc_wrong"]
    assert [result.get("ruleIndex") for result in run["results"]] == [1, 0, None]
    assert rules[0]["properties"] == {"section": "6.3", "rule": "R-HB-1"}


def test_texts_are_in_both_languages_once() -> None:
    run = written()
    assert [result["message"]["text"] for result in run["results"]] == [
        "CRC 错误 / the CRC is wrong",
        "没有 / none",
        "同样",
    ]


def test_the_last_spot_is_the_location_and_the_others_are_related() -> None:
    first = written()["results"][0]
    uri = "logs/%E6%A1%A9%201.txt"
    assert first["locations"] == [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": 7}}}]
    assert [(each["id"], each["physicalLocation"]["region"]["startLine"]) for each in first["relatedLocations"]] == [
        (1, 3)
    ]


def test_a_packet_has_a_name_and_no_line() -> None:
    (location,) = written()["results"][1]["locations"]
    assert "region" not in location["physicalLocation"]
    assert location["logicalLocations"][0]["name"] == "packet 9"


def test_notices_stand_with_the_invocation() -> None:
    run = written(notices=[Notice("warning", ("没有时间", "no times"))], ok=False)
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"] == [
        {"level": "warning", "message": {"text": "没有时间 / no times"}}
    ]


def test_every_level_has_its_word() -> None:
    assert [LEVELS[level] for level in Level] == ["error", "warning", "note"]


def test_paths_become_references() -> None:
    assert uri_of("a b.txt") == "a%20b.txt"
    assert uri_of("/tmp/a b.txt") == "file:///tmp/a%20b.txt"
