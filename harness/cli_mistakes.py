"""What argparse says is wrong, in both languages: Chinese first, each sentence whole."""

from __future__ import annotations

import re

from harness.core.pairs import Pair, halves

# What argparse says, as it is found in its sentence, and what we say. `what` is the option or the argument.
SAID: tuple[tuple[str, str, str], ...] = (
    ("invalid int value: (?P<got>.+)", "{what} 应为整数，不是 {got}", "{what} takes a whole number, not {got}"),
    ("invalid float value: (?P<got>.+)", "{what} 应为数字，不是 {got}", "{what} takes a number, not {got}"),
    (
        r"invalid choice: (?P<got>.+) \(choose from (?P<known>.+)\)",
        "{what} 没有 {got}，可用：{known}",
        "{what} cannot be {got}; it takes {known}",
    ),
    (
        "expected (one|at least one) argument",
        "{what} 后面缺少值；以 - 开头的值写成 {what}=值",
        "{what} lacks its value; one that begins with - is written {what}=VALUE",
    ),
    ("not allowed with argument (?P<other>.+)", "{what} 不能和 {other} 一起用", "{what} does not go with {other}"),
    ("ignored explicit argument (?P<got>.+)", "{what} 后面不跟值，多了 {got}", "{what} takes no value, not {got}"),
)
ALONE: tuple[tuple[str, str, str], ...] = (
    ("the following arguments are required: (?P<what>.+)", "缺少 {what}", "missing: {what}"),
    ("unrecognized arguments: (?P<what>.+)", "不认识 {what}", "unknown: {what}"),
    (
        "ambiguous option: (?P<what>.+) could match (?P<known>.+)",
        "{what} 不明确，可能是 {known}",
        "{what} may mean {known}",
    ),
)


def mistake(message: str) -> Pair:
    """A sentence of argparse, zh and en. What a check of ours says holds both languages already."""
    about = re.fullmatch(r"argument (?P<what>.+?): (?P<rest>.+)", message, re.DOTALL)
    if about is None:
        return _found(ALONE, message, "") or (message, message)
    what = about["what"]
    zh, en = halves(about["rest"])
    return _found(SAID, about["rest"], what) or (f"{what} {zh}", f"{what} {en}")


def _found(known: tuple[tuple[str, str, str], ...], message: str, what: str) -> Pair | None:
    for pattern, zh, en in known:
        match = re.fullmatch(pattern, message, re.DOTALL)
        if match is not None:
            facts = {"what": what, **match.groupdict()}
            facts["known"] = facts.get("known", "").replace("'", "")  # releases of Python differ in them
            return zh.format_map(facts), en.format_map(facts)
    return None


__all__ = ["mistake"]
