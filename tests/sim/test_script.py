"""Operators that need nobody."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.core.clock import ManualClock
from harness.core.documents import DocumentError
from harness.core.operator import Answer, Firmware, Prompt
from harness.pictures import read_qr
from harness.sim.hands import Hands
from harness.sim.script import FileOperator, ScriptedOperator, load_script
from tests.sim.pretend import CARD, Beside, firmware_file


class Room:
    """A simulated pile, an operator made by a test, and the answers it gave."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.beside = Beside().logged_in()
        self.pile = self.beside.pile
        self.hands = Hands(self.pile)
        self.answers: list[Answer] = []

    def scripted(self) -> ScriptedOperator:
        firmware = Firmware(str(firmware_file()), "V2.0.1")
        return ScriptedOperator(self.hands, self.clock, read_picture=read_qr, firmware=firmware)

    def from_file(self, tmp_path: Path, text: str, hands: bool = True) -> FileOperator:
        path = tmp_path / "answers.yaml"
        path.write_text(text, encoding="utf-8")
        script = load_script(path)
        return FileOperator(script, self.clock, read_picture=read_qr, hands=self.hands if hands else None)

    def ask(self, operator: Any, act: str, number: int = 1, **params: str) -> Prompt:
        prompt = Prompt(id=number, act=act, due=600.0, gun_no="1", params=params)
        operator.ask(prompt, self.answers.append)
        return prompt


@pytest.mark.parametrize(
    ("act", "so"),
    [
        ("plug_in", lambda pile: pile.guns["01"].plugged),
        ("swipe_card", lambda pile: pile.guns["01"].state == "asking"),
        ("start_by_vin", lambda pile: pile.guns["01"].state == "asking"),
        ("press_estop", lambda pile: pile.estop),
    ],
)
def test_what_is_asked_is_done_at_the_pile_after_a_human_while(act: str, so: Callable[[Any], bool]) -> None:
    room = Room()
    room.ask(room.scripted(), act, card=CARD)
    room.clock.advance(1)
    assert not so(room.pile)
    room.clock.advance(15)
    assert so(room.pile)
    assert [(answer.prompt_id, answer.by, answer.unable) for answer in room.answers] == [(1, "file", "")]


def test_a_replug_is_out_and_in_again() -> None:
    room = Room()
    room.pile.plug("01", room.beside.now)
    room.beside.forget()
    room.ask(room.scripted(), "replug")
    room.clock.advance(15)
    assert [report.gun_plugged for report in room.beside.heard("realtime_data")] == [0, 1]


def test_a_scan_answers_with_what_the_screen_shows() -> None:
    room = Room()
    room.beside.tell("qr_set", gun_no="01", qr_content="https://pile.example/q/1")
    room.ask(room.scripted(), "scan_qr")
    room.clock.advance(15)
    assert room.answers[0].texts == ("https://pile.example/q/1",)


def test_firmware_is_answered_with_its_version() -> None:
    room = Room()
    room.ask(room.scripted(), "choose_firmware")
    room.clock.advance(15)
    assert room.answers[0].firmware == Firmware(str(firmware_file()), "V2.0.1")


def test_a_withdrawn_prompt_is_neither_done_nor_answered() -> None:
    room = Room()
    operator = room.scripted()
    operator.withdraw(room.ask(operator, "plug_in"))
    room.clock.advance(60)
    assert room.answers == []
    assert not room.pile.guns["01"].plugged


def test_answers_of_a_file_come_in_order_and_the_last_of_a_kind_again(tmp_path: Path) -> None:
    room = Room()
    (tmp_path / "photo.png").write_bytes(room.pile.screen_picture("02"))
    operator = room.from_file(
        tmp_path,
        "- {prompt: scan_qr, image: photo.png}\n- {wait: 30}\n- {prompt: scan_qr, screen: }\n"
        "- {prompt: plug_in, wait: 5}\n",
    )
    for number in (1, 2, 3):
        room.ask(operator, "scan_qr", number)
        room.clock.advance(29)
        assert len(room.answers) == {1: 1, 2: 1, 3: 2}[number]
        room.clock.advance(2)
    own = "https://charge.example/p/3201060001923601"
    other = "https://charge.example/p/3201060001923602"
    assert [answer.texts for answer in room.answers] == [(other,), (own,), (own,)]
    room.ask(operator, "plug_in", 4)
    room.clock.advance(10)
    assert room.pile.guns["01"].plugged


