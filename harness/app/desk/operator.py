"""Whoever stands at the pile with a phone: one open prompt, and the first answer to it counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from harness.core.operator import Answer, Prompt

Told = Callable[[Answer], None]


class Open(msgspec.Struct, frozen=True):
    """A prompt that waits; `id` is its number on the desk, which no other prompt ever has."""

    id: int
    prompt: Prompt
    told: Told


class DeskOperator:
    """An Operator (core/operator.py): shows prompts by `changed`, and hands the first answer back.

    Each case counts its prompts from one. On the desk every prompt has a number of its own, so that a late answer to
    one case never counts in the next.
    """

    def __init__(self, ids: Iterator[int], changed: Callable[[], None]) -> None:
        self._ids = ids
        self._changed = changed
        self.open: Open | None = None
        self.last: Open | None = None  # the one that was open last

    def ask(self, prompt: Prompt, answer: Told) -> None:
        """Show a prompt."""
        self.open = self.last = Open(next(self._ids), prompt, answer)
        self._changed()

    def withdraw(self, prompt: Prompt) -> None:
        """The frames proved the act, or its time is over."""
        if self.open is not None and self.open.prompt.id == prompt.id:
            self.open = None
            self._changed()

    def asked(self, prompt_id: int) -> Prompt | None:
        """The prompt of this number, as long as it is open."""
        return self.open.prompt if self.open is not None and self.open.id == prompt_id else None

    def answer(self, prompt_id: int, answer: Answer) -> bool:
        """The first answer counts; False when the prompt is not open any more."""
        waiting = self.open
        if waiting is None or waiting.id != prompt_id:
            return False
        self.open = None
        self._changed()
        waiting.told(msgspec.structs.replace(answer, prompt_id=waiting.prompt.id))
        return True

    def prolong(self, seconds: float) -> None:
        """The open prompt is due later."""
        if self.open is not None:
            prompt = msgspec.structs.replace(self.open.prompt, due=self.open.prompt.due + seconds)
            self.open = msgspec.structs.replace(self.open, prompt=prompt)
            self._changed()
