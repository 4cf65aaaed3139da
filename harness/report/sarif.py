"""SARIF 2.1.0, as code servers show it: rules with their texts, and results with a level and a place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

import msgspec

from harness import __version__
from harness.core.auditing import Level
from harness.core.pairs import Pair

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS: Mapping[Level, str] = {Level.MUST: "error", Level.SHOULD: "warning", Level.REMARK: "note"}
VALUE = re.compile(r"\{[^{}]*\}")


class SarifRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that results may name by its id. Its text is the same in every run: values stand in it as {names}."""

    id: str
    text: Pair
    level: str = "warning"  # error, warning, note
    section: str = ""  # of the protocol's document
    rule: str = ""  # its id there


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """A place: a line of a text file, or something that has a name (`what`, such as "packet 40")."""

    file: str
    line: int | None = None
    what: str = ""


class SarifResult(msgspec.Struct, frozen=True, kw_only=True):
    """Something found; the last of its places is where it showed, the others led to it.

    `times` says how often it was; `known` why it is put up with, if it is.
    """

    rule: str
    level: str
    text: Pair
    spots: tuple[Spot, ...] = ()
    facts: Mapping[str, Any] = msgspec.field(default_factory=dict)
    times: int = 1
    known: str = ""


class Notice(msgspec.Struct, frozen=True):
    """Something that readers of the results must know, and how grave it is."""

    level: str
    text: Pair


def to_sarif(
    rules: Iterable[SarifRule], results: Iterable[SarifResult], notices: Iterable[Notice] = (), ok: bool = True
) -> str:
    """One run of the harness as SARIF. Only rules that a result names are listed."""
    found = list(results)
    named = {result.rule for result in found}
    listed = [rule for rule in rules if rule.id in named]
    suppresses = any(result.known for result in found)  # all results of a run say so, or none does
    index = {rule.id: number for number, rule in enumerate(listed)}
    run = {
        "tool": {
            "driver": {"name": "charger-harness", "version": __version__, "rules": [_rule(rule) for rule in listed]}
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": ok, "toolExecutionNotifications": [_notice(each) for each in notices]}],
        "results": [_result(each, index, suppresses) for each in found],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return msgspec.json.format(msgspec.json.encode(log), indent=2).decode() + "\n"


def uri_of(file: str) -> str:
    """A path as a relative or absolute reference."""
    path = PurePath(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _rule(rule: SarifRule) -> dict[str, Any]:
    facts = {"section": rule.section, "rule": rule.rule}
    return {
        "id": rule.id,
        "shortDescription": _message((VALUE.sub("…", rule.text[0]), VALUE.sub("…", rule.text[1]))),
        "defaultConfiguration": {"level": rule.level},
        "properties": {name: value for name, value in facts.items() if value},
    }


def _result(result: SarifResult, index: Mapping[str, int], suppresses: bool) -> dict[str, Any]:
    out: dict[str, Any] = {"ruleId": result.rule, "level": result.level, "message": _message(result.text)}
    if result.rule in index:
        out["ruleIndex"] = index[result.rule]
    if result.spots:
        out["locations"] = [_location(result.spots[-1])]
        out["relatedLocations"] = [
            {"id": number, **_location(spot)} for number, spot in enumerate(result.spots[:-1], 1)
        ]
    if result.times > 1:
        out["occurrenceCount"] = result.times
    if suppresses:
        out["suppressions"] = [{"kind": "external", "justification": result.known}] if result.known else []
    if result.facts:
        out["properties"] = dict(result.facts)
    return out


def _location(spot: Spot) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri_of(spot.file)}}
    if spot.line is not None:
        physical["region"] = {"startLine": spot.line}
    out: dict[str, Any] = {"physicalLocation": physical}
    if spot.what:
        out["logicalLocations"] = [{"name": spot.what, "kind": "element"}]
    return out


def _notice(notice: Notice) -> dict[str, Any]:
    return {"level": notice.level, "message": _message(notice.text)}


def _message(text: Pair) -> dict[str, str]:
    zh, en = text
    return {"text": zh if zh == en else f"{zh} / {en}"}


__all__ = ["LEVELS", "Notice", "SarifResult", "SarifRule", "Spot", "to_sarif"]
