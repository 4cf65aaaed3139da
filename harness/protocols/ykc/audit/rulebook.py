"""The 115 rules of the document as they stand in our field reference, and why some cannot be checked from outside."""

from __future__ import annotations

from pathlib import Path

import msgspec

PILE, BOTH, PLATFORM = "pile", "both", "platform"


class Written(msgspec.Struct, frozen=True):
    """A rule as written: whom it binds is pile, both or platform."""

    id: str
    section: str
    binds: str
    topic: str
    text: str


def rulebook() -> tuple[Written, ...]:
    """All rules in the order of the reference."""
    text = (Path(__file__).parent / "rulebook.json").read_bytes()
    return msgspec.json.decode(text, type=tuple[Written, ...])


# Rules that bind the pile and leave nothing on the wire: why, zh and en.
NOT_CHECKABLE: dict[str, tuple[str, str]] = {
    "R-NET-2": ("桩里怎么设置地址，报文里看不到", "how the address is set at the pile does not show on the wire"),
    "R-NET-3": ("有线、GPRS 还是集中器，报文里看不到", "wire, GPRS or concentrator does not show on the wire"),
    "R-CD-1": ("哪个号码是扇区 0 块 0 的，只有读卡器知道", "only the reader knows which number stands in sector 0"),
    "R-CD-2": ("卡的类型不在报文里", "the kind of card is not in any frame"),
    "R-BM-2": ("是不是第一次连接，平台无法知道", "the platform cannot know whether this is the first connection ever"),
    "R-BM-7": (
        "桩按哪些时段计费，只能由 R-BM-11 从交易记录看出",
        "which slots the pile uses only shows by R-BM-11, in records",
    ),
    "R-BM-8": ("屏幕上的显示，报文里看不到", "what the screen shows is not on the wire"),
    "R-AU-5": ("屏幕显示和用户确认，报文里看不到", "the screen and the user's confirmation are not on the wire"),
    "R-SP-6": ("刷卡停止由桩自己核对，报文里看不到", "stopping by card is checked by the pile itself, nothing is sent"),
    "R-LK-4": ("地锁的故障由桩自己判断", "the pile alone knows of a fault of the lock's sensor"),
    "R-UP-2": ("下载后怎么校验和安装，报文里看不到", "how the file is checked and installed is not on the wire"),
}

# Rules whose breach the codec and the framer show; the auditor tells what they found.
BY_CODEC = frozenset({"R-FR-1", "R-FR-2", "R-FR-3", "R-FR-4", "R-FR-5", "R-FR-6", "R-DT-1", "R-DT-2", "R-DT-3"})

__all__ = ["BOTH", "BY_CODEC", "NOT_CHECKABLE", "PILE", "PLATFORM", "Written", "rulebook"]
