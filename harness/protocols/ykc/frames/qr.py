"""QR code setting as spoken with V1.x piles: vendor dialects, not in the document.

A missing answer is judged by the dialect that the pile profile declares."""

from harness.core.fields import Bcd, Choice, Uint
from harness.core.frame import FrameType
from harness.core.texts import Text

QR_SET = FrameType(
    code=0x5A,
    name="qr_set",
    title="二维码设置",
    sender="platform",
    section="",
    dialect="5A",
    answered_by="qr_set_reply",
    fields=(
        Bcd("pile_code", 7, "桩编号"),
        Bcd("gun_no", 1, "枪号", note="one frame per gun"),
        Text(
            "qr_content",
            150,
            "二维码内容",
            shrinks=True,
            note=(
                "we pad with 0x00; some platforms pad with ASCII 0; a reader stops at the first 0x00. "
                "Some piles keep only 100 characters: ours stay below unless a case asks for more"
            ),
        ),
    ),
)

QR_SET_REPLY = FrameType(
    code=0x59,
    name="qr_set_reply",
    title="二维码设置应答",
    sender="pile",
    section="",
    dialect="5A",
    fields=(
        Bcd("pile_code", 7, "桩编号"),
        Bcd("gun_no", 1, "枪号"),
        Choice("set_result", 1, "设置结果", choices={0x00: ("失败", "failure"), 0x01: ("成功", "success")}),
    ),
)

QR_PREFIX_SET = FrameType(
    code=0xF0,
    name="qr_prefix_set",
    title="二维码前缀下发",
    sender="platform",
    section="",
    dialect="F0",
    answered_by="qr_prefix_set_reply",
    fields=(
        Bcd("pile_code", 7, "桩编号"),
        Choice(
            "qr_format",
            1,
            "二维码格式",
            choices={
                0x00: ("前缀+桩编号", "prefix + pile code"),
                0x01: ("前缀+桩编号+枪编号", "prefix + pile code + gun"),
            },
        ),
        Uint("prefix_length", 1, "二维码前缀长度", range=(1, 200)),
        Text(
            "qr_prefix",
            242,
            "二维码前缀",
            count="prefix_length",
            note=(
                "the pile composes the text: prefix + pile code, with format 1 followed by 01, 1 or /1 "
                "(all three occur)"
            ),
        ),
    ),
)

QR_PREFIX_SET_REPLY = FrameType(
    code=0xF1,
    name="qr_prefix_set_reply",
    title="二维码前缀下发应答",
    sender="pile",
    section="",
    dialect="F0",
    fields=(
        Bcd("pile_code", 7, "桩编号"),
        Choice(
            "set_result",
            1,
            "下发结果",
            choices={0x00: ("成功", "success"), 0x01: ("失败", "failure")},
            note=(
                "one text says the reverse; 0x00 is what captures show; 0x01 is a dialect remark when the"
                " code then shows rightly"
            ),
        ),
    ),
)

FRAMES = (QR_SET, QR_SET_REPLY, QR_PREFIX_SET, QR_PREFIX_SET_REPLY)
