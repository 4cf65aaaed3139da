"""A house without a reactor: what the pages ask of it is kept, what it shows is set by the test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from harness.core.errors import PersonError
from harness.core.pile import PileProfile
from web.services import PileNow, RunNow


@dataclass
class FakeHouse:
    """Remembers each call in `calls`; `piles` and `runs` are what it shows."""

    piles: dict[str, PileNow] = field(default_factory=dict)
    runs: dict[int, RunNow] = field(default_factory=dict)
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    refuses: PersonError | None = None
    first: bool = True  # is an answer the first to its prompt?
    asked: Callable[[], None] = lambda: None  # called in the midst of whatever looks at runs or starts one

    def pile(self, pile_code: str) -> PileNow:
        return self.piles.get(pile_code, PileNow(pile_code=pile_code))

    def register(self, profile: PileProfile) -> None:
        self.calls.append(("register", profile))

    def forget(self, pile_code: str) -> None:
        self.calls.append(("forget", pile_code))

    def run(self, model_id: int) -> RunNow | None:
        return self.runs.get(model_id)

    def running(self) -> frozenset[int]:
        self.asked()
        return frozenset(number for number, run in self.runs.items() if run.state != "over")

    def start(self, model_id: int, profile: PileProfile, gun_no: str, cases: tuple[str, ...], by: str) -> str:
        self.asked()
        self._act("start", model_id, profile, gun_no, cases, by)
        return "20260417-100000-test"

    def stop(self, model_id: int) -> None:
        self._act("stop", model_id)

    def answer(self, model_id: int, prompt_id: int, unable: str = "") -> bool:
        self._act("answer", model_id, prompt_id, unable)
        return self.first

    def scanned(self, model_id: int, prompt_id: int, texts: tuple[str, ...], picture: str) -> bool:
        self._act("scanned", model_id, prompt_id, texts, picture)
        self._close_prompt(model_id)
        return self.first

    def chose(self, model_id: int, prompt_id: int, path: Path, version: str) -> bool:
        self._act("chose", model_id, prompt_id, path, version)
        return self.first

    def more_time(self, model_id: int, prompt_id: int, seconds: float) -> bool:
        self._act("more_time", model_id, prompt_id, seconds)
        return self.first

    def _close_prompt(self, model_id: int) -> None:
        """What was asked for is answered: from here on nothing is asked."""
        if model_id in self.runs:
            self.runs[model_id] = msgspec.structs.replace(self.runs[model_id], prompt=None)

    def _act(self, *call: Any) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.calls.append(call)
