"""What the cases with faults of our own find, and what to do about it, Chinese and English side by side."""

from __future__ import annotations

from harness.core.pairs import Pair

FINDINGS: dict[str, Pair] = {
    # the only ones that fail such a case, beside not_back
    "charging_unconfirmed": (
        "桩在充电，但没有应答启动成功",
        "The pile charges without ever having answered that it starts",
    ),
    "record_lost": (
        "连接好了 {within} 秒，桩没有上送交易记录",
        "The pile was online for {within} s and sent no transaction record",
    ),
    "record_changed": (
        "交易记录变了：{field} 是 {got}，应为 {wanted}",
        "The record changed: {field} is {got}, it should be {wanted}",
    ),
    # what is right
    "start_confirmed": ("桩应答启动成功，然后充电", "The pile answered that it starts, then charged"),
    "record_kept": ("交易记录没有丢，也没有变", "The record was neither lost nor changed"),
    "record_settled": ("平台确认后不再重发", "Once confirmed, the record was not sent again"),
    "stayed_online": ("连接没有断开", "The connection stayed up"),
    "charge_went_on": ("断线后充电继续，流水号没有变", "The charge went on over the cut, under the same serial"),
    "crc_ignored": ("校验码错的帧，桩没有理会", "The frame with a wrong checksum was ignored"),
    "start_repeat_same": (
        "收到重复的启动，桩再次应答成功，充电没有重来",
        "To the repeated start the pile answered success again; the charge was not begun anew",
    ),
    "tariff_deferred": ("这次充电仍按原来的计费模型结算", "The charge was still billed by the model it began with"),
    "stop_idle_refused": ("没有充电，桩应答停止失败", "Nothing charges, and the pile answered that it cannot stop"),
    # what the document leaves open
    "repeats_after_30": (
        "没有确认时，桩隔 30 秒重发，共 {count} 次（8.7 节的说法）",
        "Without a confirmation the pile repeats each 30 s (as section 8.7 has it); repeats: {count}",
    ),
    "repeats_after_300": (
        "没有确认时，桩隔 5 分钟重发 1 次（8.8 节的说法）",
        "Without a confirmation the pile repeats once after 5 min (as section 8.8 has it)",
    ),
    "repeats_otherwise": (
        "没有确认时，桩重发 {count} 次，间隔 {gaps} 秒，与 8.7、8.8 两种说法都不同",
        "Without a confirmation the pile repeats after {gaps} s (repeats: {count}): neither as 8.7 nor as 8.8 has it",
    ),
    "not_repeated": (
        "没有确认，桩在 {within} 秒内没有重发",
        "Without a confirmation the pile did not repeat within {within} s",
    ),
    "repeated_after_confirm": ("平台确认后，桩又重发了记录", "The record was sent again after it had been confirmed"),
    "stayed_unanswered": (
        "心跳连续 {count} 次没有应答，桩没有重新连接",
        "{count} heartbeats in a row were not answered, and the pile did not reconnect",
    ),
    "charge_stopped_offline": (
        "断线后充电自行结束，停止原因{reason}",
        "The charge ended by itself over the cut; stop reason: {reason}",
    ),
    "crc_not_checked": ("校验码错的帧，桩照样执行了", "The frame with a wrong checksum was carried out all the same"),
    "split_not_read": ("分几包发的帧，桩没有应答", "The frame that came in pieces was not answered"),
    "rubbish_not_skipped": (
        "杂字节后面的帧，桩没有应答",
        "The frame behind bytes that make no sense was not answered",
    ),
    "start_repeat_refused": (
        "收到重复的启动，桩应答失败：{reason}，充电没有重来",
        "To the repeated start the pile answered failure: {reason}; the charge was not begun anew",
    ),
    "start_repeat_unanswered": (
        "收到重复的启动，桩没有应答，充电没有重来",
        "The repeated start was not answered; the charge was not begun anew",
    ),
    "started_anew": ("收到重复的启动，桩重新开始了充电", "On the repeated start the pile began the charge anew"),
    "tariff_at_once": (
        "充电中收到新的计费模型，这次充电就按它结算了",
        "The model that came during the charge was used for this very charge",
    ),
    "tariff_mixed": (
        "充电中收到新的计费模型，金额与新旧两个模型都不符",
        "After the model that came during the charge the amounts fit neither the old nor the new one",
    ),
    "stop_idle_accepted": ("没有充电，桩却应答停止成功", "Nothing charges, yet the pile answered that it stopped"),
    "stop_idle_unanswered": ("没有充电，桩没有应答停止", "Nothing charges, and the pile did not answer the stop"),
    "stop_idle_record": (
        "没有充电，停止后桩却上送了交易记录",
        "Nothing charged, yet a transaction record followed the stop",
    ),
    # not the pile's doing
    "current_flows": ("桩上有电流，平台没有动它", "The pile carries current, so it was left alone"),
    "not_reached": ("没有走到平台故意出错的那一步", "The case never came to where the platform misbehaves"),
}

