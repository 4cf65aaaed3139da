"""The buttons of the demo's simulated piles."""

from typing import Any

import pytest

from harness.app.demo_piles import MOST, DemoPiles
from harness.app.desk.crossing import direct
from harness.core.errors import PersonError
from harness.core.pile import PileProfile
from tests.helpers.at_hand import AtHand
from tests.sim.pretend import profile

CODE = profile("demo").pile_code


def demo() -> tuple[DemoPiles, list[AtHand]]:
    made: list[AtHand] = []

    def make(asked: PileProfile) -> Any:
        made.append(AtHand(asked))
        return made[-1]

    piles = DemoPiles(make, lambda code: PileProfile(pile_code=code, model="X", kind="dc", power_kw=1, guns=1), direct)
    piles.add(profile("demo"))
    return piles, made


def test_a_press_is_done_and_the_pile_says_so() -> None:
    piles, made = demo()
    piles.press(CODE, "plug", "02")
    panel = piles.panel(CODE)
    assert [(gun.number, gun.plugged) for gun in panel.guns] == [("01", False), ("02", True)]
    assert panel.said[1] == "gun 02 is plugged in"
    assert made[0].settled == 1


def test_the_declared_card_is_in_the_hand_and_another_may_be_shown() -> None:
    piles, made = demo()
    piles.press(CODE, "plug", "01")
    assert piles.panel(CODE).card == "32095DF0"
    piles.press(CODE, "swipe", "01", "11223344")
    assert made[0].beside.last("start_request").account_or_physical_card_no.hex().upper().endswith("11223344")


def test_a_card_that_is_none_is_told_on_the_panel() -> None:
    piles, _ = demo()
    piles.press(CODE, "swipe", "01", "no card")
    assert "no card" in piles.panel(CODE).said[1]


def test_without_power_the_reader_is_dark_and_with_it_the_pile_boots() -> None:
    piles, _ = demo()
    piles.press(CODE, "power", "01")
    piles.press(CODE, "swipe", "01")
    assert (piles.panel(CODE).powered, piles.panel(CODE).online) == (False, False)
    assert "no power" in piles.panel(CODE).said[1]
    piles.press(CODE, "power", "01")
    assert piles.panel(CODE).powered


def test_the_emergency_stop_is_pressed_and_released() -> None:
    piles, made = demo()
    piles.press(CODE, "estop", "01")
    assert piles.panel(CODE).estop
    piles.press(CODE, "release", "01")
    made[0].beside.wait(10)
    assert not piles.panel(CODE).estop


def test_another_pile_is_set_up_with_the_code_that_the_desk_gave() -> None:
    piles, made = demo()
    piles.set_up("32010600000001")
    assert piles.codes() == (CODE, "32010600000001")
    assert made[1].profile.pile_code == "32010600000001"


def test_a_pile_set_up_again_takes_the_place_of_the_first() -> None:
    piles, made = demo()
    piles.set_up(CODE)
    assert piles.codes() == (CODE,)
    assert [each.on for each in made] == [False, True]


@pytest.mark.parametrize("code", ["", "123", "3201060000000a", "３２０１０６０００００００１"])
def test_a_pile_code_that_is_none_is_refused(code: str) -> None:
    with pytest.raises(PersonError, match="14 digits"):
        demo()[0].set_up(code)


def test_there_is_room_for_so_many_piles() -> None:
    piles, _ = demo()
    for number in range(MOST - 1):
        piles.set_up(f"{number:014d}")
    with pytest.raises(PersonError, match="room"):
        piles.set_up("99999999999999")


def test_all_piles_go_when_the_demo_ends() -> None:
    piles, made = demo()
    piles.close()
    assert piles.codes() == ()
    assert not made[0].on
