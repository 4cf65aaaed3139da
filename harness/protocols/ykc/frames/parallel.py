"""Several guns charging one car (chapter 12): the frames of a single start, each with what ties the guns together."""

from harness.core.fields import Bcd, Choice
from harness.core.frame import FrameType
from harness.protocols.ykc.frames.charging import REMOTE_START, REMOTE_START_REPLY, START_CONFIRM, START_REQUEST

MAIN_AUX_FLAG = Choice(
    "main_aux_flag", 1, "主辅枪标记", choices={0x00: ("主枪", "main gun"), 0x01: ("辅枪", "auxiliary gun")}
)


def parallel_serial(note: str) -> Bcd:
    """What the frames of all guns of one parallel charge have in common: yyMMddHHmmss."""
    return Bcd("parallel_serial", 6, "并充序号", note=note)


PARALLEL_START_REQUEST = FrameType(
    code=0xA1,
    name="parallel_start_request",
    title="充电桩主动申请并充充电",
    sender="pile",
    section="12.1",
    answered_by="parallel_start_confirm",
    sent="按需发送",
    purpose="as 0x31 for a charge over several guns; one frame per gun",
    fields=(
        *START_REQUEST.fields,
        MAIN_AUX_FLAG,
        parallel_serial("yyMMddHHmmss, made by the pile, the same in the frames of all guns of one parallel charge"),
    ),
)

PARALLEL_START_CONFIRM = FrameType(
    code=0xA2,
    name="parallel_start_confirm",
    title="运营平台确认并充启动充电",
    sender="platform",
    section="12.2",
    sent="应答",
    purpose="authorisation result per gun",
    fields=(*START_CONFIRM.fields, parallel_serial("the one sent in 0xA1")),
)

PARALLEL_REMOTE_START = FrameType(
    code=0xA4,
    name="parallel_remote_start",
    title="运营平台远程控制并充启机",
    sender="platform",
    section="12.3",
    answered_by="parallel_remote_start_reply",
    sent="按需发送",
    purpose="as 0x34 for a charge over several guns",
    fields=(
        *REMOTE_START.fields,
        parallel_serial("yyMMddHHmmss, made by the platform, the same in the frames of all guns of one charge"),
    ),
)

PARALLEL_REMOTE_START_REPLY = FrameType(
    code=0xA3,
    name="parallel_remote_start_reply",
    title="远程并充启机命令回复",
    sender="pile",
    section="12.4",
    sent="应答",
    purpose="answer to 0xA4",
    fields=(*REMOTE_START_REPLY.fields, MAIN_AUX_FLAG, parallel_serial("the one sent in 0xA4")),
)

FRAMES = (PARALLEL_START_REQUEST, PARALLEL_START_CONFIRM, PARALLEL_REMOTE_START, PARALLEL_REMOTE_START_REPLY)
