"""The lock on the parking space (chapter 10)."""

from harness.core.fields import Bcd, Choice, Uint
from harness.core.frame import FrameType

GROUND_LOCK_REPORT = FrameType(
    code=0x61,
    name="ground_lock_report",
    title="地锁数据上送",
    sender="pile",
    section="10.1",
    sent="按需上送",
    purpose="state of the parking lock",
    tolerated={12: ("reserved",)},  # without the reserved bytes (E-LEN)
    fields=(
        Bcd("pile_code", 7, "桩编号"),
        Uint("gun_no", 1, "枪号", note="printed as BIN here, BCD elsewhere (E-GUN)"),
        Choice(
            "lock_status",
            1,
            "车位锁状态",
            choices={
                0x00: ("未到位状态", "not in an end position"),
                0x55: ("升锁到位状态", "raised"),
                0xFF: ("降锁到位状态", "lowered"),
            },
        ),
        Choice(
            "parking_status",
            1,
            "车位状态",
            choices={0x00: ("无车辆", "no vehicle"), 0xFF: ("停放车辆", "vehicle parked")},
        ),
        Uint("lock_battery", 1, "地锁电量状态", range=(0, 100), unit="%"),
        Choice(
            "alarm_status",
            1,
            "报警状态",
            choices={
                0x00: ("正常无报警", "normal, no alarm"),
                0xFF: ("待机状态摇臂破坏", "arm forced while in standby"),
                0x55: ("摇臂升降异常(未到位)", "arm movement abnormal (end position not reached)"),
            },
        ),
        Uint("reserved", 4, "预留位", const=0, note="all 0"),
    ),
)

GROUND_LOCK_CONTROL = FrameType(
    code=0x62,
    name="ground_lock_control",
    title="遥控地锁升锁与降锁命令",
    sender="platform",
    section="10.2",
    answered_by="ground_lock_control_reply",
    sent="按需发送",
    purpose="moves the parking lock",
    tolerated={9: ("reserved",)},  # without the reserved bytes (E-LEN)
    fields=(
        Bcd("pile_code", 7, "桩编号"),
        Uint("gun_no", 1, "枪号", note="printed as BIN here, BCD elsewhere (E-GUN)"),
        Choice("lock_action", 1, "升/降地锁", choices={0x55: ("升锁", "raise"), 0xFF: ("降锁", "lower")}),
        Uint("reserved", 4, "预留位", const=0, note="all 0 (meant for several guns)"),
    ),
)

GROUND_LOCK_CONTROL_REPLY = FrameType(
    code=0x63,
    name="ground_lock_control_reply",
    title="充电桩返回数据（上行）",
    sender="pile",
    section="10.3",
    sent="按需发送",
    purpose="answer to the lock command",
    tolerated={9: ("reserved",)},  # without the reserved bytes (E-LEN)
    fields=(
        Bcd("pile_code", 7, "桩编号"),
        Uint("gun_no", 1, "枪号", note="printed as BIN here, BCD elsewhere (E-GUN)"),
        Choice(
            "control_result",
            1,
            "地锁控制返回标志",
            choices={0x00: ("鉴权失败", "authorisation failed"), 0x01: ("鉴权成功", "authorisation succeeded")},
            note="boolean",
        ),
        Uint("reserved", 4, "预留位", const=0, note="all 0 (meant for several guns)"),
    ),
)

FRAMES = (GROUND_LOCK_REPORT, GROUND_LOCK_CONTROL, GROUND_LOCK_CONTROL_REPLY)
