"""A value that names something in both languages and is kept as one text: `尖·sharp 1.0490`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Pair = tuple[str, str]
Said = str | Pair  # what a person wrote, whatever it holds, or a sentence of ours in both languages
NO_BREAK = "\N{NO-BREAK SPACE}"  # a name of several words is one piece of a value
CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]+ ?")
JOINED = re.compile(r"([\u4e00-\u9fff]+)·([^ ,，]+)")
SLASHED = re.compile(r"([^/]*[\u4e00-\u9fff][^/]*) / ([^\u4e00-\u9fff]+)")  # a whole value in both: 没有 / none
# How the same names were kept at first; journals and runs hold them for good.
BEFORE = re.compile(r"(尖|峰|平|谷|合计|成功) (sharp|peak|flat|valley|total|success)\b")


NONE = "没有 / none"


def slashed(pair: Pair) -> str:
    """A whole value in both languages."""
    zh, en = pair
    return zh if zh == en else f"{zh} / {en}"


def joined(pair: Pair) -> str:
    """A short name in both languages as part of a value."""
    zh, en = pair
    return zh if zh == en else f"{zh}·{en.replace(' ', NO_BREAK)}"


def told(sentence: Pair, facts: Mapping[str, Any]) -> Pair:
    """A sentence with its facts filled in. KeyError when one is missing."""
    zh, en = sides(facts)
    return sentence[0].format_map(zh), sentence[1].format_map(en)


def sides(facts: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Facts for each language: of one that is a pair, which JSON gives back as a list, each gets its own."""
    pairs = {name: value for name, value in facts.items() if isinstance(value, tuple | list) and len(value) == 2}
    first, second = ({name: pair[side] for name, pair in pairs.items()} for side in (0, 1))
    return {**facts, **first}, {**facts, **second}


def halves(text: str) -> Pair:
    """A sentence of ours that is kept as `zh / en`, or one that stands for both; what a person wrote is none."""
    zh, _, en = text.partition(" / ")
    return zh, en or zh


def in_both(said: Said) -> Pair:
    """What was said, for readers of both languages: a person's words stand whole in each."""
    return (said, said) if isinstance(said, str) else said


def parted(text: str) -> Pair:
    """A value as each language tells it; English readers have no use for Chinese that has no English beside it."""
    whole = SLASHED.fullmatch(text)
    if whole is not None:
        return whole[1], whole[2]
    plain = BEFORE.sub(r"\1·\2", text)
    zh, en = JOINED.sub(r"\1", plain), CHINESE.sub("", JOINED.sub(r"\2", plain)).strip()
    return zh, en
