"""What the demo's piles do by themselves."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from harness.app.demo_helper import Helper
from harness.app.demo_piles import DemoPiles
from harness.app.desk.crossing import direct
from harness.app.people import demo_firmware
from harness.core.clock import ManualClock
from harness.core.errors import PersonError
from harness.core.operator import Firmware
from harness.core.pile import PileProfile
from tests.helpers.at_hand import AtHand
from tests.sim.pretend import firmware_file, profile
from tests.web.fakes import FakeHouse
from web.services import PromptNow, RunNow

CODE = profile("demo").pile_code
PAIR = ("请操作", "Your turn")
AT = datetime(2026, 4, 17, 2, 0, tzinfo=UTC)


class Scene:
    """One pile, one run that asks, and the helper between them."""

    def __init__(self, helpful: bool = True) -> None:
        self.clock = ManualClock()
        self.house = FakeHouse()
        self.kept: list[tuple[int, bytes]] = []
        piles = DemoPiles(self._make, self._unknown, direct)
        self.pile = piles.add(profile("demo"))
        piles.set_helpful(CODE, helpful)
        self.helper = Helper(self.house, piles, self.clock, self)
        self.helper.begin()

    def asks(self, act: str, pile_code: str = CODE, model: int = 1, params: Mapping[str, Any] | None = None) -> None:
        prompt = PromptNow(
            id=7, act=act, kind="act", line=PAIR, more=PAIR, button=PAIR, due=AT, gun_no="01", params=params or {}
        )
        run = RunNow(
            run_id="r", model_id=model, gun_no="01", state="running", version=1, at=AT, speed=1, cases=(),
            prompt=prompt, pile_code=pile_code,
        )  # fmt: skip
        self.house.runs[model] = run

    def told(self) -> list[tuple[Any, ...]]:
        return [call for call in self.house.calls if call[0] in ("answer", "scanned", "chose")]

    def _make(self, asked: PileProfile) -> Any:
        return AtHand(asked)

    def _unknown(self, code: str) -> PileProfile:
        raise AssertionError(code)

    def firmware(self, current: str) -> Firmware:
        return demo_firmware(firmware_file().parent)

    def keep_picture(self, model_id: int, picture: bytes) -> str:
        self.kept.append((model_id, picture))
        return "kept.png"


def test_a_gun_is_plugged_in_within_seconds_of_being_asked() -> None:
    scene = Scene()
    scene.asks("plug_in")
    scene.clock.advance(20)
    assert scene.pile.virtual.pile.guns["01"].plugged
    assert [call[:3] for call in scene.told()] == [("answer", 1, 7)]


def test_nothing_is_done_where_it_is_not_switched_on() -> None:
    scene = Scene(helpful=False)
    scene.asks("plug_in")
    scene.clock.advance(60)
    assert not scene.pile.virtual.pile.guns["01"].plugged
    assert scene.told() == []


def test_nothing_is_done_for_the_pile_of_another_model() -> None:
    scene = Scene()
    scene.asks("plug_in", pile_code="32010600777009", model=2)
    scene.clock.advance(60)
    assert scene.told() == []


def test_what_is_asked_no_more_is_left() -> None:
    scene = Scene()
    scene.asks("press_estop")
    scene.clock.advance(1.5)
    scene.house.runs.clear()
    scene.clock.advance(60)
    assert not scene.pile.virtual.pile.estop
    assert scene.told() == []


def test_the_code_on_the_screen_is_read_and_the_picture_kept() -> None:
    scene = Scene()
    scene.asks("scan_qr")
    scene.clock.advance(20)
    ((_, model, number, texts, picture),) = scene.told()
    assert (model, number, texts, picture) == (1, 7, (f"https://charge.example/p/{CODE}01",), "kept.png")
    assert len(scene.kept) == 1


def test_the_demo_firmware_is_chosen_with_its_version() -> None:
    scene = Scene()
    scene.asks("choose_firmware")
    scene.clock.advance(20)
    ((_, model, number, path, version),) = scene.told()
    assert (model, number, version) == (1, 7, "V2.0.1")
    assert Path(path).is_file()


def test_what_the_desk_refuses_is_answered_with_its_reason() -> None:
    scene = Scene()
    scene.house.chose = refuse  # type: ignore[method-assign]
    scene.asks("choose_firmware")
    scene.clock.advance(20)
    assert [(call[0], call[3]) for call in scene.told()] == [("answer", "版本相同。")]


def refuse(*call: Any) -> bool:
    raise PersonError("The same version.", "版本相同。")
