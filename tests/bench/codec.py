"""The codec beside hand-written code and beside construct, and the CRC beside the loop everybody writes."""

from __future__ import annotations

import dataclasses
import random
from typing import Any

import construct as c

from harness.core.fields import Bcd, Opaque, Scaled, Uint
from harness.core.frame import FrameType
from harness.core.parts import Bits
from harness.core.texts import Text, read_text, write_text
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.crc import crc, crc_step, crc_table
from harness.protocols.ykc.framing import build_frame
from harness.protocols.ykc.kinds import Cp56Time2a, Moment
from tests.bench import by_hand
from tests.bench.measure import Measure, Work, in_rounds, judged, ratio

REALTIME = CATALOGUE.by_name("realtime_data")
RECORD = CATALOGUE.by_name("transaction_record")
SERIAL = "32010600019236012001061803423060"
COMMON = {"transaction_serial": SERIAL, "pile_code": "32010600019236", "gun_no": "01"}


def realtime_values() -> Any:
    """A gun in the middle of a charge."""
    return REALTIME.make(
        **COMMON,
        status=3,
        gun_homed=0,
        gun_plugged=1,
        output_voltage="402.6",
        output_current="120.5",
        gun_cable_temperature=41,
        soc=57,
        battery_max_temperature=33,
        charging_time=12,
        remaining_time=34,
        energy="9.4127",
        loss_energy="9.4127",
        amount="12.7431",
    )


def record_values() -> Any:
    """A charge across two tariffs, settled."""
    parts = {}
    for number, label in enumerate(("sharp", "peak", "flat", "valley"), 1):
        parts[f"{label}_unit_price"] = f"1.{number}2345"
        parts[f"{label}_energy"] = parts[f"{label}_loss_energy"] = f"{number}.4321"
        parts[f"{label}_amount"] = f"{number}.8765"
    return RECORD.make(
        **COMMON,
        **parts,
        start_time="2020-03-16T17:14:47.250",
        end_time="2020-03-16T17:44:47.500",
        trade_time="2020-03-16T17:44:48.000",
        meter_start="123456.7890",
        meter_end="123468.5174",
        total_energy="11.7284",
        total_loss_energy="11.7284",
        total_amount="15.5060",
        vin="LTEST0000000000A1",
        trade_flag=1,
        stop_reason=0x40,
    )


def as_construct(frame: FrameType) -> Any:
    """The same frame declared for construct, giving the same values."""
    return c.Struct(*(field.name / construct_field(field) for field in frame.fields))


def construct_field(field: Any) -> Any:
    """One field for construct."""
    whole = {1: c.Int8ul, 2: c.Int16ul, 4: c.Int32ul, 5: c.BytesInteger(5, swapped=True)}
    if isinstance(field, Bcd):
        return c.ExprAdapter(c.Bytes(field.length), lambda o, _: o.hex().upper(), lambda o, _: bytes.fromhex(o))
    if isinstance(field, Opaque):
        return c.Bytes(field.length)
    if isinstance(field, Scaled):
        step, ten = field.step, 10**field.places
        return c.ExprAdapter(whole[field.length], lambda o, _: step * o, lambda o, _: int(o * ten))
    if isinstance(field, Text):
        return c.ExprAdapter(
            c.Bytes(field.length), lambda o, _: read_text(o), lambda o, _: write_text(o).ljust(field.length, b"\0")
        )
    if isinstance(field, Cp56Time2a):
        return c.ExprAdapter(c.Bytes(7), lambda o, _: Moment(o), lambda o, _: o.raw)
    if isinstance(field, Bits):
        return c.ExprAdapter(whole[field.length], lambda o, _: field.values_type(o), lambda o, _: o.raw)
    assert isinstance(field, Uint)
    if not field.offset:
        return whole[field.length]
    return c.ExprAdapter(whole[field.length], lambda o, _: o + field.offset, lambda o, _: o - field.offset)


def candidates(frame: FrameType, values: Any, hand: type, decode: Any, encode: Any) -> dict[str, Work]:
    """The three ways to read and write one frame; refused unless all give the same."""
    body = frame.encode(values)
    raw = build_frame(frame.code, body)
    by_hand_values = decode(raw, 6)
    built = as_construct(frame).compile()
    plain = {field.name: getattr(values, field.name) for field in frame.fields}
    assert isinstance(by_hand_values, hand)
    assert {name: getattr(by_hand_values, name) for name in plain} == plain
    parsed = built.parse(body)
    assert {name: parsed[name] for name in plain} == plain
    assert encode(by_hand_values) == body == built.build(plain) == frame.encode(values)
    assert dataclasses.is_dataclass(hand)
    unpack, pack = frame.unpack, frame.encode
    return {
        "decode": lambda: unpack(raw, 6),
        "decode by hand": lambda: decode(raw, 6),
        "decode construct": lambda: built.parse(body),
        "encode": lambda: pack(values),
        "encode by hand": lambda: encode(by_hand_values),
        "encode construct": lambda: built.build(plain),
    }


FLOOR = "60 to 80 % of it turns Decimals into exact ints, which construct pays too"


def codec_measures(code: str, ways: dict[str, Work], faster: float, rounds: int) -> list[Measure]:
    """Ratios of one frame."""
    times = in_rounds(ways, rounds)
    out = []
    for act in ("decode", "encode"):
        value = ratio(times, act, f"{act} by hand")
        out.append(judged(f"{act} {code} / by hand", "<=", 1.15, value))
    for act in ("decode", "encode"):
        value = ratio(times, f"{act} construct", act)
        note = FLOOR if act == "encode" else ""
        out.append(judged(f"{act} {code}, times faster than construct compiled", ">=", faster, value, note=note))
    return out


CLASSIC = tuple(crc_step(byte) for byte in range(256))


def classic_loop(data: bytes) -> int:
    """The table loop that everybody writes."""
    value = 0xFFFF
    for byte in data:
        value = (value >> 8) ^ CLASSIC[(value ^ byte) & 0xFF]
    return value


def crc_measures(rounds: int) -> list[Measure]:
    """CRCs over many different frames: one warm frame flatters large tables."""
    source = random.Random(1)
    frames = [build_frame(0x13, source.randbytes(60)) for _ in range(512)]
    assert all(crc(frame[2:-2]) == classic_loop(frame[2:-2]) == crc_table(frame[2:-2]) for frame in frames)
    times = in_rounds(
        {
            "ours": lambda: [crc(frame[2:-2]) for frame in frames],
            "fallback": lambda: [crc_table(frame[2:-2]) for frame in frames],
            "loop": lambda: [classic_loop(frame[2:-2]) for frame in frames],
        },
        rounds,
    )
    return [
        judged("CRC of a frame, slicing included / table loop", "<=", 0.04, ratio(times, "ours", "loop")),
        Measure("CRC without fastcrc / table loop", "", ratio(times, "fallback", "loop")),
    ]


def measures(rounds: int = 41) -> list[Measure]:
    """All ratios of this file."""
    realtime = candidates(
        REALTIME, realtime_values(), by_hand.Realtime, by_hand.decode_realtime, by_hand.encode_realtime
    )
    record = candidates(RECORD, record_values(), by_hand.Record, by_hand.decode_record, by_hand.encode_record)
    return [
        *codec_measures("0x13", realtime, 10, rounds),
        *codec_measures("0x3B", record, 6, rounds),
        *crc_measures(max(3, rounds // 4)),
    ]
