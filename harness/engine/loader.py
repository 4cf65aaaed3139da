"""YAML text to Scenario: every mistake told at once, each with file, line and what would be right."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from harness.core.documents import DocumentError, Marks, line_of, parse, read_text, validate
from harness.core.ports import Language
from harness.engine.scenario import Head, PlacedStep, Scenario
from harness.engine.steps import STEPS
from harness.engine.steps.base import Step
from harness.engine.steps.expect import END_OF_CHARGE

COMMON = ("otherwise", "when")  # keys that every step takes


def load(path: Path, language: Language) -> Scenario:
    """Read a scenario file; DocumentError names all its mistakes."""
    return read(read_text(path), language, str(path))


def digest(text: str) -> str:
    """SHA-256 of a case's text, by which a report says what was played."""
    return hashlib.sha256(text.encode()).hexdigest()


def read(text: str, language: Language, name: str) -> Scenario:
    """Read scenario text; `name` is what mistakes are told under."""
    data, marks = parse(text, name)
    if not isinstance(data, dict):
        raise DocumentError([f"{name}:1: a scenario has id, title, about and steps"])
    errors: list[str] = []
    head = _head(data, marks, name, errors)
    steps = list(_steps(data.get("steps"), marks, name, errors))
    errors += _mistakes(steps, marks, language, name)
    if errors or head is None:
        raise DocumentError(errors)
    return Scenario(head, tuple(steps), text, name)


def _head(data: Mapping[str, Any], marks: Marks, name: str, errors: list[str]) -> Head | None:
    try:
        return validate({key: value for key, value in data.items() if key != "steps"}, Head, marks, name)
    except DocumentError as error:
        errors += error.lines
        return None


def _steps(steps: object, marks: Marks, name: str, errors: list[str]) -> Iterator[PlacedStep]:
    if not isinstance(steps, list) or not steps:
        errors.append(
            f"{name}:{line_of(marks, ('steps',))}: steps takes a list of steps, each with one of {', '.join(STEPS)}"
        )
        return
    for index, entry in enumerate(steps):
        line = line_of(marks, ("steps", index))
        if not isinstance(entry, dict) or len(entry) != 1:
            errors.append(f"{name}:{line}: a step has one key, one of {', '.join(STEPS)}")
            continue
        (key, value), kind = next(iter(entry.items())), STEPS.get(next(iter(entry)))
        if kind is None:
            errors.append(f"{name}:{line}: there is no step '{key}'; there are {', '.join(STEPS)}")
            continue
        if not isinstance(value, dict):
            value = {kind.shorthand: value} if kind.shorthand and value is not None else (value or {})
        try:
            yield PlacedStep(validate(value, kind, marks, name, ("steps", index, key)), line)
        except DocumentError as error:
            errors += error.lines


def _mistakes(steps: list[PlacedStep], marks: Marks, language: Language, name: str) -> Iterator[str]:
    labels: set[str] = set()
    lines = {place: line for place, line in marks.items() if place[:1] == ("steps",)}
    for placed in steps:
        found = [*placed.step.mistakes(language, labels), *_unknown_label(placed.step, labels)]
        for key, sentence in found:
            inner = [line for place, line in lines.items() if place[-1] == key and line >= placed.line]
            yield f"{name}:{min(inner, default=placed.line)}: {sentence}"
        labels.add(getattr(placed.step, "label", ""))


def _unknown_label(step: Step, labels: set[str]) -> Iterator[tuple[str, str]]:
    since = getattr(step, "since", "")
    if since and since not in labels and not (since == END_OF_CHARGE and step.key == "expect"):
        yield "since", f"no earlier step has the label '{since}'"


__all__ = ["Step", "digest", "load", "read"]
