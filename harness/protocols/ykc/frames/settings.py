"""Working parameters and clock (9.1 to 9.4)."""

from harness.core.fields import Bcd, Choice, Uint
from harness.core.frame import FrameType
from harness.protocols.ykc.kinds import Cp56Time2a

WORK_PARAM_SET = FrameType(
    code=0x52,
    name="work_param_set",
    title="充电桩工作参数设置",
    sender="platform",
    section="9.1",
    answered_by="work_param_set_reply",
    sent="按需发送",
    purpose="takes a pile out of service or back, and sets the power limit",
    fields=(
        Bcd("pile_code", 7, "桩编号"),
        Choice(
            "work_permission",
            1,
            "是否允许工作",
            choices={
                0x00: ("允许正常工作", "normal operation allowed"),
                0x01: ("停止使用，锁定充电桩", "out of service, lock the pile"),
            },
        ),
        Uint("max_output_power", 1, "充电桩最大允许输出功率", range=(30, 100), unit="%"),
    ),
)

WORK_PARAM_SET_REPLY = FrameType(
    code=0x51,
    name="work_param_set_reply",
    title="充电桩工作参数设置应答",
    sender="pile",
    section="9.2",
    sent="按需发送",
    purpose="result of the setting",
    fields=(
        Bcd("pile_code", 7, "桩编号"),
        Choice("set_result", 1, "设置结果", choices={0x00: ("失败", "failure"), 0x01: ("成功", "success")}),
    ),
)

TIME_SYNC = FrameType(
    code=0x56,
    name="time_sync",
    title="对时设置",
    sender="platform",
    section="9.3",
    answered_by="time_sync_reply",
    sent="周期发送（1 天）",
    purpose="sets the pile clock",
    fields=(
        Bcd("pile_code", 7, "桩编号"),
        Cp56Time2a("current_time", "当前时间"),
    ),
)

TIME_SYNC_REPLY = FrameType(
    code=0x55,
    name="time_sync_reply",
    title="对时设置应答",
    sender="pile",
    section="9.4",
    sent="应答",
    purpose="answer with the pile clock",
    fields=(
        Bcd("pile_code", 7, "桩编号"),
        Cp56Time2a("current_time", "当前时间"),
    ),
)

FRAMES = (WORK_PARAM_SET, WORK_PARAM_SET_REPLY, TIME_SYNC, TIME_SYNC_REPLY)
