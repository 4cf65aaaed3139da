"""What people read while a case is played: prompts, steps and checks, Chinese and English side by side.

`{...}` are filled by wording.py.
"""

from __future__ import annotations

from harness.core import link_words
from harness.core.pairs import Pair

# What a person is asked to do: one large line.
ACTS: dict[str, Pair] = {
    "plug_in": ("请插上 {gun} 号枪", "Plug in gun {gun}"),
    "replug": ("启动失败。请拔下 {gun} 号枪，再插上", "The start failed. Unplug gun {gun} and plug it in again"),
    "unplug": ("请拔下 {gun} 号枪", "Unplug gun {gun}"),
    "swipe_card": ("请在 {gun} 号枪刷卡 {card}", "Swipe card {card} at gun {gun}"),
    "start_by_vin": (
        "请用 VIN 启动 {gun} 号枪（插枪自动启动的桩，请重新插枪）",
        "Start gun {gun} by VIN (replug where the pile starts by itself)",
    ),
    "press_estop": ("请拍下桩上急停按钮", "Press the emergency stop on the pile"),
    "release_estop": ("请松开急停按钮", "Release the emergency stop"),
    "scan_qr": ("请扫描桩屏幕上 {gun} 号枪的二维码", "Scan the QR code of gun {gun} on the pile's screen"),
    "choose_firmware": (
        "请选择升级固件，并填写它的版本（现在是 {current}）",
        "Choose the firmware and give its version (now {current})",
    ),
}

# The same acts in a word or two, as people speak of them.
DEEDS: dict[str, Pair] = {
    "plug_in": ("插枪", "plug in"),
    "replug": ("重新插枪", "replug"),
    "unplug": ("拔枪", "unplug"),
    "swipe_card": ("刷卡", "swipe the card"),
    "start_by_vin": ("VIN 启动", "start by VIN"),
    "press_estop": ("拍急停", "press the emergency stop"),
    "release_estop": ("松急停", "release the emergency stop"),
    "scan_qr": ("扫二维码", "scan the code"),
    "choose_firmware": ("选固件", "choose the firmware"),
}

# What happens now, for the person who watches.
STEPS: dict[str, Pair] = {
    "ready": ("等桩就绪", "Waiting for the pile to be ready"),
    "room": ("等价格边界过去", "Waiting past a price change"),
    "steer": ("把桩的时钟拨到价格边界前", "Setting the pile's clock to before a price change"),
    "send": ("下发{frame}", "Sending {frame}"),
    "send.start": ("让桩开始充电", "Telling the pile to charge"),
    "send.stop": ("让桩停止充电", "Telling the pile to stop"),
    "send.reboot": ("让桩重启", "Telling the pile to reboot"),
    "send.update": ("让桩升级", "Telling the pile to update"),
    "expect": ("等{frame}", "Waiting for {frame}"),
    "expect.charging": ("等桩报充电", "Waiting until the pile reports charging"),
    "expect.start_reply": ("等桩答复启动", "Waiting for the reply to the start"),
    "expect.stop_reply": ("等桩答复停止", "Waiting for the reply to the stop"),
    "expect.record": ("等交易记录", "Waiting for the transaction record"),
    "expect.reboot_reply": ("等桩答复重启", "Waiting for the reply to the reboot"),
    "charge": ("充电中", "Charging"),
    "pause": ("稍等", "Waiting a while"),
    "pause.reboot": ("{seconds} 秒后重启桩", "The pile reboots in {seconds} s"),
    "ask": ("请操作", "Your turn"),
    "grant": ("准备好，等桩申请启动", "Ready for the pile to ask for a start"),
    "push_qr": ("下发二维码", "Sending the QR code"),
    "relogin": ("等桩断开，再重新登录", "Waiting for the pile to go and come back"),
    "publish": ("把固件放到服务器", "Laying the firmware out"),
    "updated": ("等桩下载、升级、重新登录", "Waiting for the download, the reply and the new version"),
    "poll": ("等故障消除", "Waiting for the fault to clear"),
    "check": ("核对", "Checking"),
    "misbehave": ("平台故意出错", "The platform misbehaves on purpose"),
    **link_words.STEPS,
}

CHECKS: dict[str, Pair] = {
    "serial": ("交易流水号", "Transaction serial"),
    "energy": ("电量", "Energy"),
    "split": ("分价格段电量", "Energy by tariff period"),
    "amount": ("金额", "Amount"),
    "stop_reason": ("停止原因", "Stop reason"),
    "estop_reason": ("停止原因", "Stop reason"),
    "trade_flag": ("交易标识", "Trade flag"),
    "times": ("记录时间", "Times of the record"),
    "statuses": ("充电状态", "Statuses"),
    "card": ("卡号", "Card number"),
    "vin": ("VIN", "VIN"),
    "qr": ("二维码内容", "QR code"),
    "update": ("升级", "Update"),
    "apart": ("两枪不串", "Guns kept apart"),
    "goes_on": ("另一枪照常充电", "The other gun goes on"),
    "rests": ("不充电时的电量", "Energy at rest"),
    "all_stop": ("急停停住两枪", "The stop of both guns"),
    "not_resumed": ("重启后不再充电", "No charge after the reboot"),
    "dialect": ("方言", "Dialect"),
    **link_words.CHECKS,
}

__all__ = ["ACTS", "CHECKS", "DEEDS", "STEPS"]
