"""What a page shows of the moment: the large line, the count, the prompt, the last report of the gun."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from harness.app.desk import words
from harness.app.desk.chart import watched
from harness.app.desk.lines import absence_of, count_of, line_of
from harness.app.desk.operator import Open
from harness.app.desk.piles_now import chip_number
from harness.core.amounts import Reading
from harness.core.pairs import Pair
from harness.core.ports import Language
from harness.core.wording import fill
from harness.engine.run import Run
from harness.engine.scenario import Scenario
from harness.engine.steps.base import Step
from web.services import PromptNow, ReadingNow


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """All that a moment is made of; `index` is the step that is going on, `since` the wall time of the clock's zero."""

    scenario: Scenario | None
    run: Run | None
    index: int
    open: Open | None
    state: str
    stopped: bool
    online: bool
    since: datetime

    @property
    def step(self) -> Step | None:
        """The step that is going on."""
        if self.scenario is None or self.index < 0:
            return None
        return self.scenario.steps[self.index].step

    @property
    def away(self) -> bool:
        """Is the pile away, and should it be?"""
        return not self.online and self.step is not None and self.step.away

    @property
    def answered(self) -> bool:
        """Did somebody say that it is done, and the frames are waited for?"""
        return self.step is not None and self.step.key == "ask" and self.open is None

    def wall(self, moment: float) -> datetime:
        """A moment of the clock as time of day."""
        return self.since + timedelta(seconds=moment)


def shown(scene: Scene, language: Language) -> dict[str, Any]:
    """The fields of a RunNow that tell of the moment."""
    due = scene.run.shown_deadline() if scene.run is not None and scene.open is None else None
    what = _count(scene, language)
    counts = due is not None and what != words.NOTHING
    return {
        "line": _line(scene, language),
        "count_due": scene.wall(due) if due is not None and counts else None,
        "count_what": what if counts else words.NOTHING,
        "reading": _reading(scene),
        "prompt": _prompt(scene, language),
        "away": scene.away,
    }


def _line(scene: Scene, language: Language) -> Pair:
    step = scene.step
    if scene.state == "over":
        return words.LINES["stopped" if scene.stopped else "over"]
    if scene.state == "stopping":
        return words.LINES["stopping"]
    if scene.open is not None:
        return words.in_one_row(_asked(scene.open).line)
    if step is not None and scene.away:
        return absence_of(step)
    if scene.run is None:
        return words.LINES["between"]
    if not scene.online:
        return words.LINES["offline"]
    if step is not None and step.key == "ready" and _charges(scene):
        return words.LINES["ready.charging"]
    return line_of(step, language, scene.answered) if step is not None else words.LINES["wind_down"]


def _charges(scene: Scene) -> bool:
    reading = scene.run.last_reading() if scene.run is not None else None
    return reading is not None and reading.status == "charging"


def _count(scene: Scene, language: Language) -> Pair:
    if scene.scenario is None:
        return words.NOTHING
    if scene.index < 0:
        return words.COUNTS["wind_down"]
    return count_of(scene.scenario, scene.index, language, scene.answered)


def _asked(waiting: Open) -> words.Asked:
    return words.prompt(waiting.prompt.act, waiting.prompt.params)


def _prompt(scene: Scene, language: Language) -> PromptNow | None:
    if scene.open is None:
        return None
    prompt, asked = scene.open.prompt, _asked(scene.open)
    return PromptNow(
        id=scene.open.id,
        act=prompt.act,
        kind=words.KINDS.get(prompt.act, "act"),
        line=asked.line,
        more=asked.more,
        button=asked.button,
        due=scene.wall(prompt.due),
        gun_no=prompt.gun_no,
        note=_note(scene, prompt.act, language),
        proves=scene.step is None or bool(getattr(scene.step, "proof", "")),
        params={**prompt.params, "texts": _codes(scene.run, language)} if prompt.act == "scan_qr" else prompt.params,
    )


def _note(scene: Scene, act: str, language: Language) -> Pair:
    """What is in the way of what is asked for."""
    if not scene.online:
        return words.NOTES["offline"]
    message = scene.run.refused_request() if scene.run is not None and act in words.STARTS else None
    if scene.run is None or message is None:
        return words.NOTHING
    items = scene.run.bench.profile.items
    if act == "start_by_vin":
        got, wanted = language.shown_vin(message), items.vin
    else:
        card = language.shown_card(message)
        got, wanted = chip_number(card) if card else "", items.card
    return fill(words.NOTES[act if got else "other"], {"got": got, "wanted": wanted.upper()})


def _codes(run: Run | None, language: Language) -> tuple[str, ...]:
    """What the code on the pile's screen may hold."""
    sent = run.view().sent("qr") if run is not None else ()
    return language.qr_texts(sent[-1].message, run.bench.gun_no) if run is not None and sent else ()


def _reading(scene: Scene) -> ReadingNow | None:
    reading = scene.run.last_reading(watched(scene.run)) if scene.run is not None else None
    return None if reading is None else reading_now(reading)


def reading_now(reading: Reading) -> ReadingNow:
    """A report as printed numbers; a pile that knows no state of charge sends zero."""
    return ReadingNow(
        power=f"{reading.power:.1f}",
        voltage=str(reading.voltage),
        current=str(reading.current),
        energy=str(reading.energy),
        soc=str(reading.soc) if reading.soc else "",
        amount=str(reading.amount),
    )