def test_a_prompt_the_file_does_not_know_cannot_be_done(tmp_path: Path) -> None:
    room = Room()
    room.ask(room.from_file(tmp_path, "- {prompt: plug_in}\n"), "press_estop")
    assert [answer.unable for answer in room.answers] == [
        ("文件中没有 press_estop 的答案", "the file has no answer to press_estop")
    ]


def test_without_a_simulated_pile_physical_acts_are_only_said_and_there_is_no_screen(tmp_path: Path) -> None:
    room = Room()
    operator = room.from_file(tmp_path, "- {prompt: plug_in}\n- {prompt: scan_qr, screen: '01'}\n", hands=False)
    room.ask(operator, "plug_in", 1)
    room.ask(operator, "scan_qr", 2)
    room.clock.advance(5)
    assert not room.pile.guns["01"].plugged
    assert room.answers[0].unable == ""
    assert room.answers[1].unable == ("没有模拟桩的屏幕", "there is no simulated pile whose screen could be shown")


@pytest.mark.parametrize(
    ("text", "act"),
    [("- {prompt: scan_qr, screen: '09'}\n", "scan_qr"), ("- {prompt: swipe_card, card: not-hex}\n", "swipe_card")],
)
def test_what_cannot_be_done_at_the_pile_is_an_answer_not_an_error(text: str, act: str, tmp_path: Path) -> None:
    room = Room()
    room.ask(room.from_file(tmp_path, text), act)
    room.clock.advance(10)
    (answer,) = room.answers
    assert answer.unable


def test_a_firmware_file_and_its_version_come_from_the_file(tmp_path: Path) -> None:
    room = Room()
    (tmp_path / "fw.bin").write_bytes(b"12345")
    operator = room.from_file(tmp_path, "- {prompt: choose_firmware, firmware: fw.bin, version: V3.0}\n")
    room.ask(operator, "choose_firmware")
    room.clock.advance(1)
    assert room.answers[0].firmware == Firmware(str(tmp_path / "fw.bin"), "V3.0", 5)


@pytest.mark.parametrize(
    ("entry", "zh", "en"),
    [
        ("{prompt: scan_qr, image: none.png}", "none.png：无法读取", "none.png: cannot be read"),
        ("{prompt: scan_qr, image: answers.yaml}", "这不是可识别的图片", "this is no picture that can be read"),
        (
            "{prompt: choose_firmware, firmware: none.bin, version: V3.0}",
            "none.bin：无法读取",
            "none.bin: cannot be read",
        ),
    ],
)
def test_what_cannot_be_done_is_said_in_both_languages(tmp_path: Path, entry: str, zh: str, en: str) -> None:
    room = Room()
    room.ask(room.from_file(tmp_path, f"- {entry}\n"), "scan_qr" if "scan_qr" in entry else "choose_firmware")
    room.clock.advance(1)
    said = room.answers[0].unable
    assert isinstance(said, tuple)
    assert (zh in said[0], en in said[1]) == (True, True)


def test_why_something_cannot_be_done_stands_in_the_file_as_somebody_wrote_it(tmp_path: Path) -> None:
    room = Room()
    room.ask(room.from_file(tmp_path, "- {prompt: scan_qr, unable: no light / 太暗}\n"), "scan_qr")
    room.clock.advance(1)
    assert room.answers[0].unable == "no light / 太暗"


def test_mistakes_in_the_file_are_told_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("- {prompt: plug_inn}\n- {prompt: scan_qr, imge: x}\n- {prompt: choose_firmware}\n- {wait: -1}\n")
    with pytest.raises(DocumentError) as caught:
        load_script(path)
    told = [line.removeprefix(f"{path}:") for line in caught.value.lines]
    assert [line[:2] for line in told] == ["1:", "2:", "3:", "4:"]
    assert "there is no prompt 'plug_inn'" in told[0]
    assert "has no 'imge'; it takes prompt, image" in told[1]


def test_a_file_that_is_no_list_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("prompt: plug_in\n")
    with pytest.raises(DocumentError, match="takes a list of answers"):
        load_script(path)


def test_a_pile_that_runs_the_firmware_already_is_given_the_other_one() -> None:
    room = Room()
    first, other = Firmware(str(firmware_file()), "V2.0.1"), Firmware("other.bin", "V2.0.2")
    operator = ScriptedOperator(room.hands, room.clock, read_picture=read_qr, firmware=first, spare=other)
    for number, current in ((1, "V1.0.0"), (2, "V2.0.1"), (3, "V2.0.2")):
        room.ask(operator, "choose_firmware", number, current=current)
        room.clock.advance(15)
    assert [answer.firmware for answer in room.answers] == [first, other, first]
