"""Reboot and firmware (chapter 11)."""

from harness.core.fields import Bcd, Choice, Uint
from harness.core.frame import FrameType
from harness.core.texts import Text

REMOTE_REBOOT = FrameType(
    code=0x92,
    name="remote_reboot",
    title="远程重启",
    sender="platform",
    section="11.1",
    answered_by="remote_reboot_reply",
    sent="按需发送",
    purpose="restarts the pile, e.g. when it hangs",
    fields=(
        Bcd("pile_code", 7, "桩编号"),
        Choice(
            "exec_control",
            1,
            "执行控制",
            choices={0x01: ("立即执行", "execute at once"), 0x02: ("空闲执行", "execute when idle")},
        ),
    ),
)

REMOTE_REBOOT_REPLY = FrameType(
    code=0x91,
    name="remote_reboot_reply",
    title="远程重启应答",
    sender="pile",
    section="11.2",
    sent="按需发送",
    purpose="answer to the reboot command",
    fields=(
        Bcd("pile_code", 7, "桩编号"),
        Choice("set_result", 1, "设置结果", choices={0x00: ("失败", "failure"), 0x01: ("成功", "success")}),
    ),
)

REMOTE_UPDATE = FrameType(
    code=0x94,
    name="remote_update",
    title="远程更新",
    sender="platform",
    section="11.3",
    answered_by="remote_update_reply",
    sent="按需发送",
    purpose="software update over FTP",
    fields=(
        Bcd("pile_code", 7, "桩编号"),
        Choice("pile_model", 1, "桩型号", choices={0x01: ("直流", "DC"), 0x02: ("交流", "AC")}),
        Uint("pile_power", 2, "桩功率", note="unit not stated, kW assumed; zero-filled (E-94)"),
        Text("server_address", 16, "升级服务器地址", note="zero-filled at the end"),
        Uint("server_port", 2, "升级服务器端口"),
        Text("user_name", 16, "用户名", note="zero-filled at the end"),
        Text("password", 16, "密码", note="zero-filled at the end"),
        Text("file_path", 32, "文件路径", note="zero-filled at the end; path and name are set by the platform"),
        Choice(
            "exec_control",
            1,
            "执行控制",
            choices={0x01: ("立即执行", "execute at once"), 0x02: ("空闲执行", "execute when idle")},
        ),
        Uint("download_timeout", 1, "下载超时时间", unit="min"),
    ),
)

REMOTE_UPDATE_REPLY = FrameType(
    code=0x93,
    name="remote_update_reply",
    title="远程更新应答",
    sender="pile",
    section="11.4",
    sent="按需发送",
    purpose="sent once the update command has been carried out",
    fields=(
        Bcd("pile_code", 7, "桩编号"),
        Choice(
            "update_status",
            1,
            "升级状态",
            choices={
                0x00: ("成功", "success"),
                0x01: ("编号错误", "code wrong"),
                0x02: ("程序与桩型号不符", "program does not fit the pile model"),
                0x03: ("下载更新文件超时", "download of the update file timed out"),
            },
        ),
    ),
)

FRAMES = (REMOTE_REBOOT, REMOTE_REBOOT_REPLY, REMOTE_UPDATE, REMOTE_UPDATE_REPLY)
