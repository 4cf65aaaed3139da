"""Words of logs that say which way bytes went. Whose log it is nobody knows: sent may be up or down."""

from __future__ import annotations

import re
from functools import lru_cache

WORD, END = r"(?<![A-Za-z])", r"(?![A-Za-z])"
PILE_WORD = r"(?:充电桩|电桩|桩端|桩|设备|终端|pile|charger|device|evse|client|C)"
HOST_WORD = r"(?:云平台|平台|服务器|服务端|后台|主站|platform|server|cloud|host|S)"
ARROW = r"\s*(?:-{1,3}>|={1,2}>|>{1,3}|→|➡|⇒|到|至|发往|to)\s*"
BACK = r"\s*(?:<-{1,3}|<={1,2}|<{1,3}|←|⇐)\s*"

# Each way with what logs call it; up and down are seen from the pile, in and out from whoever wrote the log.
WORDS = (
    ("up", rf"{WORD}{PILE_WORD}{ARROW}{HOST_WORD}{END}"),
    ("up", rf"{WORD}{HOST_WORD}{BACK}{PILE_WORD}{END}"),
    ("down", rf"{WORD}{HOST_WORD}{ARROW}{PILE_WORD}{END}"),
    ("down", rf"{WORD}{PILE_WORD}{BACK}{HOST_WORD}{END}"),
    ("up", rf"上行|上报|上传|{WORD}(?:up|uplink|upstream|upload){END}"),
    ("down", rf"下行|下发|{WORD}(?:down|downlink|downstream){END}"),
    ("out", rf"发送|发出|发给|已发|{WORD}(?:send|sent|sending|tx|txd|write|wrote|out|outbound|output){END}"),
    ("in", rf"接收|收到|已收|{WORD}(?:recv|recvd|receive|received|receiving|rx|rxd|read|in|inbound|input){END}"),
    ("out", r"(?<![-=<>])(?:-{2,}>|={2,}>|->|>>+|→|➡|⇒)|[\[(（【:：\s]发[\])）】:：\s]"),
    ("in", r"(?:<-{2,}|<={2,}|<-|<<+|←|⇐)(?![-=<>])|[\[(（【:：\s]收[\])）】:：\s]"),
)
WAYS = tuple(way for way, _ in WORDS)
DIGITS = dict.fromkeys(map(ord, "123456789"), "0")  # no word has one
_EACH = re.compile("|".join(f"({word})" for _, word in WORDS), re.IGNORECASE)

WAY_OF = {"pile": "up", "桩": "up", "充电桩": "up", "platform": "down", "平台": "down", "server": "down"}


def way_in(before: str, after: str = "") -> str:
    """Which way a line says that its bytes went: the word nearest before them, else the first behind; "" for none."""
    return _way_in(before.translate(DIGITS), after.translate(DIGITS))


@lru_cache(maxsize=4096)
def _way_in(before: str, after: str) -> str:
    """The lines of a log differ in numbers and hardly in words: each wording is looked at once."""
    found = None
    for found in _EACH.finditer(before):  # noqa: B007 # the last one is wanted
        pass
    found = found or _EACH.search(after)
    return "" if found is None or found.lastindex is None else WAYS[found.lastindex - 1]


def way_of(cell: str) -> str:
    """What a cell of a table or a value of JSON says of the way."""
    return WAY_OF.get(cell.strip().lower()) or way_in(cell)


__all__ = ["way_in", "way_of"]
