"""The words of reports themselves, Chinese and English; sentences about findings stand in core/wording.py."""

from __future__ import annotations

from harness.core.pairs import Pair

WORDS: dict[str, Pair] = {
    "report": ("联调报告", "Test report"),
    "results": ("联调结果", "Results"),
    "timeline": ("时间线", "Timeline"),
    "case": ("场景", "Case"),
    "declared": ("是否支持", "Declared"),
    "verdict": ("测试结果", "Result"),
    "sentence": ("一句话", "In a sentence"),
    "took": ("用时", "Took"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    "pile_code": ("桩编码", "Pile code"),
    "kind": ("规格", "Kind"),
    "version": ("桩程序版本号", "Program version"),
    "protocol": ("协议版本", "Protocol version"),
    "with_qr": ("，二维码 0x{dialect}", ", QR code 0x{dialect}"),
    "started": ("开始", "Started"),
    "ended": ("结束", "Ended"),
    "frames": ("报文", "Frames"),
    "rules": ("判定规则", "Rules"),
    "gun": ("枪", "Gun"),
    "maker": ("主板厂商", "Mainboard"),
    "dc": ("直流", "DC"),
    "ac": ("交流", "AC"),
    "expected": ("应当", "Expected"),
    "seen": ("看到", "Seen"),
    "basis": ("依据", "Basis"),
    "check": ("检查", "Check"),
    "checks": ("检查", "Checks"),
    "steps": ("步骤", "Steps"),
    "cited": ("引用的报文与事件", "Cited frames and events"),
    "cited_more": ("通过的检查引用的报文与事件", "Cited by passed checks"),
    "all_records": ("全部报文与事件", "All frames and events"),
    "fields": ("字段", "Fields"),
    "pile": ("桩", "Pile"),
    "platform": ("平台", "Platform"),
    "settled": ("平台结算", "Platform"),
    "sent": ("桩上送", "Pile sent"),
    "difference": ("差", "Difference"),
    "whose": ("{n} 号枪", "Gun {n}"),
    "energy": ("电量 kWh", "Energy, kWh"),
    "amount": ("金额 元", "Amount, CNY"),
    "attempt": ("第 {n} 次", "Attempt {n}"),
    "line": ("第 {n} 行", "line {n}"),
    "event": ("事件", "Event"),
    "damaged": ("不是完整的帧：{reason}", "no whole frame: {reason}"),
    "unknown_type": ("未知的帧类型", "unknown frame type"),
    "left_out": ("此处省略 {n} 条，完整记录见 frames.jsonl", "{n} records left out here; frames.jsonl holds all"),
    "all_passed": ("{n} 项检查全部通过", "All {n} checks passed"),
    "tally_of": ("{n} 项中", "Of {n} cases:"),
    "tally_passed": ("{n} 项通过", "{n} passed"),
    "tally_failed": ("{n} 项未通过", "{n} failed"),
    "tally_open": ("{n} 项未完成", "{n} without a result"),
    "tally_remark": ("其中 {n} 项有备注", "{n} of them with a remark"),
    "sent_back": ("退回", "Sent back"),
    "tally_sent_back": ("{tally}，平台退回 {n} 项", "{tally}, {n} sent back"),
    "nothing": ("没有适用的场景", "No case applies"),
    "not_ours": ("原因不在桩，不算桩的错，也不算结果。", "Not the pile's fault, and no result."),
    "closing": (
        "本文件不需要网络。用同一份报文可以重新判定，结论应当相同。",
        "This file needs no network. Judged again from the same frames, the result is the same.",
    ),
    "digest": ("用例 {case} 摘要 {digest}", "case {case}, digest {digest}"),
    "axis": (
        "实线：功率 kW；虚线：电量 kWh；横轴：桩时钟",
        "Solid: power, kW; dashed: energy, kWh; axis: the pile's clock",
    ),
    "axis_moved": ("（测试中拨动 {by}）", " (moved by {by} for this test)"),
    "chart": (
        "功率曲线：{start} 开始，最高 {power} 千瓦，共 {energy} 千瓦时，{end} 结束",
        "Power: from {start}, at most {power} kW, {energy} kWh in all, until {end}",
    ),
    "rules_beats": ("期间有 {n} 次心跳", "heartbeats meanwhile: {n}"),
    "rules_kept": ("协议规范", "Protocol rules"),
    "rules_clean": ("没有发现问题（核对 {n} 帧）", "nothing found ({n} frames audited)"),
    "rules_about": (
        "整个会话（从登录起，包括场景之间）逐帧核对协议本身的规定；不影响场景的结论。",
        "The whole session, from the login on and between the cases too, held against the protocol's own rules; "
        "no case's verdict depends on it.",
    ),
    "rules_about_cases": (
        "每个场景里逐帧核对协议本身的规定；不影响场景的结论。",
        "Each case's frames, held against the protocol's own rules; no case's verdict depends on it.",
    ),
    "cited_rules": ("协议规范引用的报文", "Cited by the protocol's rules"),
    "cited_outside": ("场景日志之外的报文", "Cited frames outside the journals of cases"),
    "finding": ("发现", "Finding"),
    "times": ("{n} 次", "{n} times"),
    "before_cases": ("场景之前", "before the cases"),
    "between_cases": ("场景之间", "between cases"),
    "own_journal": ("桩日志", "pile's journal"),
    "known": ("已知问题", "Known failures"),
    "why_known": ("原因", "Reason"),
    "until": ("有效至", "Until"),
    "now": ("这次", "This time"),
    "run": ("运行", "Run"),
    "time": ("时间", "Time"),
    "direction": ("方向", "Direction"),
    "name": ("名称", "Name"),
    "remedy": ("处理", "Remedy"),
    "up": ("桩发出", "from the pile"),
    "down": ("平台发出", "from the platform"),
    "offset": ("偏移", "Offset"),
    "bytes": ("字节", "Bytes"),
    "reading": ("读数", "Reading"),
}

# How a step ended.
HOW: dict[str, Pair] = {
    "done": ("完成", "done"),
    "late": ("超时", "time ran out"),
    "early": ("提前结束", "ended early"),
    "aborted": ("中断", "stopped"),
    "unmet": ("条件不满足", "could not begin"),
    "": ("没有结束", "did not end"),
}

# What events are called, by their tag and what happened.
EVENTS: dict[str, Pair] = {
    "opened": ("开始记录", "Journal opened"),
    "closed.finished": ("观察结束", "Observation ended"),
    "closed.aborted": ("中断", "Stopped"),
    "closed.ours": ("平台中断", "Ended by the platform"),
    "closed.fault": ("平台出错", "The platform failed"),
    "link.connected": ("连接", "Connected"),
    "link.login": ("登录", "Logged in"),
    "link.relogin": ("再次登录", "Logged in again"),
    "link.replaced": ("被新连接取代", "Replaced by a new connection"),
    "link.refused": ("拒绝登录", "Login refused"),
    "link.lost": ("连接断开", "Connection lost"),
    "link.offline": ("离线", "Offline"),
    "link.online": ("在线", "Online"),
    "link.gun_silent": ("枪 {detail} 没有心跳", "No heartbeat of gun {detail}"),
    "link.card_refused": ("已拒绝卡号 {detail} 的启动申请", "The start by card {detail} was refused"),
    "link.vin_refused": ("已拒绝 VIN {detail} 的启动申请", "The start by VIN {detail} was refused"),
    "link.card_shown": ("桩请求刷卡启动，卡号 {detail}", "The pile asks for a start by card {detail}"),
    "link.vin_shown": ("桩请求 VIN 启动，VIN {detail}", "The pile asks for a start by VIN {detail}"),
    "link.unreadable": ("登录之前的字节不成帧", "Bytes before any login that make no frame"),
    "link.no_login": ("登录之前就发来报文", "A frame before any login"),
    "clock.real": ("对时：真实时间", "Clock told: real time"),
    "clock.moved": ("对时：拨动 {offset} 秒", "Clock told: moved by {offset} s"),
    "clock.void": ("对时未生效，作废", "The moved time was not followed"),
    "tariff.in_force": ("计费模型 {number} 已生效", "Billing model {number} is in force"),
    "tariff.sent": ("下发计费模型 {number}", "Billing model {number} sent"),
    "tariff.accepted": ("桩接受计费模型 {number}", "Billing model {number} accepted"),
    "tariff.simple": ("改用两段计费模型 {number}", "A model of two periods, {number}, instead"),
    "tariff.refused": ("桩不接受计费模型 {number}", "Billing model {number} refused"),
    "misbehaved": ("平台故意出错：{what} {frame}", "The platform misbehaves on purpose: {what} {frame}"),
    "misbehaved.withhold.begun": ("平台从现在起故意不发 {frame}", "From now the platform withholds {frame} on purpose"),
    "misbehaved.withhold.done": ("平台故意没有发 {frame}", "The platform withheld {frame} on purpose"),
    "misbehaved.withhold.ended": ("平台不再扣下 {frame}", "{frame} is withheld no more"),
    "misbehaved.delay.begun": (
        "平台从现在起故意晚 {seconds} 秒发 {frame}",
        "From now the platform sends {frame} {seconds} s late on purpose",
    ),
    "misbehaved.delay.done": ("平台故意推迟了 {frame}", "The platform put {frame} off on purpose"),
    "misbehaved.delay.ended": ("平台不再推迟 {frame}", "{frame} is put off no more"),
    "misbehaved.refuse_login.begun": ("平台将拒绝下一次登录", "The platform will refuse the next login"),
    "misbehaved.refuse_login.done": ("平台故意拒绝了登录", "The platform refused the login on purpose"),
    "misbehaved.refuse_login.ended": ("平台不再拒绝登录", "Logins are refused no more"),
    "misbehaved.cut.done": ("平台故意断开连接", "The platform closes the connection on purpose"),
    "misbehaved.split.done": ("平台故意分几包发 {frame}", "The platform sends {frame} in pieces on purpose"),
    "misbehaved.rubbish.done": (
        "平台故意在 {frame} 前发杂字节",
        "The platform sends senseless bytes before {frame} on purpose",
    ),
    "misbehaved.wrong_crc.done": (
        "平台故意发校验码错的 {frame}",
        "The platform sends {frame} with a wrong checksum on purpose",
    ),
    "misbehaved.repeat.done": ("平台故意重复下发 {frame}", "The platform sends {frame} once more on purpose"),
    "misbehaved.untimely.done": (
        "平台故意在不该发时下发 {frame}",
        "The platform sends {frame} at the wrong time on purpose",
    ),
    "ftp.offered": ("固件服务器：发布 {path}，{size} 字节", "Firmware server: offered {path}, {size} bytes"),
    "ftp.connected": ("固件服务器：{peer} 连上", "Firmware server: {peer} connected"),
    "ftp.login": ("固件服务器：{user} 登录", "Firmware server: {user} logged in"),
    "ftp.login_failed": ("固件服务器：{user} 登录失败", "Firmware server: login of {user} failed"),
    "ftp.opened": ("固件服务器：打开 {path}", "Firmware server: {path} opened"),
    "ftp.sent": ("固件服务器：已发完 {size} 字节", "Firmware server: {size} bytes sent, all of it"),
    "ftp.partial": ("固件服务器：只发了 {size} 字节", "Firmware server: only {size} bytes sent"),
    "ftp.refused": ("固件服务器：拒绝 {path}", "Firmware server: {path} refused"),
    "ftp.disconnected": ("固件服务器：{peer} 断开", "Firmware server: {peer} disconnected"),
    "prompt": ("请人操作：{act}", "A person is asked: {act}"),
    "more_time": ("再等 {seconds} 秒", "{seconds} s more were asked for"),
    "answer": ("操作完成：{act}", "Done: {act}"),
    "answer.unable": ("操作没有完成：{unable}", "Not done: {unable}"),
    "step": ("步骤 {number} 开始", "Step {number} begins"),
    "step_end": ("步骤 {number} {how}", "Step {number}: {how}"),
    "attempt": ("重新开始：{why}", "Begins anew: {why}"),
    "late": ("平台自身延迟 {seconds} 秒", "Our own loop came {seconds} s late"),
}


def word(name: str, **params: object) -> Pair:
    """A word of the report, zh and en; a param that is a pair gives each its own."""
    return fill(WORDS[name], params)


def fill(pair: Pair, params: dict[str, object]) -> Pair:
    """Both sentences filled."""
    return _fill(pair[0], params, 0), _fill(pair[1], params, 1)


def _fill(text: str, params: dict[str, object], side: int) -> str:
    shown = {
        key: value[side] if isinstance(value, tuple) and len(value) == 2 else value for key, value in params.items()
    }
    return text.format_map(shown)
