"""Between a run and whoever stands beside the pile: prompts get numbers, answers go back to the run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from harness.core.clock import Clock
from harness.core.operator import Answer, Operator, Prompt

NO_OPERATOR = ("没有操作者", "there is no operator")


class Nobody:
    """An operator that is not there: every prompt is answered at once with that."""

    def ask(self, prompt: Prompt, answer: Callable[[Answer], None]) -> None:
        """Say so."""
        answer(Answer(prompt_id=prompt.id, by="nobody", unable=NO_OPERATOR))

    def withdraw(self, prompt: Prompt) -> None:
        """Nothing was shown."""


class OperatorDesk:
    """Gives prompts their numbers and hands the first answer to each back; the rest are too late."""

    def __init__(self, operator: Operator, clock: Clock, answered: Callable[[Answer], None]) -> None:
        self._operator = operator
        self._clock = clock
        self._answered = answered
        self._open: dict[int, Prompt] = {}
        self._last = 0

    def ask(self, act: str, within: float, params: Mapping[str, Any]) -> int:
        """Ask; the answer arrives later, never within this call."""
        self._last += 1
        now = self._clock.monotonic()
        prompt = Prompt(id=self._last, act=act, due=now + within, gun_no=str(params.get("gun", "")), params=params)
        self._open[prompt.id] = prompt
        self._clock.call_at(now, lambda: self._show(prompt.id))
        return prompt.id

    def prolong(self, prompt_id: int, seconds: float) -> None:
        """There is so much more time for it."""
        prompt = self._open.get(prompt_id)
        if prompt is not None:
            self._open[prompt_id] = msgspec.structs.replace(prompt, due=prompt.due + seconds)

    def withdraw(self, prompt_id: int) -> None:
        """The prompt is closed."""
        prompt = self._open.pop(prompt_id, None)
        if prompt is not None:
            self._operator.withdraw(prompt)

    def _show(self, prompt_id: int) -> None:
        prompt = self._open.get(prompt_id)
        if prompt is not None:
            self._operator.ask(prompt, self._take)

    def _take(self, answer: Answer) -> None:
        if self._open.pop(answer.prompt_id, None) is not None:
            self._answered(answer)
