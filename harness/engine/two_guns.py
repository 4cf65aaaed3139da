"""What a case about two guns needs beside one about one: a view of each, and words that say which gun is meant."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from harness.core.pairs import Pair
from harness.core.pile import PileProfile
from harness.core.ports import Language
from harness.core.verdict import Finding
from harness.core.wording import at_gun
from harness.engine.scenario import Scenario
from harness.engine.steps.base import GunStep, Step
from harness.engine.view import View

OF_BOTH = ("guns_apart", "estop_both")
OF_THE_PILE = ("update",)  # checks


def guns_of(scenario: Scenario, profile: PileProfile, gun_no: str) -> tuple[str, ...]:
    """The guns that a case is about: the one under test, and for two the one beside it."""
    beside = profile.gun_beside(gun_no) if scenario.head.guns > 1 else ""
    return (gun_no, beside) if beside else (gun_no,)


def views_of(view: View, scenario: Scenario) -> tuple[View, ...]:
    """A view for each gun that a case is about, the gun under test first."""
    return (view, view.beside) if scenario.head.guns > 1 else (view,)


def is_at_gun(step: Step, language: Language) -> bool:
    """Is a step about one gun? What it sends or waits for may be about the whole pile."""
    frame = getattr(step, "frame", "")
    return isinstance(step, GunStep) and (not frame or language.names_gun(frame))


def naming(view: View, finding: Finding) -> Finding:
    """A finding that says at which gun, unless its sentence names one itself or means both."""
    if "gun" in finding.params or finding.code in OF_BOTH or finding.check in OF_THE_PILE:
        return finding
    return msgspec.structs.replace(finding, params={"at_gun": view.gun, **finding.params})


def titled(scenario: Scenario, guns: Sequence[str], titles: Sequence[Pair], language: Language) -> list[Pair]:
    """The sentences of all steps; where a case is about two guns, each says which."""
    if len(guns) < 2:
        return list(titles)
    steps = [placed.step for placed in scenario.steps]
    return [
        at_gun(guns[step.at_other_gun].lstrip("0"), title) if is_at_gun(step, language) else title
        for step, title in zip(steps, titles, strict=True)
    ]
