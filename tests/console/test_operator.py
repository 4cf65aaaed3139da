"""The person at the terminal: what is shown, what is typed, what comes of it."""

import io
from pathlib import Path

import pytest

from harness.console.operator import TerminalOperator
from harness.core.clock import ManualClock
from harness.core.errors import PersonError
from harness.core.operator import Answer, Firmware, Prompt


class Desk:
    """A terminal operator with all that it said and answered."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.out = io.StringIO()
        self.answers: list[Answer] = []
        self.screen: list[str] = []
        self.operator = TerminalOperator(
            self.out,
            self.clock,
            timezone="Asia/Shanghai",
            read_picture=self._read,
            keep_picture=lambda picture: f"kept {len(picture)}",
            hold=lambda: self.screen.append("hold"),
            go_on=lambda: self.screen.append("go on"),
        )

    def ask(self, act: str, number: int = 1, **params: object) -> Prompt:
        prompt = Prompt(id=number, act=act, due=600.0, params=params)
        self.operator.ask(prompt, self.answers.append)
        return prompt

    def type(self, *lines: str) -> None:
        for line in lines:
            self.operator.feed_line(line)

    @staticmethod
    def _read(picture: bytes) -> tuple[str, ...]:
        if picture == b"no picture":
            raise PersonError("this is no picture", "这不是图片")
        return (picture.decode(),)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_prompt_is_shown_large_in_both_languages_with_the_time_left(desk: Desk) -> None:
    desk.ask("press_estop")
    text = desk.out.getvalue()
    assert "请拍下桩上急停按钮" in text
    assert "Press the emergency stop on the pile" in text
    assert "10:00" in text
    assert desk.screen == ["hold"]


@pytest.mark.parametrize("line", ["", "y", "OK", "好", "  done "])
def test_enter_says_that_it_is_done(desk: Desk, line: str) -> None:
    desk.ask("press_estop")
    desk.type(line)
    assert desk.answers == [Answer(prompt_id=1, by="person")]
    assert desk.screen == ["hold", "go on"]


def test_anything_else_is_the_reason_why_not(desk: Desk) -> None:
    desk.ask("swipe_card", gun="1", card="32095DF0")
    desk.type("读卡器坏了")
    assert desk.answers == [Answer(prompt_id=1, by="person", unable="读卡器坏了")]


def test_a_scan_takes_the_path_of_a_picture(desk: Desk, tmp_path: Path) -> None:
    picture = tmp_path / "my photo.png"
    picture.write_bytes(b"https://pile.example/q/1")
    desk.ask("scan_qr", gun="1")
    desk.type(f"'{picture}'")
    assert desk.answers == [Answer(prompt_id=1, by="person", texts=("https://pile.example/q/1",), picture="kept 24")]


def test_a_path_that_leads_nowhere_and_a_file_that_is_no_picture_are_asked_for_again(
    desk: Desk, tmp_path: Path
) -> None:
    (tmp_path / "letter").write_bytes(b"no picture")
    desk.ask("scan_qr", gun="1")
    desk.type(str(tmp_path / "nothing"), str(tmp_path), str(tmp_path / "letter"))
    assert desk.answers == []
    assert "there is no file" in desk.out.getvalue()
    assert "这不是图片 / this is no picture" in desk.out.getvalue()


def test_a_screen_without_a_code_is_an_answer_too(desk: Desk) -> None:
    desk.ask("scan_qr", gun="1")
    desk.type("none")
    assert desk.answers == [Answer(prompt_id=1, by="person", texts=())]


def test_firmware_is_a_file_then_a_version_that_can_be_used(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "fw 2.bin"
    path.write_bytes(b"12345")
    desk.ask("choose_firmware", current="V1.0.0")
    desk.type(str(tmp_path / "nothing"), str(path), "", "V1.0.0", "V2.0.1-beta", "V2.0.1")
    assert desk.answers == [Answer(prompt_id=1, by="person", firmware=Firmware(str(path), "V2.0.1", 5))]


def test_a_prompt_that_the_frames_answered_goes_away(desk: Desk) -> None:
    prompt = desk.ask("press_estop")
    desk.operator.withdraw(prompt)
    assert "报文已证明" in desk.out.getvalue()
    desk.type("")
    assert desk.answers == []
    assert "Nothing is asked of you now" in desk.out.getvalue()
    assert desk.screen == ["hold", "go on"]


def test_a_prompt_whose_time_is_over_is_closed(desk: Desk) -> None:
    prompt = desk.ask("press_estop")
    desk.clock.advance(600)
    desk.operator.withdraw(prompt)
    assert "提示已关闭" in desk.out.getvalue()


def test_prompts_come_one_after_the_other(desk: Desk) -> None:
    desk.ask("press_estop")
    desk.ask("release_estop", 2)
    assert "请松开急停按钮" not in desk.out.getvalue()
    desk.type("", "")
    assert [answer.prompt_id for answer in desk.answers] == [1, 2]
    assert "请松开急停按钮" in desk.out.getvalue()
    assert desk.screen == ["hold", "go on"]


def test_a_prompt_asked_by_the_answer_to_another_is_shown(desk: Desk) -> None:
    """What an answer sets off may ask at once."""
    prompt = Prompt(id=1, act="press_estop", due=600.0)
    desk.operator.ask(prompt, lambda answer: desk.ask("release_estop", 2) and None)
    desk.type("")
    assert "请松开急停按钮" in desk.out.getvalue()
    assert desk.screen == ["hold", "go on", "hold"]


def test_a_prompt_says_until_when_and_now_and_then_how_much_time_is_left(desk: Desk) -> None:
    prompt = desk.ask("press_estop")
    assert "10:00 之内，最晚 10:10:00 / within 10:00, by 10:10:00" in desk.out.getvalue()
    desk.clock.advance(299)
    assert "剩余 05:00" not in desk.out.getvalue()
    desk.clock.advance(182)
    assert "剩余 05:00 / 05:00 left" in desk.out.getvalue()
    assert "剩余 02:00 / 02:00 left" in desk.out.getvalue()
    desk.operator.withdraw(prompt)
    desk.clock.advance(100)
    assert "剩余 01:00" not in desk.out.getvalue()
