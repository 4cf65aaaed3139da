"""What goes wrong with the bytes of frames, and with answers that nobody asked for."""

from __future__ import annotations

from harness.core.message import Message
from harness.protocols.ykc.crc import crc
from harness.protocols.ykc.framing import build_frame
from harness.sim.ykc.faults.known import KnownFault
from harness.sim.ykc.pile import Pile
from harness.sim.ykc.ways import every, utter

HEARTBEAT, REPORT, BATTERY, STOP_REPLY, RECORD = 0x03, 0x13, 0x25, 0x35, 0x3B
CODE = 5  # where the type stands in a frame
BUFFER = 128


def crc_of_buffer(pile: Pile) -> None:
    def cut(frame: bytes) -> bytes:
        return frame[:-2] + crc(frame[2:BUFFER]).to_bytes(2, "little") if len(frame) > BUFFER else frame

    pile.habits.rewrites.append(cut)


def crc_at_times(pile: Pile) -> None:
    count = 0

    def spoilt(frame: bytes) -> bytes:
        nonlocal count
        count += frame[CODE] == HEARTBEAT
        wrong = frame[CODE] == HEARTBEAT and count % 3 == 0
        return frame[:-1] + bytes((frame[-1] ^ 0x5A,)) if wrong else frame

    pile.habits.rewrites.append(spoilt)


def length_counts_crc(pile: Pile) -> None:
    def longer(frame: bytes) -> bytes:
        return frame[:1] + bytes((frame[1] + 2,)) + frame[2:] if frame[CODE] == RECORD else frame

    pile.habits.rewrites.append(longer)


def body_short(pile: Pile) -> None:
    def shorter(frame: bytes) -> bytes:
        return build_frame(BATTERY, frame[CODE + 1 : -3], frame[2:4]) if frame[CODE] == BATTERY else frame

    pile.habits.rewrites.append(shorter)


def stray_byte(pile: Pile) -> None:
    pile.habits.rewrites.append(lambda frame: frame + b"\0" if frame[CODE] == REPORT else frame)


def answers_unasked(pile: Pile) -> None:
    def stopped(now: float) -> None:
        pile.say("remote_stop_reply", {"gun_no": "01", "stop_result": 1, "fail_reason": 0})

    every(pile, 20.0, "answers unasked", stopped)


def answers_twice(pile: Pile) -> None:
    pile.habits.rewrites.append(lambda frame: frame * 2 if frame[CODE] == STOP_REPLY else frame)


def echoes_platform(pile: Pile) -> None:
    def echo(message: Message, now: float) -> bool:
        utter(pile, "heartbeat_reply", {"gun_no": message.values.gun_no}, message.serial)
        return True

    pile.habits.listen("heartbeat_reply", echo)


FAULTS = (
    KnownFault(
        name="crc_of_buffer",
        apply=crc_of_buffer,
        zh="校验缓冲区只有 128 字节，更长的帧校验码是错的",
        en="the CRC covers a buffer of 128 bytes; that of longer frames is wrong",
        case="single_tariff",
        found_by="crc_wrong",
        also=("heartbeat_interval", "length_wrong", "record_missing", "record_overdue"),
        dialect="one_heartbeat",
    ),
    KnownFault(
        name="crc_at_times",
        apply=crc_at_times,
        zh="每第三个心跳的校验码是错的",
        en="the CRC of every third heartbeat is wrong",
        case="single_tariff",
        found_by="crc_wrong",
        also=("heartbeat_interval",),
        dialect="serial_zero",
    ),
    KnownFault(
        name="length_counts_crc",
        apply=length_counts_crc,
        zh="交易记录的长度字节把校验码也算了进去",
        en="the length byte of the record counts the CRC as well",
        case="single_tariff",
        found_by="record_missing",
        also=("crc_wrong", "heartbeat_interval", "length_wrong", "record_overdue"),
        changes="arithmetic",
        dialect="crc_high_first",
    ),
    KnownFault(
        name="body_short",
        apply=body_short,
        zh="0x25 的消息体少一个字节",
        en="the body of 0x25 lacks its last byte",
        case="single_tariff",
        found_by="body_short",
        also=("bms_gap",),
        changes="field",
        dialect="serial_own",
    ),
    KnownFault(
        name="stray_byte",
        apply=stray_byte,
        zh="每个 0x13 后面多发一个字节",
        en="a stray byte follows every 0x13",
        case="single_tariff",
        found_by="garbage",
        changes="field",
        dialect="frames_joined",
    ),
    KnownFault(
        name="answers_unasked",
        apply=answers_unasked,
        zh="没有人下发 0x36，也每 20 秒应答一次 0x35",
        en="answers with 0x35 every 20 s though nobody sent 0x36",
        case="single_tariff",
        found_by="reply_unasked",
        dialect="one_heartbeat",
    ),
    KnownFault(
        name="answers_twice",
        apply=answers_twice,
        zh="一条 0x36 应答两次 0x35",
        en="answers one 0x36 with two 0x35",
        case="single_tariff",
        found_by="reply_repeated",
        dialect="rounded_energies",
    ),
    KnownFault(
        name="echoes_platform",
        apply=echoes_platform,
        zh="把平台的 0x04 原样发回平台",
        en="sends the platform's own 0x04 back to it",
        case="single_tariff",
        found_by="wrong_way",
        also=("reply_unasked",),
        dialect="frames_split",
    ),
)
