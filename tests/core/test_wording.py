"""No code without words, no words without code, both languages alike."""

import re
import string
from pathlib import Path

import pytest

from harness.core import wording
from harness.core.play_words import ACTS, CHECKS, STEPS
from harness.core.remedies import REMEDIES
from harness.core.verdict import Verdict

HARNESS = Path(wording.__file__).parent.parent
TOLD_IN = {f"{name}.py" for name in ("wording", "play_words", "link_words", "remedies")}
SOURCES = "\n".join(p.read_text(encoding="utf-8") for p in HARNESS.rglob("*.py") if p.name not in TOLD_IN)
CASES = "\n".join(p.read_text(encoding="utf-8") for p in (HARNESS.parent / "scenarios").rglob("*.yaml"))
TABLES = {"FINDINGS": wording.FINDINGS, "REMEDIES": REMEDIES, "ACTS": ACTS, "STEPS": STEPS, "CHECKS": CHECKS}


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("table", TABLES)
def test_both_languages_are_filled_from_the_same_facts(table: str) -> None:
    wrong = [key for key, (zh, en) in TABLES[table].items() if names_in(zh) != names_in(en) or not zh or not en]
    assert wrong == []


def test_no_sentence_is_without_a_use() -> None:
    words = set(re.findall(r"[a-z0-9_]+", SOURCES + CASES))
    identities = {"card_right", "card_wrong", "vin_right", "vin_wrong"}  # put together from the check's name
    assert [code for code in wording.FINDINGS if code not in words | identities] == []


def test_every_remedy_belongs_to_a_finding() -> None:
    assert set(REMEDIES) <= set(wording.FINDINGS)


def test_every_code_that_checks_name_has_its_sentence() -> None:
    called = set(re.findall(r'found\(\s*[^,"]+,\s*(?:"\w+"|self\.key|which),\s*"(\w+)"', SOURCES))
    assert len(called) > 20
    assert called <= set(wording.FINDINGS)


def test_every_code_that_a_case_names_has_its_sentence() -> None:
    named = set(re.findall(r"(?:seen|late|missing): (\w+)", CASES))
    assert named
    assert named <= set(wording.FINDINGS)


def test_every_verdict_has_its_word() -> None:
    assert set(wording.VERDICTS) == set(Verdict)


def test_a_pair_gives_each_language_its_own_word() -> None:
    zh, en = wording.say("stopped_by_other", {"reason": ("结束充电", "finished")})
    assert zh == "充电非平台停止，停止原因结束充电"
    assert en.endswith("finished")


@pytest.mark.parametrize(
    ("code", "zh"),
    [
        ("energy_mismatch", "上送电量与平台不匹配"),
        ("amount_mismatch", "上送金额与平台不匹配"),
        ("no_energy", "未产生电量，请确认负载连接后重试"),
        ("no_split", "未上送多价格段电量，请检查交易数据"),
    ],
)
def test_the_fixed_sentences_read_exactly_so(code: str, zh: str) -> None:
    assert wording.say(code)[0] == zh
    assert all(wording.remedy(code))


def test_no_space_stands_before_the_name_of_a_frame_in_chinese() -> None:
    for key in ("send", "expect"):
        zh, _ = wording.step(key, {"frame": ("实时监测数据", "real-time data")})
        assert " " not in zh
