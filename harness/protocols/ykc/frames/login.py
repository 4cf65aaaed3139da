"""Registration, heartbeat and the check of the billing model (chapter 6)."""

from harness.core.fields import Bcd, Choice, Scaled, Uint
from harness.core.frame import FrameType
from harness.core.texts import Text

LOGIN = FrameType(
    code=0x01,
    name="login",
    title="充电桩登录认证",
    sender="pile",
    section="6.1",
    answered_by="login_reply",
    sent="通信中断后上电复位",
    purpose="the pile presents its operating code so that the platform ties the connection to it",
    fields=(
        Bcd("pile_code", 7, "桩编码"),
        Choice("pile_type", 1, "桩类型", choices={0x00: ("直流桩", "DC pile"), 0x01: ("交流桩", "AC pile")}),
        Uint("gun_count", 1, "充电枪数量"),
        Scaled(
            "protocol_version",
            1,
            "通信协议版本",
            places=1,
            note="version times ten: V1.0 = 0x0A, V1.5 = 0x0F, V1.6 = 0x10",
        ),
        Text("program_version", 8, "程序版本", note="zero-filled at the end"),
        Choice(
            "network_type",
            1,
            "网络链接类型",
            choices={0x00: ("SIM 卡", "SIM"), 0x01: ("LAN", "LAN"), 0x02: ("WAN", "WAN"), 0x03: ("其他", "other")},
        ),
        Bcd("sim_card_no", 10, "Sim 卡", note="zero-filled to 10 bytes; all zero when it cannot be read"),
        Choice(
            "carrier",
            1,
            "运营商",
            choices={
                0x00: ("移动", "China Mobile"),
                0x02: ("电信", "China Telecom"),
                0x03: ("联通", "China Unicom"),
                0x04: ("其他", "other"),
            },
            note="0x01 is not assigned",
        ),
    ),
)

LOGIN_REPLY = FrameType(
    code=0x02,
    name="login_reply",
    title="登录认证应答",
    sender="platform",
    section="6.2",
    sent="应答发送",
    purpose="result of the login",
    fields=(
        Bcd("pile_code", 7, "桩编码"),
        Choice("login_result", 1, "登陆结果", choices={0x00: ("登陆成功", "success"), 0x01: ("登陆失败", "failure")}),
    ),
)

HEARTBEAT = FrameType(
    code=0x03,
    name="heartbeat",
    title="充电桩心跳包",
    sender="pile",
    section="6.3",
    answered_by="heartbeat_reply",
    sent="10 秒周期上送",
    purpose="link supervision",
    fields=(
        Bcd("pile_code", 7, "桩编码"),
        Bcd("gun_no", 1, "枪号"),
        Choice("gun_status", 1, "枪状态", choices={0x00: ("正常", "normal"), 0x01: ("故障", "fault")}),
    ),
)

HEARTBEAT_REPLY = FrameType(
    code=0x04,
    name="heartbeat_reply",
    title="心跳包应答",
    sender="platform",
    section="6.4",
    sent="应答发送",
    purpose="link supervision",
    fields=(
        Bcd("pile_code", 7, "桩编码"),
        Bcd("gun_no", 1, "枪号"),
        Uint("heartbeat_ack", 1, "心跳应答", const=0, note="always 0"),
    ),
)

FRAMES = (LOGIN, LOGIN_REPLY, HEARTBEAT, HEARTBEAT_REPLY)
