"""The hands of the demo: they do at a simulated pile what the desk asks of people, where that is switched on."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from harness.app.demo_piles import DemoPiles, PanelPile
from harness.core.clock import Clock
from harness.core.errors import PersonError
from harness.core.operator import Answer, Firmware, Prompt
from harness.core.pairs import in_both, slashed
from harness.pictures import read_qr
from harness.sim.script import ScriptedOperator
from web.services import House, PromptNow

EVERY = 1.0  # s of the demo's clock between two looks at what is asked
Key = tuple[str, int]


class Stock(Protocol):
    """What the hands need besides themselves; nothing of it may wait for the database."""

    def firmware(self, current: str) -> Firmware:
        """A file of another version than the pile has."""

    def keep_picture(self, model_id: int, picture: bytes) -> str:
        """Kept as evidence; gives its name."""


class Helper:
    """Looks at what the desk asks and does it; all in the reactor thread."""

    def __init__(self, house: House, piles: DemoPiles, clock: Clock, stock: Stock) -> None:
        self._house = house
        self._piles = piles
        self._clock = clock
        self._stock = stock
        self._at_work: dict[Key, tuple[ScriptedOperator, Prompt]] = {}

    def begin(self) -> None:
        """Look from now on."""
        self.look()
        self._clock.call_at(self._clock.monotonic() + EVERY, self.begin)

    def look(self) -> None:
        """Begin with what is newly asked, leave what is asked no more."""
        asked: set[Key] = set()
        for model_id in self._house.running():
            run = self._house.run(model_id)
            pile = self._piles.piles.get(run.pile_code) if run is not None else None
            if run is None or run.prompt is None or pile is None or not pile.helpful:
                continue
            key = (run.run_id, run.prompt.id)
            asked.add(key)
            if key not in self._at_work:
                self._help(key, model_id, run.prompt, pile)
        for key in self._at_work.keys() - asked:
            operator, prompt = self._at_work.pop(key)
            operator.withdraw(prompt)

    def _help(self, key: Key, model_id: int, asked: PromptNow, pile: PanelPile) -> None:
        operator = ScriptedOperator(
            pile.virtual.hands,
            self._clock,
            read_picture=read_qr,
            firmware=self._stock.firmware(str(asked.params.get("current", ""))),
            keep_picture=lambda picture: self._stock.keep_picture(model_id, picture),
            seed=asked.id,
        )
        prompt = Prompt(id=asked.id, act=asked.act, due=0.0, gun_no=asked.gun_no, params=asked.params)
        self._at_work[key] = operator, prompt
        operator.ask(prompt, lambda answer: self._tell(model_id, answer))

    def _tell(self, model_id: int, answer: Answer) -> None:
        try:
            self._answer(model_id, answer)
        except PersonError as error:
            self._house.answer(model_id, answer.prompt_id, error.text_zh)

    def _answer(self, model_id: int, answer: Answer) -> None:
        house, number = self._house, answer.prompt_id
        if answer.firmware is not None:
            house.chose(model_id, number, Path(answer.firmware.path), answer.firmware.version)
        elif answer.texts is not None:
            house.scanned(model_id, number, answer.texts, answer.picture)
        else:
            house.answer(model_id, number, slashed(in_both(answer.unable)))
