"""Frames as such (3.1, 4): start byte, length, encryption, CRC, and who may send which type."""

from __future__ import annotations

from typing import Any

from harness.core.journal import GONE, FrameSeen, LinkChanged
from harness.core.message import Damage, Unknown
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.audit.facts import V1_6
from harness.protocols.ykc.audit.rule import MUST, REMARK, SHOULD, Rule
from harness.protocols.ykc.audit.scene import Scene, Seen
from harness.protocols.ykc.audit.watcher import DAMAGE, EVERY_FRAME, Watcher, hears
from harness.protocols.ykc.crc import crc
from harness.protocols.ykc.framing import OVERHEAD, crc_order

PLAIN, TRIPLE_DES = 0, 1
NEXT_VERSION = 2  # of the protocol: it has frame types of its own
LONGEST = 200  # what the length byte may say (3.1)
LONG_LISTS = frozenset({"offline_card_clear_reply", "offline_card_query_reply"})  # full they need more (R-FR-2)

GARBAGE = Rule(
    id="R-FR-1",
    check="garbage",
    level=MUST,
    section="3.1",
    zh="有 {count} 字节不属于任何帧（每帧以 68 开头）",
    en="{count} bytes belong to no frame (every frame begins with 68)",
    also=("length_wrong", "crc_wrong"),
)
LENGTH_WRONG = Rule(
    id="R-FR-2",
    check="length_wrong",
    level=MUST,
    section="3.1",
    zh="长度字节与帧不符",
    en="the length byte does not fit the frame",
    also=("garbage", "crc_wrong"),
)
BODY_SHORT = Rule(
    id="R-FR-2",
    check="body_short",
    level=MUST,
    section="3.1",
    zh="{frame} 的消息体只有 {size} 字节，协议规定 {wanted} 字节",
    en="{frame}: the body has {size} bytes, the table {wanted}",
)
BODY_LONG = Rule(
    id="R-FR-2",
    check="body_long",
    level=MUST,
    section="3.1",
    doubt="E-LEN",
    zh="{frame} 的消息体有 {size} 字节，协议规定 {wanted} 字节",
    en="{frame}: the body has {size} bytes, the table {wanted}",
)
LENGTH_LIMIT = Rule(
    id="R-FR-2",
    check="length_limit",
    level=MUST,
    section="3.1",
    doubt="E-MAX",
    tolerance="full 0x45 and 0x47 may be longer",
    zh="{frame} 的长度字节为 {length}，最多 200",
    en="{frame}: the length byte says {length}, 200 at most",
    also=("body_long",),
)
ENCRYPT_FLAG = Rule(
    id="R-FR-3",
    check="encrypt_flag",
    level=MUST,
    section="3.1",
    zh="加密标志为 0x{flag:02X}，只有 0x00 和 0x01",
    en="the encrypt flag is 0x{flag:02X}; only 0x00 and 0x01 exist",
)
ENCRYPTED = Rule(
    id="R-FR-3",
    check="encrypted",
    level=REMARK,
    section="3.1",
    zh="消息体用 3DES 加密，无法核对",
    en="the body is encrypted (3DES) and cannot be checked",
)
CRC_WRONG = Rule(
    id="R-FR-4",
    check="crc_wrong",
    level=MUST,
    section="3.1",
    zh="CRC 校验错误（从序列号算到消息体末尾），高低字节调换也不对",
    en="the CRC (frame serial to end of body) is wrong in either byte order",
    also=("garbage", "length_wrong"),
)
CRC_HIGH_FIRST = Rule(
    id="R-FR-4",
    check="crc_high_first",
    level=SHOULD,
    section="3.1",
    tolerance="once a connection",
    zh="CRC 高字节在前，应为低字节在前",
    en="the CRC has its high byte first, low byte first is right",
)
WRONG_WAY = Rule(
    id="R-FR-5",
    check="wrong_way",
    level=MUST,
    section="4",
    tolerance="V1.x only",
    zh="桩发送了平台的帧类型 0x{code:02X}（桩发奇数，平台发偶数）",
    en="the pile sent frame type 0x{code:02X}, which is the platform's (piles send odd types, platforms even ones)",
)
UNKNOWN_TYPE = Rule(
    id="R-FR-6",
    check="unknown_type",
    level=MUST,
    section="4",
    doubt="E-GAPS",
    tolerance="V1.x only; the QR frames are known",
    zh="帧类型 0x{code:02X} 不在 V1.6 中",
    en="frame type 0x{code:02X} is not in V1.6",
)
TYPE_OF_OTHER_EDITION = Rule(
    id="R-FR-6",
    check="type_of_other_edition",
    level=SHOULD,
    section="4",
    tolerance="V1.x only; the QR frames are known; a warning (E-GAPS) of a pile that does not claim V1.6",
    zh="帧类型 0x{code:02X} 不在 V1.6 中，桩登录时说用的是 V{edition}",
    en="frame type 0x{code:02X} is not in V1.6; by its login the pile speaks V{edition}",
)

