"""The large line and the count of a run, from the step that is going on."""

from __future__ import annotations

from harness.app.desk import words
from harness.core.pairs import Pair
from harness.core.ports import Language
from harness.engine.scenario import Scenario
from harness.engine.steps.base import Step


def keys_of(step: Step, language: Language) -> tuple[str, ...]:
    """Under which keys the words of a step stand, the most particular first."""
    says, _ = step.says()
    frame = getattr(step, "frame", "")
    role = language.role(frame) if frame else ""
    return (f"{step.key}.{role}", says, step.key)


def line_of(step: Step, language: Language, answered: bool = False) -> Pair:
    """What happens now."""
    keys = keys_of(step, language)
    return words.first_of(words.LINES, "ask.answered", *keys) if answered else words.first_of(words.LINES, *keys)


def absence_of(step: Step) -> Pair:
    """The pile is away and should be."""
    return words.first_of(words.LINES, f"away.{step.key}", "away")


def count_of(scenario: Scenario, index: int, language: Language, answered: bool = False) -> Pair:
    """What comes when the count of a step is over."""
    step = scenario.steps[index].step
    if answered:
        return words.COUNTS["ask.answered"]
    following = scenario.steps[index + 1].step.key if index + 1 < len(scenario.steps) else ""
    keys = keys_of(step, language)
    return words.first_of(words.COUNTS, keys[1] if keys[1] != step.key else "", f"{step.key}.{following}", *keys)
