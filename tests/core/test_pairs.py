"""Values that name things in both languages, kept as one text."""

import pytest

from harness.core.pairs import joined, parted, told


def test_each_language_reads_its_own_names() -> None:
    kept = f"{joined(('尖', 'sharp'))} 1.1763 – 2.0794 kWh, {joined(('峰', 'peak'))} 0.5000"
    assert parted(kept) == ("尖 1.1763 – 2.0794 kWh, 峰 0.5000", "sharp 1.1763 – 2.0794 kWh, peak 0.5000")


def test_a_name_of_several_words_stays_whole() -> None:
    assert parted(f"{joined(('合计', 'all in all'))} 3.0456")[1].replace("\xa0", " ") == "all in all 3.0456"


def test_a_name_that_is_the_same_in_both_stands_once() -> None:
    assert joined(("T1", "T1")) == "T1"


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ("尖 sharp 1.0490", ("尖 1.0490", "sharp 1.0490")),
        ("成功 success", ("成功", "success")),
        ("没有 / none", ("没有", "none")),
        ("失败，原因 5 / failure, reason 5", ("失败，原因 5", "failure, reason 5")),
        ("谷 valley 1.1 – 1.2, 峰 peak 2", ("谷 1.1 – 1.2, 峰 2", "valley 1.1 – 1.2, peak 2")),
    ],
)
def test_what_is_kept_in_other_forms_is_read_as_well(kept: str, told: tuple[str, str]) -> None:
    assert parted(kept) == told


@pytest.mark.parametrize(
    "kept", ["", "-", "> 0", "30 s / 5 min", "0x40, 0x45", "32095DF0", "https://example.com/a?b=1"]
)
def test_what_names_nothing_is_the_same_in_both(kept: str) -> None:
    assert parted(kept) == (kept, kept)


def test_chinese_that_has_no_english_beside_it_is_left_out_in_english() -> None:
    assert parted("型号 X 的固件") == ("型号 X 的固件", "X")


def test_of_a_fact_that_is_a_pair_each_language_gets_its_own() -> None:
    sentence = ("{who}说 {n}", "{who} says {n}")
    assert told(sentence, {"who": ("桩", "the pile"), "n": 3}) == ("桩说 3", "the pile says 3")
    assert told(sentence, {"who": ["桩", "the pile"], "n": "3"}) == ("桩说 3", "the pile says 3")  # as JSON has it


def test_a_fact_that_is_missing_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        told(("{who}", "{who}"), {})