ALSO_SHORT = frozenset({"length", "unfinished"})


class Damaged(Watcher):
    """Bytes of the pile that made no message."""

    rules = (GARBAGE, LENGTH_WRONG, BODY_SHORT, ENCRYPT_FLAG, ENCRYPTED, CRC_WRONG)

    @hears(DAMAGE)
    def damage(self, record: FrameSeen) -> None:
        reason = record.damage or self._reason(record.raw)
        if reason == "garbage":
            self._tell(GARBAGE, record, "68 …", record.raw[:8].hex(" ").upper(), count=len(record.raw))
        elif reason in ALSO_SHORT:
            self._tell(LENGTH_WRONG, record, "长度 = 帧长 − 4 / length = size − 4", _said(record.raw))
        elif reason == "crc":
            wanted = crc(record.raw[2:-2]).to_bytes(2, "little").hex(" ").upper()  # serial to end of body
            self._tell(CRC_WRONG, record, f"{wanted} (CRC-16/MODBUS)", record.raw[-2:].hex(" ").upper())
        elif reason == "encrypted":
            self._flag(record)
        elif reason == "body_short":
            self._short(record)

    def _reason(self, raw: bytes) -> str:
        """Why a frame that was kept as one cannot be read."""
        read = CATALOGUE.read(raw)
        return read.reason if isinstance(read, Damage) else ""

    def _flag(self, record: FrameSeen) -> None:
        flag = record.raw[4]
        rule = ENCRYPTED if flag == TRIPLE_DES else ENCRYPT_FLAG
        self._tell(rule, record, "0x00", f"0x{flag:02X}", flag=flag)

    def _short(self, record: FrameSeen) -> None:
        kind = CATALOGUE.by_code(record.raw[5]) if len(record.raw) > OVERHEAD else None
        size, wanted = len(record.raw) - OVERHEAD, kind.length if kind else 0
        code = f"0x{record.raw[5]:02X}"
        title = (f"{code} {kind.title}", f"{code} {kind.title_en}") if kind else (code, code)
        self._tell(BODY_SHORT, record, str(wanted), str(size), frame=title, size=size, wanted=wanted)

    def _tell(self, rule: Rule, record: FrameSeen, expected: str, seen: str, **facts: Any) -> None:
        self.scene.tell(rule, [record.n], expected=expected, seen=seen, **facts)


class Frames(Watcher):
    """What is odd about the frame itself of a message that could be read."""

    rules = (BODY_LONG, LENGTH_LIMIT, CRC_HIGH_FIRST, WRONG_WAY, UNKNOWN_TYPE, TYPE_OF_OTHER_EDITION)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._high_told = False

    @hears(LinkChanged)
    def link(self, event: LinkChanged) -> None:
        if event.what in GONE:
            self._high_told = False

    @hears(EVERY_FRAME)
    def frame(self, seen: Seen) -> None:
        if not seen.up:
            return
        message, raw = seen.message, seen.message.raw
        if isinstance(message.values, Unknown):
            self._unknown(seen, raw[5])
        elif message.sender != "pile":
            self._code(WRONG_WAY, seen, raw[5])
        elif len(raw) - OVERHEAD != message.values.frame_type.length:
            self._length(seen)
        if not self._high_told and crc_order(raw) == "high":
            self._high_told = True
            self.scene.tell(
                CRC_HIGH_FIRST, [seen.n], expected="低字节在前 / low byte first", seen="高字节在前 / high byte first"
            )

    def _unknown(self, seen: Seen, code: int) -> None:
        rule = UNKNOWN_TYPE if self.scene.pile.edition in (None, V1_6) else TYPE_OF_OTHER_EDITION
        self._code(rule if code & 1 else WRONG_WAY, seen, code)

    def _code(self, rule: Rule, seen: Seen, code: int) -> None:
        edition = self.scene.pile.edition
        if edition is not None and edition >= NEXT_VERSION:
            return
        wanted = "奇数 / odd" if rule is WRONG_WAY else "V1.6"
        self.scene.tell(rule, [seen.n], expected=wanted, seen=f"0x{code:02X}", code=code, edition=edition)

    def _length(self, seen: Seen) -> None:
        raw, kind = seen.message.raw, seen.message.values.frame_type
        size = len(raw) - OVERHEAD
        wanted = kind.length if kind.tail is None else len(kind.encode(seen.values))
        if size > wanted or size in kind.tolerated:
            self.scene.tell(
                BODY_LONG, [seen.n], expected=str(wanted), seen=str(size), size=size, wanted=wanted, frame=seen.title
            )
        if raw[1] > LONGEST and kind.name not in LONG_LISTS:
            self.scene.tell(LENGTH_LIMIT, [seen.n], expected="≤ 200", seen=str(raw[1]), length=raw[1], frame=seen.title)


def _said(raw: bytes) -> str:
    return f"{raw[1]}" if len(raw) > 1 else "—"