REMEDIES: dict[str, Pair] = {
    "charging_unconfirmed": (
        "启动后先用 0x33 应答成功，再充电；否则平台按启动失败关闭订单。",
        "Answer success with 0x33 before charging; else the platform closes the order as a failed start.",
    ),
    "record_lost": (
        "没有收到 0x40 的交易记录要保存，重新登录后补传（R-TX-4、R-LG-4）。",
        "Keep a record until 0x40 has come, and send it after the next login (R-TX-4, R-LG-4).",
    ),
    "record_changed": (
        "重发和补传的记录要与第一次一样，电量不能少于已上报的。",
        "A record is repeated as it was first sent, with no less energy than was reported.",
    ),
    "repeats_after_30": ("不用处理。", "Nothing to do."),
    "repeats_after_300": ("不用处理。", "Nothing to do."),
    "repeats_otherwise": (
        "按 8.7 节隔 30 秒重发，最多 3 次。",
        "Repeat after 30 s, at most three times (section 8.7).",
    ),
    "not_repeated": (
        "没有收到 0x40 时隔 30 秒重发，最多 3 次。",
        "Without 0x40 repeat after 30 s, at most three times.",
    ),
    "repeated_after_confirm": ("收到 0x40 后不要再发这条记录。", "After 0x40 this record is not to be sent again."),
    "stayed_unanswered": (
        "心跳连续三次没有应答时断开，重新登录（6.3 节）。",
        "After three heartbeats without an answer disconnect and log in again (section 6.3).",
    ),
    "charge_stopped_offline": (
        "协议没有规定断线时是否继续充电；请确认这是有意的。",
        "The document does not say whether a charge goes on offline; make sure that this is meant.",
    ),
    "crc_not_checked": (
        "校验码不对的帧要丢弃，不执行也不应答。",
        "Drop frames whose checksum is wrong: neither carry them out nor answer.",
    ),
    "split_not_read": (
        "TCP 会拆包：按长度收齐一帧再解析。",
        "TCP may split: collect a whole frame by its length, then read it.",
    ),
    "rubbish_not_skipped": (
        "丢弃不成帧的字节，找到下一个 0x68。",
        "Drop bytes that make no frame and look for the next 0x68.",
    ),
    "start_repeat_refused": (
        "同一流水号的重复启动，最好再次应答成功。",
        "A start repeated under the same serial is best answered with success again.",
    ),
    "start_repeat_unanswered": (
        "每个 0x34 都要用 0x33 应答，重复的也要。",
        "Answer each 0x34 with 0x33, a repeated one too.",
    ),
    "started_anew": (
        "同一流水号只启动一次，电量不能清零。",
        "Start only once under a serial, and never reset its energy.",
    ),
    "tariff_at_once": (
        "充电中收到的计费模型，下一次充电再用。",
        "Keep a model that comes during a charge for the next one.",
    ),
    "tariff_mixed": (
        "一次充电只用一个计费模型：开始时的那一个。",
        "Bill one charge by one model: the one it began with.",
    ),
    "stop_idle_accepted": (
        "没有充电时用 0x35 应答失败，说明原因。",
        "When nothing charges answer failure with 0x35 and say why.",
    ),
    "stop_idle_unanswered": ("每个 0x36 都要用 0x35 应答。", "Answer each 0x36 with 0x35."),
    "stop_idle_record": (
        "没有启动过的充电不上送交易记录。",
        "No record is sent where no charge was started.",
    ),
    "current_flows": ("等充电结束后再测。", "Test again once nothing charges."),
    "not_reached": (
        "先让单价格段充电通过，再测这个场景。",
        "Let the charge within one tariff pass first, then test this.",
    ),
}

STEPS: dict[str, Pair] = {
    "misbehave.withhold": ("平台故意不发{frame}", "The platform withholds {frame} on purpose"),
    "misbehave.delay": ("平台故意晚发{frame}", "The platform sends {frame} late on purpose"),
    "misbehave.refuse_login": ("平台将拒绝下一次登录", "The platform will refuse the next login"),
    "misbehave.cut": ("平台断开连接", "The platform closes the connection"),
    "misbehave.split": ("平台把{frame}分几包发", "The platform sends {frame} in pieces"),
    "misbehave.rubbish": ("平台在{frame}前发杂字节", "The platform sends senseless bytes before {frame}"),
    "misbehave.wrong_crc": ("平台发校验码错的{frame}", "The platform sends {frame} with a wrong checksum"),
    "misbehave.repeat": ("平台重复下发{frame}", "The platform sends {frame} once more"),
    "misbehave.untimely": ("平台在不该发时下发{frame}", "The platform sends {frame} at the wrong time"),
    "behave": ("平台恢复正常", "The platform behaves again"),
    "back": ("看桩是否断开，等它重新登录", "Seeing whether the pile goes, and waiting until it is back"),
    "settled": ("等交易记录", "Waiting for the transaction record"),
    "repeats": ("看桩怎样重发交易记录", "Seeing how the pile repeats its record"),
}

CHECKS: dict[str, Pair] = {
    "started": ("启动应答", "Answer to the start"),
    "record_kept": ("交易记录", "Transaction record"),
    "confirmed": ("记录确认", "Confirmation of the record"),
    "over_the_cut": ("断线时的充电", "The charge over the cut"),
    "crc": ("校验码", "Checksum"),
    "start_repeat": ("重复的启动", "Repeated start"),
    "tariff_change": ("充电中的计费模型", "Billing model during a charge"),
    "stop_idle": ("空闲时的停止", "Stop while idle"),
}

__all__ = ["CHECKS", "FINDINGS", "REMEDIES", "STEPS"]
