"""What the dissector says beside the names of frames and fields, zh and en."""

from __future__ import annotations

from typing import Any

from harness.core.pairs import Pair

Words = dict[str, Any]

WORDS: dict[str, Pair] = {
    "short": ("YKC", "YKC"),
    "protocol": ("YKC 充电桩通信协议", "YKC charging pile protocol"),
    "start": ("起始标志", "Start"),
    "length": ("数据长度", "Length"),
    "frame_serial": ("序列号域", "Frame serial"),
    "encryption_flag": ("加密标志", "Encryption flag"),
    "frame_type": ("帧类型标志", "Frame type"),
    "crc": ("帧校验域", "CRC"),
    "body": ("消息体", "Body"),
    "surplus": ("多余字节", "Surplus bytes"),
    "rubbish": ("不属于任何帧的字节", "Bytes that belong to no frame"),
    "sender": ("发送方", "Sender"),
    "pile": ("桩", "pile"),
    "platform": ("平台", "platform"),
    "summary": ("摘要", "Summary"),
    "pile_code": ("桩编码", "Pile code"),
    "gun_no": ("枪号", "Gun No."),
    "transaction_serial": ("交易流水号", "Transaction serial"),
    "unknown_type": ("未知的报文类型", "Unknown type of frame"),
    "not_in_catalogue": ("目录里没有这个类型 · 消息体 %d 字节", "Not in the catalogue · body of %d bytes"),
    "encrypted": ("加密", "encrypted"),
    "not_encrypted": ("不加密", "not encrypted"),
    "crc_right": ("正确", "right"),
    "crc_wrong": ("不对", "wrong"),
    "crc_due": ("收到 %s，应为 %s", "got %s, should be %s"),
    "unlisted": ("未列出 0x%02X", "not listed"),
    "items": ("%d 项", "%d items"),
    "bytes": ("%d 字节", "%d bytes"),
    "bytes_short": ("消息体短 %d 字节", "%d bytes short, tolerated"),
    "bytes_surplus": ("消息体多出 %d 字节", "%d bytes beyond the table"),
    "type_read_as": ("帧类型 0x%02X 按 0x%02X 解读", "type 0x%02X read as 0x%02X (E-A2)"),
    "gun": ("%s枪", "Gun %s"),
    "cut": ("（", " ("),
    "comma": ("、", ", "),
    "colon": (": ", ": "),
    "ports": ("平台端口", "Ports of the platform"),
    "ports_help": (
        "桩连接平台所用的 TCP 端口，如 5456 或 5456,6000-6010；别的端口上也会自动认出",
        "TCP ports on which piles reach the platform, such as 5456 or 5456,6000-6010; others are recognised too",
    ),
}
EXPERT: dict[str, Pair] = {
    "crc_wrong": ("CRC 校验错误", "The CRC is wrong in either byte order"),
    "crc_high_first": ("CRC 高字节在前", "CRC with its high byte first"),
    "unknown_type": ("未知的报文类型", "Unknown type of frame"),
    "encrypted": ("消息体加密，无法解读", "The body is encrypted and cannot be read"),
    "body_short": ("消息体比协议规定的短", "The body is shorter than the table"),
    "rubbish": ("不属于任何帧的字节", "Bytes that belong to no frame"),
    "tolerated_length": ("消息体比协议规定的短，可以接受", "The body is shorter than the table, tolerated"),
    "surplus": ("消息体有多余字节", "The body has surplus bytes"),
    "read_as": ("按另一个帧类型解读", "Read as another type"),
    "odd_value": ("取值异常", "Odd value"),
}
# What is odd about a value, as core/meaning.py, core/texts.py and kinds.py say it.
ODD: dict[str, Pair] = {
    "unlisted": ("取值 0x%02X 未列出", "code 0x%02X is not listed"),
    "not_const": ("应固定为 %d", "should always be %d"),
    "out_of_range": ("超出范围 %d 至 %d", "outside %d to %d"),
    "bcd_hex": ("BCD 字段含十六进制数字", "hex digits in a BCD field"),
    "odd_text": ("文本结束后有多余字节或含非 ASCII 字符", "bytes after its end, or no ASCII"),
    "impossible_time": ("不是有效的日期时间", "no possible date and time"),
    "zero_time": ("时间全为 0", "all zero"),
    "time_invalid": ("IV 位为 1：时间无效", "IV is 1: time not valid"),
    "summer_time": ("SU 位为 1：夏令时", "SU is 1: summer time"),
    "reserved_set": ("保留位不为 0", "reserved bits are not 0"),
}


def words(language: int) -> Words:
    """All of it in one language: 0 Chinese, 1 English."""
    chosen: Words = {name: pair[language] for name, pair in WORDS.items()}
    chosen["capital"] = bool(language)  # a line begins with a large letter
    chosen["expert"] = {name: pair[language] for name, pair in EXPERT.items()}
    chosen["odd"] = {name: pair[language] for name, pair in ODD.items()}
    return chosen
