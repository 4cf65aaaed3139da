"""Cards that work while the pile is offline (8.11 to 8.16)."""

from harness.core.fields import Bcd, Choice, Opaque, Uint
from harness.core.frame import FrameType
from harness.core.parts import Repeat

OFFLINE_CARD_SYNC = FrameType(
    code=0x44,
    name="offline_card_sync",
    title="离线卡数据同步",
    sender="platform",
    section="8.11",
    answered_by="offline_card_sync_reply",
    sent="按需下发",
    purpose="stores (or overwrites) cards for offline use",
    fields=(
        Bcd("pile_code", 7, "桩编号"),
        Uint("card_count", 1, "下发卡个数", range=(0, 15), note="N, at most 15"),
        Repeat(
            "cards",
            "离线卡",
            count="card_count",
            most=15,
            fields=(
                Bcd("logical_card_no", 8, "第 i 个卡逻辑卡号"),
                Opaque("physical_card_no", 8, "第 i 个卡物理卡号"),
            ),
        ),
    ),
)

OFFLINE_CARD_SYNC_REPLY = FrameType(
    code=0x43,
    name="offline_card_sync_reply",
    title="离线卡数据同步应答",
    sender="pile",
    section="8.12",
    sent="应答",
    purpose="result of the card synchronisation",
    fields=(
        Bcd("pile_code", 7, "桩编号"),
        Choice("save_result", 1, "保存结果", choices={0x00: ("失败", "failure"), 0x01: ("成功", "success")}),
        Choice(
            "fail_reason",
            1,
            "失败原因",
            choices={
                0x00: ("无", "none (not listed in the document)"),
                0x01: ("卡号格式错误", "card number format wrong"),
                0x02: ("储存空间不足", "storage full"),
            },
            note="0x00 on success (as in the sample), not listed",
        ),
    ),
)

OFFLINE_CARD_CLEAR = FrameType(
    code=0x46,
    name="offline_card_clear",
    title="离线卡数据清除",
    sender="platform",
    section="8.13",
    answered_by="offline_card_clear_reply",
    sent="按需下发",
    purpose="removes cards from the pile",
    fields=(
        Bcd("pile_code", 7, "桩编号"),
        Uint("card_count", 1, "清除离线卡的个数", range=(0, 24), note="N, at most 24"),
        Repeat(
            "cards", "离线卡", count="card_count", most=24, fields=(Opaque("physical_card_no", 8, "第 i 个卡物理卡号"),)
        ),
    ),
)

OFFLINE_CARD_CLEAR_REPLY = FrameType(
    code=0x45,
    name="offline_card_clear_reply",
    title="离线卡数据清除应答",
    sender="pile",
    section="8.14",
    sent="应答",
    purpose="result per card",
    fields=(
        Bcd("pile_code", 7, "桩编号"),
        Repeat(
            "cards",
            "离线卡",
            count="rest",
            most=24,
            fields=(
                Opaque("physical_card_no", 8, "第 i 个卡物理卡号"),
                Choice(
                    "clear_result",
                    1,
                    "清除标记",
                    choices={0x00: ("清除失败", "clear failed"), 0x01: ("清除成功", "clear succeeded")},
                ),
                Choice(
                    "fail_reason",
                    1,
                    "失败原因",
                    choices={
                        0x00: ("清除成功", "cleared"),
                        0x01: ("卡号格式错误", "card number format wrong"),
                        0x02: ("清除成功", "cleared (only in the row of the first card)"),
                    },
                    note="two printed lists contradict each other (E-45)",
                ),
            ),
            note="no count field: N = (body length - 7) / 10",
        ),
    ),
)

OFFLINE_CARD_QUERY = FrameType(
    code=0x48,
    name="offline_card_query",
    title="离线卡数据查询",
    sender="platform",
    section="8.15",
    answered_by="offline_card_query_reply",
    sent="按需下发",
    purpose="asks whether cards are stored at the pile",
    fields=(
        Bcd("pile_code", 7, "桩编号"),
        Uint("card_count", 1, "查询的离线卡个数", range=(0, 26), note="N, at most 26"),
        Repeat(
            "cards", "离线卡", count="card_count", most=26, fields=(Opaque("physical_card_no", 8, "第 i 个卡物理卡号"),)
        ),
    ),
)

OFFLINE_CARD_QUERY_REPLY = FrameType(
    code=0x47,
    name="offline_card_query_reply",
    title="离线卡数据查询应答",
    sender="pile",
    section="8.16",
    sent="应答",
    purpose="result per card",
    fields=(
        Bcd("pile_code", 7, "桩编号"),
        Repeat(
            "cards",
            "离线卡",
            count="rest",
            most=26,
            fields=(
                Opaque("physical_card_no", 8, "第 i 个卡物理卡号"),
                Choice(
                    "query_result", 1, "查询结果", choices={0x00: ("不存在", "not stored"), 0x01: ("存在", "stored")}
                ),
            ),
            note="no count field: N = (body length - 7) / 9",
        ),
    ),
)

FRAMES = (
    OFFLINE_CARD_SYNC,
    OFFLINE_CARD_SYNC_REPLY,
    OFFLINE_CARD_CLEAR,
    OFFLINE_CARD_CLEAR_REPLY,
    OFFLINE_CARD_QUERY,
    OFFLINE_CARD_QUERY_REPLY,
)
