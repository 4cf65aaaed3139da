"""Sentences about an audit: how much of a file was understood, what the rest was, and what could not be judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from harness.core.capture import FileAudit
from harness.core.pairs import Pair

KINDS: dict[str, Pair] = {
    "pcap": ("抓包 pcap", "pcap"),
    "pcapng": ("抓包 pcapng", "pcapng"),
    "export": ("本工具导出的报文", "frames exported by the harness"),
    "journal": ("本工具的运行日志", "journal of the harness"),
    "log": ("文本日志", "text log"),
}
REST: dict[str, Pair] = {
    "garbage": ("不属于任何帧", "belong to no frame"),
    "length": ("长度字节不符", "have a wrong length byte"),
    "crc": ("CRC 错误", "have a wrong CRC"),
    "unfinished": ("帧没有发完", "are of frames never finished"),
    "body_short": ("消息体太短", "are of bodies too short"),
    "encrypted": ("加密，读不出", "are encrypted"),
    "unknown_type": ("帧类型不在协议中", "are of frame types not in the protocol"),
    "no_frame": ("十六进制，但不是帧", "are hex but no frame"),
    "cut_off": ("帧不完整（文件里缺了后半）", "are of frames whose end is not in the file"),
    "broken_bytes": ("十六进制里有错字", "are in hex with wrong letters"),
}
MET: dict[str, Pair] = {
    "other_lines": ("{n} 行没有报文，已跳过", "lines without frames, passed over: {n}"),
    "broken_lines": ("{n} 行的十六进制读不出", "lines with hex that cannot be read: {n}"),
    "masked_lines": (
        "{n} 行的十六进制被打码（****）：导出时不要打码",
        "the hex of {n} lines is masked (****): export without masking",
    ),
    "copied_lines": (
        "{n} 行重复（时间和报文都相同），只算一遍",
        "lines repeated (same time, same bytes), counted once: {n}",
    ),
    "jumps": (
        "日志的时钟跳变 {n} 次，之后重新开始核对",
        "the log's clock was set, times: {n}; the audit begins anew behind each",
    ),
    "truncated": ("{n} 个包在抓包时被截短（抓包长度太小）", "packets cut when captured (snap length too small): {n}"),
    "repeated": (
        "{n} 个包重复（重传，或合并了同一次抓包），只算一遍",
        "packets repeated (sent again, or one capture merged twice), counted once: {n}",
    ),
    "packets udp": ("{n} 个 UDP 包", "UDP packets: {n}"),
    "packets icmp": ("{n} 个 ICMP 包", "ICMP packets: {n}"),
    "packets fragment": ("{n} 个 IP 分片，没有重组", "IP fragments, not put together: {n}"),
    "packets other": ("{n} 个不是 TCP 的包", "packets that are no TCP: {n}"),
    "packets cut": ("{n} 个包太短，看不出内容", "packets too short to tell: {n}"),
}
UNJUDGED: dict[str, Pair] = {
    "no_times": ("文件里没有时间", "the file has no times"),
    "minutes": ("时间只精确到分钟", "times have no seconds"),
    "constant": ("文件里的时间全都一样", "all times of the file are the same"),
    "batches": (
        "时间是成批写日志的时间，不是收发的时间",
        "times are those of writing the log in batches, not of sending and receiving",
    ),
    "times_partly": ("文件里有的报文没有时间", "some frames of the file have no times"),
    "frames_lost": ("文件里缺报文，或有报文读不出", "frames are missing in the file or cannot be read"),
    "clock_set": ("日志的时钟跳变", "the log's clock was set"),
    "other_edition": (
        "桩用的是另一版协议，它的交易记录不是 0x3B",
        "the pile speaks another edition, whose records are no 0x3B",
    ),
    "no_model": ("文件里没有计费模型", "the file has no billing model"),
    "which_model": ("看不出按哪个计费模型计费", "the file does not tell by which billing model it was priced"),
    "no_vin": ("没有登记的 VIN 可以对照", "there is no registered VIN to compare with"),
    "between_cases": ("场景之间的报文不在文件里", "the file has no frames between cases"),
    "one_side": ("文件里只有桩的报文，没有平台的", "the file has no frames of the platform"),
}
CHAPTERS: dict[str, Pair] = {
    "R-NET": ("连接", "connection"),
    "R-FR": ("帧格式", "framing"),
    "R-SN": ("序列号", "frame serials"),
    "R-DT": ("数据格式", "data types"),
    "R-ID": ("编号", "identifiers"),
    "R-TS": ("交易流水号", "transaction serials"),
    "R-LG": ("登录", "login"),
    "R-HB": ("心跳", "heartbeat"),
    "R-BM": ("计费模型", "billing model"),
    "R-LS": ("计损", "loss ratio"),
    "R-RT": ("实时数据", "real-time data"),
    "R-BMS": ("充电数据", "BMS"),
    "R-AU": ("刷卡和 VIN 启动", "start by card or VIN"),
    "R-ST": ("远程启动", "remote start"),
    "R-SP": ("停止", "stop"),
    "R-TX": ("交易记录", "transaction record"),
    "R-BL": ("余额", "balance"),
    "R-OC": ("离线卡", "offline cards"),
    "R-WP": ("参数", "settings"),
    "R-TI": ("对时", "time"),
    "R-LK": ("地锁", "parking lock"),
    "R-RB": ("重启", "reboot"),
    "R-UP": ("升级", "update"),
    "R-PC": ("并充", "parallel charging"),
}
DOUBTS: Pair = ("勘误", "errata")
BREAKS: dict[str, Pair] = {
    "cut": ("文件在半个包处断掉，只核对了之前的部分", "the file ends amid a packet; what stands before it was judged"),
    "short": (
        "日志不完整（缺结尾行），只核对了有的部分",
        "the journal is cut off (its last line is not there); what there is was judged",
    ),
    "head": ("文件只有半个文件头", "the file has but half a head"),
    "nonsense": (
        "文件从某处起不再是抓包格式，只核对了之前的部分",
        "from some place on the file is no capture any more; what stands before it was judged",
    ),
}


def understood(file: FileAudit) -> Pair:
    """How much was understood."""
    audit = file.audit
    percent = f"{audit.share:.1%}" if audit.share in (0.0, 1.0) else f"{min(max(audit.share, 0.001), 0.999):.1%}"
    return (
        f"读懂 {audit.understood:,} / {audit.bytes:,} 字节（{percent}），{audit.frames:,} 帧",
        f"{audit.understood:,} of {audit.bytes:,} bytes understood ({percent}), {audit.frames:,} frames",
    )


def remainder(file: FileAudit) -> Iterator[Pair]:
    """What the rest was, a sentence each; then what is missing in the file."""
    audit = file.audit
    for what, size in sorted(audit.rest.items(), key=lambda each: -each[1]):
        zh, en = REST.get(what, (what, what))
        yield f"{size:,} 字节{zh}", f"{size:,} bytes {en}"
    if audit.foreign_links:
        yield (
            f"另有 {audit.foreign_links} 个连接不是这种协议（{audit.foreign:,} 字节，不计入）",
            f"connections that speak something else: {audit.foreign_links} ({audit.foreign:,} bytes, not counted)",
        )
    if audit.holes and file.kind == "export":
        yield (
            f"分 {audit.holes + 1} 段核对：场景之间的报文不在文件里",
            f"judged in {audit.holes + 1} parts: the file has no frames between cases",
        )
    elif audit.holes and file.kind in ("log", "journal"):
        yield (
            f"有 {audit.holes:,} 处缺报文或有报文读不出，之后重新开始核对",
            f"places where frames are missing or cannot be read: {audit.holes:,}; the audit begins anew behind each",
        )
    elif audit.holes:
        yield (
            f"有 {audit.holes} 处缺口（至少 {audit.lost:,} 字节没有抓到），缺口之后重新开始核对",
            f"holes: {audit.holes} (at least {audit.lost:,} bytes not captured); the audit begins anew behind each",
        )
    if audit.copies:
        yield f"{audit.copies:,} 帧抓到两遍，只算一遍", f"frames captured twice, counted once: {audit.copies:,}"
    if audit.unplaced:
        yield (
            f"{audit.unplaced:,} 条报文或残段看不出属于哪个桩",
            f"frames or pieces of them that belong to no known pile: {audit.unplaced:,}",
        )
    if audit.too_many:
        yield (
            f"桩太多：超出部分的 {audit.too_many:,} 帧没有核对，请用 --pile 逐个指定",
            f"too many piles: {audit.too_many:,} frames of those beyond were not judged; name one with --pile",
        )
    for what, count in file.met.items():
        yield from _met(what, count)
    if file.breaks:
        yield BREAKS[file.breaks]


def _met(what: str, count: int) -> Iterator[Pair]:
    if what.startswith("link_type ") and count:
        name = what.removeprefix("link_type ")
        yield f"{count:,} 个包的链路类型 {name} 读不了", f"packets of link type {name}, which is not read: {count:,}"
    elif what in MET and count:
        zh, en = MET[what]
        yield zh.format(n=f"{count:,}"), en.format(n=f"{count:,}")


def looked_at(file: FileAudit) -> Pair:
    """How many rules and errata had anything to look at, of those that the auditor checks."""
    every, some = file.audit.rules, file.audit.looked_at
    rules, seen = _rules_in(every), _rules_in(some)
    errata, met = len(every) - rules, len(some) - seen
    none = len(every - some)
    return (
        f"审计的 {rules} 条规则核对了 {seen} 条，{errata} 条勘误核对了 {met} 条；其余 {none} 条没有相关报文",
        f"{seen} of {rules} rules and {met} of {errata} errata judged; no frames for the other {none}",
    )


def _rules_in(ids: Iterable[str]) -> int:
    """The others are errata (E-...)."""
    return sum(each.startswith("R-") for each in ids)


def listed(counts: Mapping[str, int]) -> str:
    """Rules by their chapters, with how often."""
    chapters: dict[Pair, list[str]] = {}
    for rule, count in sorted(counts.items()):
        chapters.setdefault(CHAPTERS.get(rule.rsplit("-", 1)[0], DOUBTS), []).append(f"{rule} {count:,} 次")
    return "；".join(f"{zh} {en}: {', '.join(rules)}" for (zh, en), rules in chapters.items())


def unjudged(file: FileAudit) -> Iterator[tuple[Pair, str]]:
    """Why rules could not be judged, and which."""
    rules: dict[str, dict[str, int]] = {}
    for pile in file.audit.piles:
        for each in pile.audit.not_judged:
            why = each.why
            if why == "no_times":
                why = file.grain or ("times_partly" if file.audit.times else why)
            counts = rules.setdefault(why, {})
            counts[each.rule] = counts.get(each.rule, 0) + each.count
    for why, counts in rules.items():
        zh, en = UNJUDGED.get(why, (why, why))
        yield (f"没有核对：{zh}", f"not judged: {en}"), listed(counts)


def verdict(file: FileAudit) -> Pair:
    """What it comes to, in a sentence."""
    if file.audit.unreliable:
        return "读懂的不到一半，结论不可靠", "less than half was understood: the findings are not reliable"
    if file.audit.unheard:
        return "文件里没有桩发出的报文，什么都没有核对", "no frame of the pile in the file: nothing was judged"
    if file.audit.broken:
        return "违反了必须遵守的规则", "rules that must be kept were broken"
    return "没有违反必须遵守的规则", "no rule that must be kept was broken"


__all__ = ["BREAKS", "KINDS", "MET", "looked_at", "remainder", "understood", "unjudged", "verdict"]
