"""A dissector for Wireshark, written out from the declarations of the frames: what changes there changes here.

declared.py makes tables of the frames, words.py has what is said besides, runtime.lua reads bytes by those tables.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from harness import __version__
from harness.protocols.ykc.dissector.declared import frames
from harness.protocols.ykc.dissector.lua import literal
from harness.protocols.ykc.dissector.words import words

RUNTIME = Path(__file__).with_name("runtime.lua")
HEAD = """\
-- YKC for Wireshark and tshark, written by `harness wireshark` (charger-harness {version}): change nothing here, write
-- it again. It goes into Wireshark's folder of personal Lua plugins, or is named: tshark -X lua_script:ykc.lua -r FILE

local PORTS = {ports}

local WORDS = {words}

local FRAMES = {frames}
"""


def dissector(port: int, language: Literal["zh", "en"] = "zh") -> str:
    """The source of ykc.lua; `port` is where it looks for piles at first."""
    number = int(language == "en")
    head = HEAD.format(
        version=__version__,
        ports=literal(str(port)),
        words=literal(words(number)),
        frames=literal(frames(number)),
    )
    return head + RUNTIME.read_text(encoding="utf-8")
