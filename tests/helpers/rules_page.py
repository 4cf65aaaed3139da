"""docs/rules.md: the 115 rules of the document, each with what checks it, or why nothing can."""

from __future__ import annotations

import re
from pathlib import Path

from harness.core.auditing import Level
from harness.protocols.ykc.audit.rule import Rule
from harness.protocols.ykc.audit.rulebook import BY_CODEC, NOT_CHECKABLE, PLATFORM, Written, rulebook
from harness.protocols.ykc.audit.rules import RULES

CHECKOUT = Path(__file__).resolve().parent.parent.parent
RULE_ID = re.compile(r"R-[A-Z]+-\d+")
LEVELS = {Level.MUST: "必须 must", Level.SHOULD: "应当 should", Level.REMARK: "备注 remark"}

PAGE = """\
# 协议规范的规则 The protocol's rules

云快充 V1.6 文档里的 {total} 条规则，其中 {bound} 条约束桩。每次联调都按它们核对全部报文，与用例的结论分开给出；也可以用
`harness audit FILE` 核对别处抓来的报文。

The V1.6 document holds {total} rules, {bound} of them bind the pile. Every session is audited by them, apart from any
case's verdict; `harness audit FILE` does the same for captures from elsewhere.

* 必须 must：违反时 `harness run` 以 1 退出 a breach ends `harness run` with 1
* 应当 should：文档清楚，但现场的桩各有不同 clear, but piles in the field differ
* 备注 remark：只提一下 told, held against nobody
* 文档自相矛盾处（第 9 章勘误）最多算“应当”，除非加 `--strict`。
  Where the document contradicts itself (the erratum is named) a breach is at most should, unless `--strict` is given.

| 谁核对 checked by | 条数 rules |
|---|---|
| 审计规则 the auditor | {audited} |
| 只能由平台自己遵守 the platform's own duty | {ours} |
| 从平台一侧无法核对 cannot be checked from the platform's side | {unseen} |

审计共有 {checks} 项检查。The auditor has {checks} checks.

{chapters}

## 勘误 Errata

{errata}

本页由程序生成 This page is made from `harness/protocols/ykc/audit/` by `{again}`.
"""


def rules_page(again: str) -> str:
    """All of it."""
    book = rulebook()
    return PAGE.format(
        total=len(book),
        bound=sum(rule.binds != PLATFORM for rule in book),
        audited=sum(bool(_checks(rule.id)) for rule in book),
        ours=sum(rule.binds == PLATFORM for rule in book),
        unseen=len(NOT_CHECKABLE),
        checks=len(RULES),
        chapters="\n\n".join(_chapter(topic, book) for topic in dict.fromkeys(rule.topic for rule in book)),
        errata=_errata(),
        again=again,
    )


def _chapter(topic: str, book: tuple[Written, ...]) -> str:
    lines = [f"## {topic}", "", "| rule | 原文 text | 核对 checked by |", "|---|---|---|"]
    lines += [
        f"| {rule.id}<br>§{rule.section} | {rule.text} | {_checked(rule)} |" for rule in book if rule.topic == topic
    ]
    return "\n".join(lines)


def _checked(rule: Written) -> str:
    parts = [_told(check) for check in _checks(rule.id)]
    if rule.id in BY_CODEC:
        parts.append("编解码 the codec reads every frame by it")
    cases = _cases().get(rule.id, ())
    if cases:
        parts.append("用例 cases: " + ", ".join(f"`{case}`" for case in cases))
    if rule.id in NOT_CHECKABLE:
        zh, en = NOT_CHECKABLE[rule.id]
        parts.append(f"无法核对 cannot be checked: {zh}<br>{en}")
    if rule.binds == PLATFORM:
        parts.append("约束平台 binds the platform: kept by ours")
    return "<br>".join(parts)


def _told(check: Rule) -> str:
    limits = [f"{check.window:g} s" if check.window is not None else "", f"+ {check.slack:g} s" if check.slack else ""]
    facts = [LEVELS[check.level], " ".join(each for each in limits if each), check.tolerance, check.doubt]
    return f"`{check.check}` {'; '.join(fact for fact in facts if fact)}: {check.zh}<br>{check.en}"


def _checks(rule_id: str) -> list[Rule]:
    return [check for check in RULES if check.id == rule_id]


def _errata() -> str:
    lines = ["| erratum | 核对 check |", "|---|---|"]
    ids = sorted({check.id for check in RULES if check.id.startswith("E-")})
    lines += [f"| {each} | {'<br>'.join(_told(check) for check in _checks(each))} |" for each in ids]
    return "\n".join(lines)


def _cases() -> dict[str, tuple[str, ...]]:
    """Which cases cite which rules."""
    found: dict[str, list[str]] = {}
    for file in sorted((CHECKOUT / "scenarios" / "ykc").glob("*.yaml")):
        for rule in sorted(set(RULE_ID.findall(file.read_text(encoding="utf-8")))):
            found.setdefault(rule, []).append(file.stem)
    return {rule: tuple(cases) for rule, cases in found.items()}
