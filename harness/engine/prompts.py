"""What a run has asked people and not heard of yet, kept in its journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from harness.core.journal import Answered, Journal, Prolonged, Prompted
from harness.core.operator import Answer, By, MoreTime
from harness.core.ports import Desk


class Prompts:
    """The open prompts of a run; each is answered once, by a person or by the frames, or closed."""

    def __init__(self, desk: Desk, journal: Journal) -> None:
        self._desk = desk
        self._journal = journal
        self._open: dict[int, Prompted] = {}

    def ask(self, act: str, within: float, params: Mapping[str, Any]) -> int:
        """Ask a person; gives the prompt's id."""
        prompt = self._desk.ask(act, within, params)
        self._open[prompt] = asked = Prompted(id=prompt, act=act, within=within, params=params)
        self._journal.event(asked)
        return prompt

    def is_open(self, prompt: int) -> bool:
        """Does somebody still have to do this?"""
        return prompt in self._open

    def prolong(self, more: MoreTime) -> bool:
        """A person needs more time; False when nothing is asked of them any more."""
        asked = self._open.get(more.prompt_id)
        if asked is None:
            return False
        within = asked.within + more.seconds
        self._open[asked.id] = msgspec.structs.replace(asked, within=within)
        self._journal.event(Prolonged(id=asked.id, act=asked.act, seconds=more.seconds, within=within))
        self._desk.prolong(asked.id, more.seconds)
        return True

    def close(self, prompt: int, by: By | None = None) -> None:
        """Close a prompt; without `by` nothing was done about it."""
        asked = self._open.pop(prompt, None)
        if asked is None:
            return
        self._desk.withdraw(prompt)
        if by:
            self._journal.event(Answered(id=prompt, act=asked.act, by=by, params=asked.params))

    def close_all(self) -> None:
        """Nobody is to do anything any more."""
        for prompt in tuple(self._open):
            self.close(prompt)

    def take(self, answer: Answer) -> bool:
        """Put an answer down; False for one that nobody waits for any more."""
        asked = self._open.pop(answer.prompt_id, None)
        if asked is None:
            return False
        chosen = answer.firmware
        self._journal.event(
            Answered(
                id=answer.prompt_id,
                act=asked.act,
                by=answer.by,
                params=asked.params,
                texts=answer.texts,
                picture=answer.picture,
                firmware_name=chosen.name if chosen else "",
                firmware_version=chosen.version if chosen else "",
                firmware_size=chosen.size if chosen else 0,
                unable=answer.unable,
            )
        )
        return True
