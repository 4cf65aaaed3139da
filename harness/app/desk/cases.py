"""The cases as people choose them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness.app.desk import words
from harness.app.plan import find_scenarios
from harness.engine.scenario import Scenario
from harness.settings import Settings
from web.services import CaseInfo


def load_cases(settings: Settings) -> Mapping[str, Scenario]:
    """All cases in the order in which people do them, by id."""
    return {scenario.id: scenario for scenario in find_scenarios((), settings.scenarios)}


def case_info(scenario: Scenario) -> CaseInfo:
    """A case with what it will ask of people."""
    head = scenario.head
    return CaseInfo(
        id=head.id,
        title=(head.title.zh, head.title.en),
        about=(head.about.zh, head.about.en),
        needs=head.needs,
        asks=words.asks(acts_of(scenario)),
    )


def acts_of(scenario: Scenario) -> Sequence[str]:
    """What people are asked to do in a case, in order."""
    return tuple(str(act) for placed in scenario.steps if (act := getattr(placed.step, "act", "")))
