"""A dissector for Wireshark, written out from the declarations of the frames: what changes there changes here.

declared.py makes tables of the frames, words.py has what is said besides, and the Lua beside them reads bytes by those
tables: stream.lua cuts frames, values.lua reads, tree.lua shows.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from harness import __version__
from harness.protocols.ykc.dissector.declared import frames
from harness.protocols.ykc.dissector.lua import literal
from harness.protocols.ykc.dissector.words import words

# One after the other they are one script: what a file declares, those after it use.
PARTS = ("stream.lua", "fields.lua", "values.lua", "tree.lua", "wireshark.lua")
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
    parts = (Path(__file__).with_name(part).read_text(encoding="utf-8") for part in PARTS)
    return "\n".join((head, *parts))
