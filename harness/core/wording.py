"""Every sentence people read about findings, Chinese and English side by side, and how sentences are filled.

What to do about a finding stands in remedies.py, what people read while a case is played in play_words.py.
`{...}` are filled from a finding's params; a param that is a pair (zh, en) gives each language its own word.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.core import link_words
from harness.core.auditing import Level
from harness.core.pairs import Pair, sides
from harness.core.play_words import ACTS, STEPS
from harness.core.remedies import REMEDIES
from harness.core.verdict import Verdict

# Findings: what was seen. Sentences marked * are fixed by the people who use this tool.
FINDINGS: dict[str, Pair] = {
    # energy and money
    "energy_mismatch": ("上送电量与平台不匹配", "The reported energy does not match the platform's"),  # *
    "amount_mismatch": ("上送金额与平台不匹配", "The reported amount does not match the platform's"),  # *
    "no_energy": ("未产生电量，请确认负载连接后重试", "No energy flowed; check the load and try again"),  # *
    "stopped_by_other": (
        "充电非平台停止，停止原因{reason}",
        "The charge was not stopped by the platform; stop reason: {reason}",
    ),  # *
    "no_split": (
        "未上送多价格段电量，请检查交易数据",
        "No energy split over several tariff periods; check the record",
    ),  # *
    "energy_equal": ("电量与平台一致", "The energy matches the platform's"),
    "energy_rounding": ("电量有 {difference} kWh 的舍入差", "Energies differ by a rounding of {difference} kWh"),
    "split_equal": ("各价格段电量与平台一致", "The energy of each tariff period matches the platform's"),
    "amount_equal": ("金额与平台一致", "The amounts match the platform's"),
    "no_meter": (
        "桩未上送电表读数，按实时数据结算",
        "The pile sends no meter readings; settled from its real-time data",
    ),
    "no_curve": ("没有充电中的实时数据，无法核对电量", "No real-time data of the charge: its energy cannot be checked"),
    # start
    "start_accepted": ("桩确认启动", "The pile confirmed the start"),
    "no_start_reply": ("{within} 秒内未收到启动成功应答", "No positive answer to the start within {within} s"),
    "start_refused": ("桩拒绝启动：{reason}", "The pile refused to start: {reason}"),
    "start_failed": ("启动失败，停止原因{reason}", "The start failed; stop reason: {reason}"),
    "charging_seen": ("桩上报充电中", "The pile reports charging"),
    "charging_late": ("{within} 秒内未上报充电中", "Charging was not reported within {within} s"),
    "restarted": (
        "第一次启动失败，重新插枪后重做：{reason}",
        "The first start failed; done anew after replugging: {reason}",
    ),
    "ask_start_seen": ("桩已申请启动", "The pile asked to start"),
    "vin_not_reversed": ("启动申请中的 VIN 没有反序", "The VIN in the start request is not reversed"),
    "ask_start_missing": ("没有收到桩的启动申请", "The pile did not ask to start"),
    "card_unknown": (
        "刷的卡号是 {card}，登记的是 {registered}",
        "The card shown is {card}, the registered one is {registered}",
    ),
    "vin_unknown": (
        "上送的 VIN 是 {vin}，登记的是 {registered}",
        "The VIN sent is {vin}, the registered one is {registered}",
    ),
    "card_cut": (
        "刷的卡号 {card} 只是登记卡号 {registered} 的一部分",
        "The card number sent, {card}, is only a part of the registered one, {registered}",
    ),
    "card_decimal": (
        "刷的卡号 {card} 是登记卡号 {registered} 换算成的十进制",
        "The card number sent, {card}, is the registered one, {registered}, in decimal digits",
    ),
    "vin_cut": (
        "上送的 VIN {vin} 只是登记的 VIN {registered} 的一部分",
        "The VIN sent, {vin}, is only a part of the registered one, {registered}",
    ),
    # course of the charge
    "charged": ("充电按计划进行", "The charge ran as planned"),
    "ended_early": ("未到停止条件，充电已结束", "The charge ended before it was to be stopped"),
    "statuses_right": ("充电过程状态正确", "The statuses during the charge are right"),
    "idle_while_charging": ("充电过程中 {count} 次上报空闲", "Idle was reported {count} times during the charge"),
    "serial_same": ("交易流水号前后一致", "One transaction serial throughout"),
    "serial_changed": (
        "交易流水号不一致：下发 {given}，上送 {got}",
        "The transaction serial changed: {given} given, {got} sent",
    ),
    # stop
    "stop_accepted": ("桩确认停止", "The pile confirmed the stop"),
    "no_stop_reply": ("{within} 秒内未收到停止成功应答", "No positive answer to the stop within {within} s"),
    "stopped_by_platform": ("由平台停止", "Stopped by the platform"),
    "stopped_by_estop": ("由急停停止", "Stopped by the emergency stop"),
    "estop_reason_wrong": ("急停后停止原因是{reason}", "After the emergency stop the stop reason is: {reason}"),
    "estop_released": ("急停故障已恢复", "The emergency stop fault has cleared"),
    "estop_not_cleared": ("松开急停 {within} 秒后故障仍在", "The fault is still there {within} s after the release"),
    "estop_not_reported": (
        "按下急停时实时数据没有急停故障位",
        "The real-time data never showed the emergency stop bit",
    ),
    # record
    "record_seen": ("按时收到交易记录", "The transaction record came in time"),
    "record_missing": ("{within} 秒内未收到交易记录", "No transaction record within {within} s"),
    "record_late": ("交易记录晚到，{after} 秒才收到", "The transaction record came late, after {after} s"),
    "trade_flag_right": ("交易标识正确", "The trade flag is right"),
    "trade_flag_wrong": ("交易标识是 {got}，应为 {wanted}", "The trade flag is {got}, it should be {wanted}"),
    "times_right": ("记录时间正确", "The times of the record are right"),
    "times_wrong": ("记录的{which}不对", "The {which} of the record is wrong"),
    "card_right": ("记录中的卡号正确", "The record carries the card number"),
    "card_wrong": ("记录中的卡号是 {got}，应为 {wanted}", "The record's card number is {got}, it should be {wanted}"),
    "card_otherwise": (
        "记录中的卡号 {got} 和 {wanted} 是同一张卡的两种写法",
        "The record's card number {got} and {wanted} are one card, written in two ways",
    ),
    "vin_right": ("记录中的 VIN 正确", "The record carries the VIN"),
    "vin_wrong": ("记录中的 VIN 是 {got}，应为 {wanted}", "The record's VIN is {got}, it should be {wanted}"),
    # tariff and clock
    "tariff_refused": ("桩不接受计费模型", "The pile does not accept the billing model"),
    "tariff_simple": (
        "桩不接受半小时计费模型，已改用两段计费模型",
        "The pile refused the half-hour model; a model of two periods is used",
    ),
    "clock_moved": ("桩时间已拨到价格边界前", "The pile's clock was set to shortly before the price boundary"),
    "clock_not_followed": (
        "桩没有跟随对时，改为等待真实边界",
        "The pile's clock did not follow; the real boundary was waited for",
    ),
    "clock_not_moved": (
        "桩的另一把枪在充电，没有拨动桩时间，改为等待真实边界",
        "Another gun of the pile charges, so its clock was left alone; the real boundary was waited for",
    ),
    "boundary_not_reached": ("充电没有跨过价格边界", "The charge did not cross the price boundary"),
    # QR
    "qr_confirmed": ("桩确认二维码设置", "The pile confirmed the QR code"),
    "qr_no_reply": ("下发 {tries} 次二维码，桩没有应答", "The QR code was sent {tries} times, the pile did not answer"),
    "qr_refused": ("桩应答二维码设置失败", "The pile answered that setting the QR code failed"),
    "qr_refused_but_shown": (
        "桩应答失败，但屏幕显示正确",
        "The pile answered failure, yet the screen shows the right code",
    ),
    "qr_right": ("屏幕上的二维码与下发的一致", "The code on the screen is the one sent"),
    "qr_wrong": ("屏幕上的二维码是 {got}，下发的是 {wanted}", "The code on the screen is {got}, sent was {wanted}"),
    "qr_not_shown": ("屏幕上没有二维码", "The screen shows no QR code"),
    "qr_unreadable": ("照片里没有读到二维码", "No QR code could be read in the picture"),
    # reboot
    "reboot_accepted": ("桩确认重启", "The pile confirmed the reboot"),
    "no_reboot_reply": ("{within} 秒内未收到重启成功应答", "No positive answer to the reboot within {within} s"),
    "connection_lost": ("连接已断开", "The connection was lost"),
    "connection_not_lost": (
        "确认重启后 {within} 秒内连接没有断开",
        "The connection stayed up for {within} s after the reboot",
    ),
    "back_online": ("桩重新登录", "The pile logged in again"),
    "not_back": ("{within} 秒内没有重新登录", "The pile did not log in again within {within} s"),
    # upgrade
    "firmware_fetched": ("固件已完整下载", "The firmware was fetched whole"),
    "firmware_not_fetched": ("桩没有连接固件服务器", "The pile never connected to the firmware server"),
    "firmware_login_failed": ("桩登录固件服务器失败", "The pile failed to log in to the firmware server"),
    "firmware_not_opened": (
        "桩登录了固件服务器，但没有下载文件",
        "The pile logged in to the firmware server but fetched nothing",
    ),
    "firmware_partial": ("固件只下载了 {got} / {size} 字节", "Only {got} of {size} bytes of the firmware were fetched"),
    "update_confirmed": ("桩应答升级成功", "The pile reported success of the update"),
    "update_refused": ("桩应答升级失败：{reason}", "The pile reported that the update failed: {reason}"),
    "no_update_reply": ("{within} 秒内未收到升级应答", "No answer to the update within {within} s"),
    "version_changed": ("新程序版本 {version} 已登录", "Logged in with the new program version {version}"),
    "version_unchanged": (
        "升级后程序版本是 {got}，应为 {wanted}",
        "After the update the program version is {got}, it should be {wanted}",
    ),
    "firmware_version_bad": (
        "填写的版本 {version} 不可用：最多 8 个 ASCII 字符，且与桩现在的 {current} 不同",
        "The version {version} cannot be used: at most 8 ASCII characters, and other than the pile's {current}",
    ),
    # two guns
    "guns_apart": ("两把枪的流水号、记录和电量没有串", "Serials, records and energies of the two guns are kept apart"),
    "serial_crossed": (
        "{gun} 号枪上送了 {other} 号枪的交易流水号",
        "Gun {gun} sent the transaction serial of gun {other}",
    ),
    "record_crossed": (
        "{gun} 号枪的交易记录用了 {other} 号枪的交易流水号",
        "The record of gun {gun} carries the transaction serial of gun {other}",
    ),
    "energy_crossed": (
        "{gun} 号枪的交易记录是 {other} 号枪的电量",
        "The record of gun {gun} carries the energy of gun {other}",
    ),
    "other_goes_on": (
        "{stopped} 号枪停止后，{gun} 号枪照常充电",
        "Gun {gun} went on charging after gun {stopped} was stopped",
    ),
    "other_stopped": (
        "平台只停 {stopped} 号枪，{gun} 号枪也停了",
        "Only gun {stopped} was told to stop, and gun {gun} stopped",
    ),
    "rest_still": ("{gun} 号枪不充电时电量不变", "The energy of gun {gun} stays while it does not charge"),
    "rest_moves": (
        "{gun} 号枪没有充电，电量却从 {before} 变成 {after} kWh",
        "Gun {gun} does not charge, yet its energy went from {before} to {after} kWh",
    ),
    "estop_both": ("急停停住了所有在充电的枪", "The emergency stop stopped every gun that charged"),
    "estop_one_gun": ("急停后 {gun} 号枪还在充电", "After the emergency stop gun {gun} still charges"),
    "not_resumed": ("重启后没有枪在充电", "After the reboot no gun charges"),
    "resumed": ("重启后 {gun} 号枪还上报充电中", "After the reboot gun {gun} still reports charging"),
    # any frame
    "frame_seen": ("收到{frame}", "{frame} came"),
    "frame_late": ("{within} 秒内未收到{frame}", "{frame} did not come within {within} s"),
    "frame_differs": (
        "{frame}的 {field} 是 {got}，应为 {wanted}",
        "{field} of {frame} is {got}, it should be {wanted}",
    ),
    "frame_tolerated": ("{frame}的 {field} 是 {got}", "{field} of {frame} is {got}"),
    "crc_order": ("桩的校验码高字节在前", "The pile sends its CRC high byte first"),
    # not the pile's doing
    "act_not_seen": (
        "桩没有报上“{act}”，只有人按了按钮",
        "The pile did not report this, only a button was pressed: {act}",
    ),
    "gun_pulled": ("充电中枪被拔出", "The gun was pulled out while it charged"),
    "operator_silent": ("{minutes} 分钟内没有人完成：{act}", "Nobody did this within {minutes} min: {act}"),
    "operator_unable": ("操作没有完成：{why}", "The operation was not done: {why}"),
    "no_operator": ("这个场景需要人操作，但没有操作者", "This case needs a person, and there is none"),
    "pile_offline": ("桩不在线", "The pile is not online"),
    "pile_lost": ("连接中断，场景没有做完", "The connection was lost; the case could not be finished"),
    "tariff_not_accepted": ("桩还没有接受计费模型", "The pile has not yet accepted the billing model"),
    "still_charging": ("枪还在充电，场景没有开始", "The gun is still charging; the case did not begin"),
    "loop_late": (
        "平台自身延迟 {seconds} 秒，时限不作数",
        "The platform itself came {seconds} s late; time limits do not count",
    ),
    "aborted": ("场景中断：{why}", "The case was stopped: {why}"),
    "ended_by_us": ("平台中断了场景：{why}", "The platform ended the case: {why}"),
    "harness_fault": ("平台自身出错：{why}", "The harness itself failed: {why}"),
    "not_played": ("没有轮到这个场景：{why}", "This case was not played: {why}"),
    "nothing_checked": ("没有任何检查有依据", "No check had anything to rest on"),
    "not_seen": ("没有{what}，无从核对", "There is nothing to judge by: {what} is missing"),
    "not_declared": ("未申报此项", "This item is not declared"),
    "one_gun": ("这个场景要两把枪，这台桩只有一把", "This case takes two guns, the pile has one"),
    "bench_only": (
        "这个场景只在试验场做，桩登记在运营现场",
        "This case is for a bench only, and the pile is registered on a live site",
    ),
    **link_words.FINDINGS,
}

# How grave a breach of the protocol's own rules is.
LEVELS: dict[Level, Pair] = {
    Level.MUST: ("必须", "must"),
    Level.SHOULD: ("应当", "should"),
    Level.REMARK: ("备注", "remark"),
}

VERDICTS: dict[Verdict, Pair] = {
    Verdict.PASSED: ("通过", "Passed"),
    Verdict.REMARK: ("通过（有备注）", "Passed with a remark"),
    Verdict.FAILED: ("未通过", "Failed"),
    Verdict.BROKEN: ("未完成", "No result yet"),
    Verdict.NOT_EARNED: ("未完成", "No result yet"),
    Verdict.NOT_APPLICABLE: ("未申报", "Not declared"),
}


def fill(pair: Pair, params: Mapping[str, Any]) -> Pair:
    """Fill both sentences; what is missing shows as its own name in braces."""
    zh, en = sides(params)
    return pair[0].format_map(_Shown(zh)), pair[1].format_map(_Shown(en))


# What findings did not tell that were kept before they did.
UNTOLD: dict[str, Pair] = {"what": ("可依据的报文", "a frame to rest on")}


def say(code: str, params: Mapping[str, Any] | None = None) -> Pair:
    """The sentence of a finding, zh and en; `at_gun` says before it at which gun, in a case about two."""
    said, gun = fill(FINDINGS[code], {**UNTOLD, **(params or {})}), (params or {}).get("at_gun")
    return at_gun(str(gun), said) if gun else said


def at_gun(gun: str, said: Pair) -> Pair:
    """A sentence about one gun of two."""
    return f"{gun} 号枪：{said[0]}", f"Gun {gun}: {said[1]}"


def remedy(code: str, params: Mapping[str, Any] | None = None) -> Pair:
    """What to do about a finding, zh and en; empty for a pass."""
    return fill(REMEDIES.get(code, ("", "")), params or {})


def act(name: str, params: Mapping[str, Any] | None = None) -> Pair:
    """What a person is asked to do, zh and en."""
    return fill(ACTS[name], params or {})


def step(key: str, params: Mapping[str, Any] | None = None) -> Pair:
    """What a step does, zh and en."""
    return fill(STEPS[key], params or {})


def verdict_word(verdict: Verdict) -> Pair:
    """The word for a verdict, zh and en."""
    return VERDICTS[verdict]


class _Shown(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"
