"""The steps of the present case, as its journal tells of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from harness.core.journal import AttemptBegan, Event, StepBegan, StepEnded
from harness.core.ports import Language
from harness.engine.judge import step_titles
from harness.engine.scenario import Scenario
from web.services import StepNow

HOW: dict[str, str] = {"done": "done", "early": "done", "late": "late", "aborted": "aborted", "unmet": "aborted"}


class StepsNow:
    """Follows the events of one case; `index` is the step that is going on, -1 when there is none."""

    def __init__(self, scenario: Scenario, guns: Sequence[str], language: Language) -> None:
        titles = step_titles(scenario, guns, language)
        self._blank = tuple(StepNow(title=title, state="waiting") for title in titles)
        self._steps = list(self._blank)
        self.index = -1

    def hear(self, event: Event, at: datetime) -> None:
        """An event of the case's journal."""
        if isinstance(event, StepBegan):
            self._pass_over(event.index)
            self._set(event.index, "now", at)
            self.index = event.index
        elif isinstance(event, StepEnded):
            self._set(event.index, HOW.get(event.how, "late"), at)
            self.index = -1
        elif isinstance(event, AttemptBegan):
            self._steps = list(self._blank)

    def all(self) -> Sequence[StepNow]:
        """Every step, in order."""
        return tuple(self._steps)

    def _pass_over(self, index: int) -> None:
        """What lies before a step that begins and never began itself was left out."""
        for place in range(index):
            if self._steps[place].state == "waiting":
                self._set(place, "skipped", None)

    def _set(self, index: int, state: str, at: datetime | None) -> None:
        self._steps[index] = msgspec.structs.replace(self._steps[index], state=state, at=at)
