"""What the desk says of a run: the large line, what a countdown leads to, prompts and proofs, Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from harness.core.pairs import Pair
from harness.core.play_words import DEEDS
from harness.core.wording import fill

NOTHING: Pair = ("", "")

# What happens now, in one line: at most 9 Chinese characters, so that it stands in one row at arm's length.
LINES: dict[str, Pair] = {
    "ready": ("等桩就绪", "Waiting for the pile"),
    "ready.charging": ("枪在充电，先停下", "Charging; stopping it first"),
    "room": ("等价格边界过去", "Waiting past a price change"),
    "steer": ("正在拨桩的时钟", "Setting the pile's clock"),
    "send": ("正在下发命令", "Sending a command"),
    "send.start": ("正在下发启动", "Sending the start"),
    "send.stop": ("正在停止充电", "Stopping the charge"),
    "send.reboot": ("正在下发重启", "Sending the reboot"),
    "send.update": ("正在下发升级", "Sending the update"),
    "expect": ("等桩答复", "Waiting for the pile"),
    "expect.start_reply": ("等桩答复启动", "Waiting for the start"),
    "expect.charging": ("等桩开始充电", "Waiting for the charge"),
    "expect.stop_reply": ("等桩答复停止", "Waiting for the stop"),
    "expect.record": ("等交易记录", "Waiting for the record"),
    "expect.reboot_reply": ("等桩答复重启", "Waiting for the reboot"),
    "charge": ("正在充电，不用操作", "Charging. Nothing to do"),
    "pause": ("稍等，不用操作", "Wait. Nothing to do"),
    "pause.reboot": ("马上重启桩", "About to reboot"),
    "ask": ("请操作", "Your turn"),
    "ask.answered": ("等桩报上来", "Waiting for the report"),
    "grant": ("等桩申请启动", "Waiting for the request"),
    "push_qr": ("正在下发二维码", "Sending the QR code"),
    "relogin": ("等桩断开重启", "Waiting for the restart"),
    "publish": ("正在放出固件", "Laying the firmware out"),
    "updated": ("等桩下载固件", "Waiting for the download"),
    "poll": ("等故障消除", "Waiting for it to clear"),
    "check": ("正在核对", "Checking"),
    "misbehave": ("平台故意出错", "The platform misbehaves"),
    "misbehave.withhold": ("平台故意不应答", "Withholding a reply"),
    "misbehave.delay": ("平台故意晚应答", "Answering late"),
    "misbehave.refuse_login": ("将拒绝下次登录", "Refusing the next login"),
    "misbehave.cut": ("平台断开连接", "Closing the connection"),
    "misbehave.split": ("平台故意分包发", "Sending in pieces"),
    "misbehave.rubbish": ("平台先发杂字节", "Sending rubbish first"),
    "misbehave.wrong_crc": ("平台发错校验码", "Sending a wrong checksum"),
    "misbehave.repeat": ("平台重复下发", "Sending once more"),
    "misbehave.untimely": ("不该发时下发", "Sending at a wrong time"),
    "behave": ("平台恢复正常", "Behaving again"),
    "back": ("看桩是否还在线", "Seeing if it stays online"),
    "settled": ("等交易记录", "Waiting for the record"),
    "repeats": ("看桩怎样重发", "Seeing how it repeats"),
    "wind_down": ("正在收尾", "Tidying up"),
    "away": ("桩重启中", "The pile is restarting"),
    "away.back": ("等桩重新登录", "Waiting for the login"),
    "away.settled": ("等桩重新登录", "Waiting for the login"),
    "away.updated": ("桩升级重启中", "Restarting to update"),
    "offline": ("桩断开了，等它回来", "Pile offline, waiting"),
    "between": ("准备下一个场景", "Next case"),
    "stopping": ("正在停止", "Stopping"),
    "over": ("测完了", "All done"),
    "stopped": ("已停止", "Stopped"),
}

# What comes when the count is over; it stands after the time: 01:22 后平台自动停止.
COUNTS: dict[str, Pair] = {
    "ready": ("内桩应就绪", "for the pile to be ready"),
    "room": ("后继续", "until it goes on"),
    "steer": ("内桩应跟随", "for the pile to follow"),
    "expect": ("内桩应答复", "for the pile to answer"),
    "expect.charging": ("内桩应报充电", "for the pile to report charging"),
    "expect.record": ("内桩应报交易记录", "for the record to come"),
    "charge": ("后平台自动停止", "until the platform stops it"),
    "pause": ("后继续", "until it goes on"),
    "pause.ask": ("后请你操作", "until it is your turn"),
    "pause.reboot": ("后重启桩", "until the pile is rebooted"),
    "ask.answered": ("内桩应报上来", "for the pile to report it"),
    "push_qr": ("内桩应答复", "for the pile to answer"),
    "relogin": ("内桩应重新登录", "for the pile to log in again"),
    "back": ("内看连接", "to watch the connection"),
    "settled": ("内桩应报交易记录", "for the record to come"),
    "repeats": ("内看桩重发", "to watch the repeats"),
    "updated": ("内桩应升级完", "for the update to end"),
    "poll": ("内故障应消除", "for the fault to clear"),
    "wind_down": ("内收尾完", "to tidy up"),
}


class Asked(NamedTuple):
    """A prompt in words: the large line (broken where it has to be), a second sentence, and the button."""

    line: Pair
    more: Pair
    button: Pair


PROMPTS: dict[str, Asked] = {
    "plug_in": Asked(
        ("请插上 {gun} 号枪", "Plug in gun {gun}"),
        ("桩报上插枪，这一页自己关闭。", "This page closes by itself when the pile reports it."),
        ("我已插好", "It is plugged in"),
    ),
    "replug": Asked(
        ("请重新插 {gun} 号枪", "Replug gun {gun}"),
        ("启动没有成功：拔下枪，再插上。", "The start did not succeed: unplug the gun and plug it in again."),
        ("我已重新插好", "I replugged it"),
    ),
    "unplug": Asked(
        ("请拔下 {gun} 号枪", "Unplug gun {gun}"),
        ("桩报上拔枪，这一页自己关闭。", "This page closes by itself when the pile reports it."),
        ("我已拔下", "I unplugged it"),
    ),
    "swipe_card": Asked(
        ("请刷卡", "Swipe the card"),
        ("卡号 {card}，刷在 {gun} 号枪。桩申请启动，这一页自己关闭。",
         "Card {card}, at gun {gun}. This page closes by itself when the pile asks to start."),
        ("我已刷卡", "I swiped it"),
    ),
    "start_by_vin": Asked(
        ("请用 VIN 启动", "Start by VIN"),
        ("{gun} 号枪。插枪自动启动的桩，请重新插枪。",
         "Gun {gun}. Where the pile starts by itself, unplug the gun and plug it in again."),
        ("我已启动", "I started it"),
    ),
    "press_estop": Asked(
        ("请拍下急停按钮", "Press the emergency stop"),
        ("拍下后先不要松开。桩报上急停，这一页自己关闭。",
         "Leave it pressed in. This page closes by itself when the pile reports it."),
        ("我已拍下", "I pressed it"),
    ),
    "release_estop": Asked(
        ("请松开急停按钮", "Release the emergency stop"),
        ("桩报上松开，这一页自己关闭。", "This page closes by itself when the pile reports it."),
        ("我已松开", "I released it"),
    ),
    "scan_qr": Asked(
        ("请扫\n桩上\n二维码", "Scan the\nQR code"),
        ("桩屏幕上 {gun} 号枪的二维码。", "The code of gun {gun} on the pile's screen."),
        ("扫描二维码", "Scan the QR code"),
    ),
    "choose_firmware": Asked(
        ("请选择升级固件", "Choose the firmware"),
        ("版本要与现在的 {current} 不同。", "Its version must be other than {current}, which the pile has now."),
        ("选择升级固件", "Choose the firmware"),
    ),
}  # fmt: skip

# What is in the way of what is asked for.
NOTES: dict[str, Pair] = {
    "offline": ("桩离线，先把桩连上", "The pile is offline; connect it first"),
    "swipe_card": ("桩读到 {got}，要刷 {wanted}", "The pile read {got}; swipe {wanted}"),
    "start_by_vin": ("桩报的 VIN 是 {got}，要用 {wanted}", "The pile sent VIN {got}; use {wanted}"),
    "other": ("桩用别的方式申请了启动，要用 {wanted}", "The pile asked to start in another way; use {wanted}"),
}
STARTS = ("swipe_card", "start_by_vin")

KINDS = {"scan_qr": "scan", "choose_firmware": "firmware"}

# What the frames proved, for the two seconds in which it is shown.
PROOFS: dict[str, Pair] = {
    "plug_in": ("桩报上已插枪", "The pile reports it plugged in"),
    "replug": ("桩报上已重新插枪", "The pile reports it replugged"),
    "unplug": ("桩报上已拔枪", "The pile reports it unplugged"),
    "swipe_card": ("桩已申请启动", "The pile asked to start"),
    "start_by_vin": ("桩已申请启动", "The pile asked to start"),
    "press_estop": ("桩报上急停", "Emergency stop seen"),
    "release_estop": ("急停\n已松开", "Emergency stop released"),
}
NOTED: Pair = ("已记下", "Noted")

BY_HAND: Pair = ("人工停止", "stopped by hand")
NOT_REGISTERED: Pair = ("桩编码已收回", "the pile code was taken back")
CLOSING: Pair = ("平台停止服务", "the platform was shut down")


def prompt(act: str, params: Mapping[str, Any]) -> Asked:
    """A prompt with its gun, card or version filled in."""
    asked = PROMPTS[act]
    return Asked(fill(asked.line, params), fill(asked.more, params), fill(asked.button, params))


def asks(acts: Sequence[str]) -> Pair:
    """What people will have to do, in a few words."""
    known = [DEEDS[act] for act in dict.fromkeys(acts)]
    return "、".join(zh for zh, _ in known), ", ".join(en for _, en in known)


def in_one_row(pair: Pair) -> Pair:
    """A large line without its breaks."""
    return pair[0].replace("\n", ""), pair[1].replace("\n", " ")


def as_reason(pair: Pair) -> str:
    """A pair as a journal keeps a reason."""
    return f"{pair[0]} / {pair[1]}"


def first_of(table: Mapping[str, Pair], *keys: str) -> Pair:
    """The words of the first key that has some."""
    return next((table[key] for key in keys if key in table), NOTHING)
