"""The cases as people choose them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from harness.app.desk import words
from harness.app.plan import all_scenarios
from harness.core.errors import PersonError
from harness.core.pile import PileProfile
from harness.core.safety import LIVE_SAFE
from harness.engine.judge import not_applicable
from harness.engine.scenario import Scenario
from harness.settings import Settings
from web.services import CaseInfo


def load_cases(settings: Settings) -> Mapping[str, Scenario]:
    """All cases in the order in which people do them, by id."""
    return {scenario.id: scenario for scenario in all_scenarios(settings.scenarios)}


def chosen(scenarios: Mapping[str, Scenario], cases: Iterable[str], profile: PileProfile) -> list[Scenario]:
    """Those of some cases that can be played with a pile; PersonError for one there is not, and when none is left."""
    asked = tuple(cases)
    for case in asked:
        if case not in scenarios:
            known = ", ".join(scenarios)
            raise PersonError(f"there is no case '{case}'; there are {known}", f"没有场景 '{case}'；现有 {known}")
    found = [scenarios[case] for case in asked if not_applicable(scenarios[case], profile) is None]
    if not found:
        raise PersonError(
            "none of these cases can be played: the model does not declare them, or a number is still missing",
            "这些场景现在不能测：型号没有申报，或者还没填卡号或 VIN",
        )
    return found


def case_info(scenario: Scenario) -> CaseInfo:
    """A case with what it will ask of people."""
    head = scenario.head
    return CaseInfo(
        id=head.id,
        title=(head.title.zh, head.title.en),
        about=(head.about.zh, head.about.en),
        needs=head.needs,
        asks=words.asks(acts_of(scenario)),
        suite=head.suite,
        guns=head.guns,
        safety=head.safety or LIVE_SAFE,
    )


def acts_of(scenario: Scenario) -> Sequence[str]:
    """What people are asked to do in a case, in order."""
    return tuple(str(act) for placed in scenario.steps if (act := getattr(placed.step, "act", "")))
