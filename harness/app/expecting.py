"""The file of known failures that `harness run --expect` reads, strictly."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, field_validator

from harness.core.documents import DocumentError, line_of, parse, read_text, validate, wrong
from harness.core.known import SESSION, Known
from harness.core.wording import FINDINGS
from harness.protocols.ykc.audit.rules import RULES

NAMES: frozenset[str] = frozenset(FINDINGS) | {rule.check for rule in RULES}
DAY = r"\d{4}-\d\d-\d\d"
MOST_NAMED = 3

Mistake = tuple[int, str, str]  # line, zh, en


class Entry(BaseModel):
    """One known failure."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    case: str = Field(min_length=1)
    finding: str = Field(min_length=1)
    reason: str = Field(min_length=1)
    until: str

    @field_validator("until")
    @classmethod
    def _is_a_day(cls, until: str) -> str:
        try:
            if re.fullmatch(DAY, until):
                return date.fromisoformat(until).isoformat()
        except ValueError:
            pass
        raise wrong(f"应为日期，如 2026-12-31，不是 '{until}'", f"this takes a day, such as 2026-12-31, not '{until}'")


class Expected(BaseModel):
    """The whole file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    known: tuple[Entry, ...]


def load_expected(path: Path, cases: Collection[str]) -> tuple[Known, ...]:
    """The known failures of a file; DocumentError names each line that is wrong. `cases` are the ids there are."""
    data, marks = parse(read_text(path), str(path))
    entries = validate(data, Expected, marks, str(path)).known
    lines = {index: line_of(marks, ("known", index)) for index in range(len(entries))}
    mistakes = [*_unknown(entries, cases, marks), *_twice(entries, lines)]
    if mistakes:
        raise DocumentError(
            [f"{path}:{line}: {en}" for line, _, en in sorted(mistakes)],
            [f"{path}:{line}: {zh}" for line, zh, _ in sorted(mistakes)],
        )
    return tuple(Known(**entry.model_dump()) for entry in entries)


def _unknown(
    entries: tuple[Entry, ...], cases: Collection[str], marks: Mapping[tuple[str | int, ...], int]
) -> list[Mistake]:
    """Cases and findings that there are not."""
    found: list[Mistake] = []
    for index, entry in enumerate(entries):
        if entry.case not in {SESSION, *cases}:
            like = _like(entry.case, [SESSION, *cases])
            line = line_of(marks, ("known", index, "case"))
            found.append((line, f"没有场景 '{entry.case}'{like[0]}", f"there is no case '{entry.case}'{like[1]}"))
        if entry.finding not in NAMES:
            like = _like(entry.finding, NAMES)
            line = line_of(marks, ("known", index, "finding"))
            zh = f"没有发现 '{entry.finding}'{like[0]}；全部见 docs/findings.md 和 docs/rules.md"
            en = f"there is no finding '{entry.finding}'{like[1]}; docs/findings.md and docs/rules.md list them"
            found.append((line, zh, en))
    return found


def _twice(entries: tuple[Entry, ...], lines: Mapping[int, int]) -> list[Mistake]:
    first: dict[tuple[str, str], int] = {}
    found: list[Mistake] = []
    for index, entry in enumerate(entries):
        before = first.setdefault((entry.case, entry.finding), lines[index])
        if before != lines[index]:
            what = f"{entry.case} {entry.finding}"
            found.append((lines[index], f"{what} 重复，第 {before} 行已有", f"{what} stands in line {before} already"))
    return found


def _like(name: str, names: Collection[str]) -> tuple[str, str]:
    """The nearest names, as the end of a sentence."""
    near = ", ".join(get_close_matches(name, sorted(names), n=MOST_NAMED))
    return (f"，是 {near} 吗", f", perhaps {near}") if near else ("", "")


__all__ = ["load_expected"]
