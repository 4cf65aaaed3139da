"""What the desk says of a run: short in Chinese, never Chinese in English, and there for every step and every act."""

from __future__ import annotations

import re

import pytest

from harness.app.desk import words
from harness.app.desk.lines import count_of, line_of
from harness.core.play_words import ACTS, DEEDS, STEPS
from tests.app.desk.rooms import SHIPPED
from tests.engine.playing import CASES, LANGUAGE

LONGEST_LINE = 9
LONGEST_PROMPT = 9
CJK = re.compile("[\u2e80-\u9fff\uff00-\uffef]")
GAP = re.compile(r"\{(\w+)\}")
PAIRS = {
    **{f"line {key}": pair for key, pair in words.LINES.items()},
    **{f"count {key}": pair for key, pair in words.COUNTS.items()},
    **{f"proof {key}": pair for key, pair in words.PROOFS.items()},
    **{f"deed {key}": pair for key, pair in DEEDS.items()},
    **{f"{part} {act}": getattr(asked, part) for act, asked in words.PROMPTS.items() for part in asked._fields},
}


def test_every_act_has_its_prompt_and_every_step_its_line() -> None:
    assert set(words.PROMPTS) == set(ACTS) == set(DEEDS)
    assert set(STEPS) - set(words.LINES) == set()


@pytest.mark.parametrize("key", PAIRS)
def test_both_languages_say_it(key: str) -> None:
    zh, en = PAIRS[key]
    assert CJK.search(zh) or "VIN" in zh
    assert not CJK.search(en)
    assert set(GAP.findall(zh)) == set(GAP.findall(en))


@pytest.mark.parametrize("key", words.LINES)
def test_the_large_line_stands_in_one_row(key: str) -> None:
    assert len(words.LINES[key][0]) <= LONGEST_LINE


@pytest.mark.parametrize("act", words.PROMPTS)
def test_a_prompt_is_short_enough_to_be_read_from_afar(act: str) -> None:
    zh, _ = words.prompt(act, {"gun": "1"}).line
    assert len(re.sub(r"[ A-Za-z0-9]", "", zh)) <= LONGEST_PROMPT


@pytest.mark.parametrize("case", CASES)
def test_every_step_of_every_case_has_a_line_and_one_with_a_limit_says_what_comes_then(case: str) -> None:
    scenario = SHIPPED[case]
    for index, placed in enumerate(scenario.steps):
        assert line_of(placed.step, LANGUAGE) != words.NOTHING, placed.step.key
        if placed.step.key in ("ready", "expect", "charge", "pause", "relogin", "updated", "poll"):
            assert count_of(scenario, index, LANGUAGE) != words.NOTHING, placed.step.key


def test_a_count_says_whose_turn_it_is() -> None:
    (index,) = (
        n for n, placed in enumerate(SHIPPED["card"].steps) if getattr(placed.step, "seen", "") == "charging_seen"
    )
    assert count_of(SHIPPED["card"], index, LANGUAGE)[0] == "内桩应报充电"
    assert line_of(SHIPPED["card"].steps[index].step, LANGUAGE)[0] == "等桩开始充电"


def test_what_a_case_will_ask_is_told_beforehand() -> None:
    from harness.app.desk.cases import case_info

    assert case_info(SHIPPED["card"]).asks == ("插枪、刷卡", "plug in, swipe the card")
    assert case_info(SHIPPED["reboot"]).asks == words.NOTHING
    assert case_info(SHIPPED["estop"]).asks[0] == "插枪、拍急停、松急停"
    assert case_info(SHIPPED["vin"]).needs == "vin"
