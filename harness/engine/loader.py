"""YAML text to Scenario: every mistake told at once, each with file, line and what would be right."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from harness.core.documents import DocumentError, Marks, line_of, parse, read_text, validate
from harness.core.ports import Language
from harness.core.safety import CLASSES
from harness.core.wording import FINDINGS
from harness.engine.scenario import Head, PlacedStep, Scenario
from harness.engine.steps import STEPS
from harness.engine.steps.base import Mistake, Step
from harness.engine.steps.expect import END_OF_CHARGE

COMMON = ("otherwise", "when")  # keys that every step takes


def load(path: Path, language: Language) -> Scenario:
    """Read a scenario file; DocumentError names all its mistakes. A file says where its case may be played."""
    scenario = read(read_text(path), language, str(path))
    if scenario.head.safety is None:
        one_of = ", ".join(CLASSES)
        wrong = Mistakes(str(path))
        wrong.add(1, f"没有写 safety；应为 {one_of} 之一", f"safety is missing; it is one of {one_of}")
        raise DocumentError(wrong.en, wrong.zh)
    return scenario


def digest(text: str) -> str:
    """SHA-256 of a case's text, by which a report says what was played."""
    return hashlib.sha256(text.encode()).hexdigest()


class Mistakes:
    """All that is wrong with one file, in both languages."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.zh: list[str] = []
        self.en: list[str] = []

    def add(self, line: int, zh: str, en: str) -> None:
        """One mistake in a line."""
        self.zh.append(f"{self.name}:{line}: {zh}")
        self.en.append(f"{self.name}:{line}: {en}")

    def take(self, error: DocumentError) -> None:
        """Mistakes that were told with their lines already."""
        self.zh += error.lines_zh
        self.en += error.lines


def read(text: str, language: Language, name: str) -> Scenario:
    """Read scenario text; `name` is what mistakes are told under."""
    data, marks = parse(text, name)
    wrong = Mistakes(name)
    if not isinstance(data, dict):
        wrong.add(1, "场景应有 id、title、about 和 steps", "a scenario has id, title, about and steps")
        raise DocumentError(wrong.en, wrong.zh)
    head = _head(data, marks, wrong)
    steps = list(_steps(data.get("steps"), marks, wrong))
    _look_over(steps, marks, language, wrong)
    for code in () if head is None else head.fails:
        if code not in FINDINGS:
            wrong.add(line_of(marks, ("fails",)), f"没有结论 '{code}'", f"there is no finding '{code}'")
    if head is not None:
        _check_guns(head, steps, marks, wrong)
    if wrong.en or head is None:
        raise DocumentError(wrong.en, wrong.zh)
    return Scenario(head, tuple(steps), text, name)


def _check_guns(head: Head, steps: list[PlacedStep], marks: Marks, wrong: Mistakes) -> None:
    """Whoever acts at a second gun says so in the head, and holds the pile."""
    if head.guns > 1 and head.holds != "pile":
        line = line_of(marks, ("guns",))
        wrong.add(line, "两把枪的场景要写 holds: pile", "a case for two guns takes `holds: pile`")
    for placed in steps if head.guns == 1 else ():
        if placed.step.at_other_gun:
            wrong.add(placed.line, "gun: other 要在开头写 guns: 2", "`gun: other` takes `guns: 2` in the head")


def _head(data: Mapping[str, Any], marks: Marks, wrong: Mistakes) -> Head | None:
    try:
        return validate({key: value for key, value in data.items() if key != "steps"}, Head, marks, wrong.name)
    except DocumentError as error:
        wrong.take(error)
        return None


def _steps(steps: object, marks: Marks, wrong: Mistakes) -> Iterator[PlacedStep]:
    known = ", ".join(STEPS)
    if not isinstance(steps, list) or not steps:
        line = line_of(marks, ("steps",))
        wrong.add(
            line, f"steps 应为步骤列表，每步为 {known} 之一", f"steps takes a list of steps, each with one of {known}"
        )
        return
    for index, entry in enumerate(steps):
        line = line_of(marks, ("steps", index))
        if not isinstance(entry, dict) or len(entry) != 1:
            wrong.add(line, f"每步只有一个键，为 {known} 之一", f"a step has one key, one of {known}")
            continue
        ((key, value),) = entry.items()
        kind = STEPS.get(key)
        if kind is None:
            wrong.add(line, f"没有步骤 '{key}'；现有 {known}", f"there is no step '{key}'; there are {known}")
            continue
        if not isinstance(value, dict):
            value = {kind.shorthand: value} if kind.shorthand else (value or {})
        try:
            yield PlacedStep(validate(value, kind, marks, wrong.name, ("steps", index, key)), line)
        except DocumentError as error:
            wrong.take(error)


def _look_over(steps: list[PlacedStep], marks: Marks, language: Language, wrong: Mistakes) -> None:
    """What the fields of a step alone do not show: frames, fields, values, labels."""
    labels: set[str] = set()
    lines = {place: line for place, line in marks.items() if place[:1] == ("steps",)}
    for placed in steps:
        for mistake in (*placed.step.mistakes(language, labels), *_unknown_label(placed.step, labels)):
            inner = [line for place, line in lines.items() if place[-1] == mistake.key and line >= placed.line]
            wrong.add(min(inner, default=placed.line), mistake.zh, mistake.en)
        labels.add(getattr(placed.step, "label", ""))


def _unknown_label(step: Step, labels: set[str]) -> Iterator[Mistake]:
    since = getattr(step, "since", "")
    if since and since not in labels and not (since == END_OF_CHARGE and step.key == "expect"):
        yield Mistake("since", f"前面没有步骤的 label 是 '{since}'", f"no earlier step has the label '{since}'")
