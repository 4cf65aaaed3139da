"""What a person types to a simulated pile."""

from pathlib import Path

import pytest

from harness.console.simulate import perform, why_offline
from tests.sim.pretend import CARD, Beside


def test_words_and_keys_do_the_same() -> None:
    for line in ("plug 2", "p 02"):
        beside = Beside().logged_in()
        said = perform(beside.pile, line, beside.now)
        assert said == ("02 号枪已插上", "gun 02 is plugged in")
        assert beside.pile.guns["02"].plugged


def test_the_first_gun_is_meant_when_none_is_named() -> None:
    beside = Beside().logged_in()
    perform(beside.pile, "plug", beside.now)
    assert beside.pile.guns["01"].plugged
    perform(beside.pile, "unplug", beside.now)
    assert not beside.pile.guns["01"].plugged


def test_a_card_is_swiped_by_its_number_or_the_declared_one() -> None:
    for line, card in ((f"swipe {CARD} 1", ""), ("s", CARD)):
        beside = Beside().logged_in()
        perform(beside.pile, "plug", beside.now)
        perform(beside.pile, line, beside.now, card)
        assert beside.last("start_request").account_or_physical_card_no.hex() == "0000000032095df0"


def test_the_emergency_stop_is_pressed_and_released() -> None:
    beside = Beside().logged_in()
    perform(beside.pile, "press e-stop", beside.now)
    assert beside.pile.estop
    perform(beside.pile, "release e-stop", beside.now)
    beside.wait(5)
    assert not beside.pile.estop


def test_status_says_how_things_stand() -> None:
    beside = Beside().logged_in()
    perform(beside.pile, "plug", beside.now)
    said = perform(beside.pile, "status", beside.now)
    assert said is not None
    assert said[1] == "online; gun 01 plugged, idle; gun 02 unplugged, idle"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("", "plug [GUN]"),
        ("dance", "what is 'dance'?"),
        ("plug 9", "there is no gun 09"),
        ("swipe", "which card?"),
        ("swipe hello", "hex digits"),
    ],
)
def test_what_is_not_understood_is_one_sentence(line: str, told: str) -> None:
    beside = Beside().logged_in()
    said = perform(beside.pile, line, beside.now)
    assert said is not None
    assert told in said[1]


@pytest.mark.parametrize("line", ["q", "quit", "exit"])
def test_quit_ends_it(line: str) -> None:
    assert perform(Beside().pile, line, 0.0) is None


def test_the_screen_is_kept_as_a_picture(tmp_path: Path) -> None:
    beside = Beside().logged_in()
    said = perform(beside.pile, f"screen 2 {tmp_path / 'there.png'}", beside.now)
    assert said == (
        f"02 号枪的屏幕已存为 {tmp_path / 'there.png'}",
        f"the screen of gun 02 is kept as {tmp_path / 'there.png'}",
    )
    assert (tmp_path / "there.png").read_bytes().startswith(b"\x89PNG")
    told = perform(beside.pile, f"screen 2 {tmp_path}", beside.now)
    assert told is not None
    assert "cannot be written" in told[1]


def test_why_nobody_answers_is_told_in_a_sentence() -> None:
    assert why_offline("nohost", 1, "unresolved") == (
        "找不到主机 nohost；会一直重试",
        "the host nohost cannot be found; trying again",
    )
    assert "refuses" in why_offline("10.0.0.9", 5456, "refused")[1]
    assert why_offline("10.0.0.9", 5456, "no buffer {space}")[1] == (
        "no connection to 10.0.0.9 port 5456: no buffer {space}; trying again"
    )
