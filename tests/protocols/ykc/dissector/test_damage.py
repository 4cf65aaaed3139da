"""What is no sound frame is shown as what it is, and hides no frame beside it."""

from __future__ import annotations

from random import Random

import pytest

from harness.core.message import Damage
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.framing import Framer, build_frame
from tests.helpers.capture import Capture, cut
from tests.helpers.shark import Shown, find_tshark

CODE = "32010600019236"
BEAT = CATALOGUE.encode("heartbeat", {"pile_code": CODE, "gun_no": "01"})
OTHER = CATALOGUE.encode("heartbeat", {"pile_code": CODE, "gun_no": "02"})
REPORT = CATALOGUE.encode("realtime_data", {"pile_code": CODE, "gun_no": "01"})
WRONG = BEAT[:-2] + b"\x12\x34"
HIGH = BEAT[:-2] + BEAT[:-3:-1]
SHORT = build_frame(0x13, bytes(20))
UNKNOWN = build_frame(0x99, b"\x01\x02\x03")
SECRET = build_frame(0x03, bytes(16), flag=1)
RUBBISH = b"\xff\x68\x02\x00hello\x68"
HTTP = b"GET /charger HTTP/1.1\r\nHost: a.example\r\n\r\nhhhhh"
NOWHERE = 9200

TALKS: dict[str, tuple[bytes, ...]] = {
    "wrong": (BEAT, WRONG, OTHER),
    "wrong and joined": (BEAT + WRONG + OTHER,),
    "high": (HIGH, OTHER),
    "short": (SHORT, OTHER),
    "unknown": (UNKNOWN, OTHER),
    "encrypted": (SECRET, OTHER),
    "rubbish": (RUBBISH, BEAT),
    "rubbish and joined": (RUBBISH + BEAT + RUBBISH + OTHER,),
    "rubbish byte by byte": tuple(bytes((byte,)) for byte in RUBBISH + BEAT + RUBBISH + OTHER),
    "cut short": (BEAT[:9], OTHER),
    "only rubbish": (b"\1\2\3",),
}
ELSEWHERE: dict[str, tuple[bytes, ...]] = {
    "begins with rubbish": (RUBBISH + BEAT, OTHER),
    "begins in pieces": (BEAT[:8], BEAT[8:] + OTHER),
    "speaks something else": (HTTP, HTTP),
}


def storms() -> list[bytes]:
    """Streams of frames with rubbish, broken and unfinished frames between them; at their end something to stop at."""
    random = Random(77)
    return [b"".join(gust(random) for _ in range(30)) + OTHER for _ in range(30)]


def gust(random: Random) -> bytes:
    """A frame, or something that is none."""
    frame = random.choice((BEAT, HIGH, SHORT, UNKNOWN, REPORT))
    broken = bytearray(frame)
    broken[random.randrange(len(frame))] ^= random.randint(1, 255)
    cut_short = frame[: random.randint(1, len(frame) - 1)]
    none = (bytes(broken), cut_short, random.randbytes(random.randint(1, 80)), RUBBISH, b"\x68" * 7, b"\x68\xff\0\0")
    return frame if random.random() < 0.6 else random.choice(none)


@pytest.fixture(scope="module", params=["once", "again"])
def shown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Shown]]:
    """What is shown of each connection: as it comes, and when all is looked at again, as Wireshark's window does."""
    folder = tmp_path_factory.mktemp("damage")
    capture, random = Capture(), Random(5)
    talks = {name: capture.talk(*segments) for name, segments in TALKS.items()}
    talks |= {name: capture.talk(*segments, port=NOWHERE) for name, segments in ELSEWHERE.items()}
    sizes = {f"storm {n}": random.choice((9, 60, 400)) for n in range(len(storms()))}
    storm = zip(sizes.items(), storms(), strict=True)
    talks |= {name: capture.talk(*cut(stream, random, most)) for (name, most), stream in storm}
    passes = ("-2",) if request.param == "again" else ()
    found = find_tshark(folder).frames(capture.write(folder / "damage.pcap"), *passes)
    return {name: [each for each in found if each.packet in packets] for name, packets in talks.items()}


def labels(found: list[Shown]) -> list[str]:
    return [each.label for each in found]


FIRST = "YKC 0x03 充电桩心跳包 · 1枪 · 枪状态 正常"
SECOND = "YKC 0x03 充电桩心跳包 · 2枪 · 枪状态 正常"


@pytest.mark.parametrize("name", ["wrong", "wrong and joined"])
def test_a_frame_with_a_wrong_crc_keeps_its_fields_and_says_what_the_crc_should_be(
    name: str, shown: dict[str, list[Shown]]
) -> None:
    first, wrong, last = shown[name]
    assert (first.label, last.label) == (FIRST, SECOND)
    assert wrong.label == "YKC 0x03 充电桩心跳包 · CRC 校验错误 · 1枪 · 枪状态 正常"
    crc = wrong.item("ykc.crc")
    assert crc.label == "帧校验域: 0x3412 不对"
    due = BEAT[-2:].hex(" ").upper()
    assert crc.remarks == (f"收到 12 34，应为 {due}",)
    assert wrong.item("ykc.heartbeat.gun_no").value == "01"


def test_a_crc_with_its_high_byte_first_is_a_note(shown: dict[str, list[Shown]]) -> None:
    assert labels(shown["high"]) == [FIRST, SECOND]
    assert shown["high"][0].item("ykc.crc").remarks == ("CRC 高字节在前",)


def test_a_short_body_an_unknown_type_and_an_encrypted_body_are_shown_as_bytes(shown: dict[str, list[Shown]]) -> None:
    short, unknown, secret = (shown[name][0] for name in ("short", "unknown", "encrypted"))
    assert short.label == "YKC 0x13 上传实时监测数据 · 消息体比协议规定的短 · 28 字节"
    assert unknown.label == "YKC 0x99 未知的报文类型 · 目录里没有这个类型 · 消息体 3 字节"
    assert secret.label == "YKC 0x03 充电桩心跳包 · 消息体加密，无法解读 · 24 字节"
    assert [each.item("ykc.body").raw for each in (short, unknown, secret)] == ["00" * 20, "010203", "00" * 16]
    assert short.item("ykc.body").remarks == ("消息体比协议规定的短",)
    assert unknown.item("ykc.frame_type").remarks == ("未知的报文类型",)
    assert secret.item("ykc.frame_type").remarks == ("消息体加密，无法解读",)
    assert all(shown[name][-1].label == SECOND for name in ("short", "unknown", "encrypted"))


@pytest.mark.parametrize("name", ["rubbish", "rubbish and joined", "rubbish byte by byte", "cut short"])
def test_bytes_that_belong_to_no_frame_are_shown_and_hide_none(name: str, shown: dict[str, list[Shown]]) -> None:
    frames = [each.label for each in shown[name] if each.label in (FIRST, SECOND)]
    assert frames == {"rubbish": [FIRST], "cut short": [SECOND]}.get(name, [FIRST, SECOND])
    assert rubbish_of(shown[name]) == {"rubbish": RUBBISH, "cut short": BEAT[:9]}.get(name, RUBBISH + RUBBISH)


def test_a_connection_that_says_only_rubbish_on_our_port_is_told(shown: dict[str, list[Shown]]) -> None:
    (only,) = shown["only rubbish"]
    assert only.label == "YKC 不属于任何帧的字节 · 3 字节"
    assert only.item("ykc.rubbish").remarks == ("不属于任何帧的字节",)


@pytest.mark.parametrize("name", ["begins with rubbish", "begins in pieces"])
def test_on_any_port_frames_are_recognised(name: str, shown: dict[str, list[Shown]]) -> None:
    assert labels(shown[name])[-2:] == [FIRST, SECOND]


def test_what_speaks_something_else_is_left_alone(shown: dict[str, list[Shown]]) -> None:
    assert shown["speaks something else"] == []


def test_the_sound_frames_of_any_stream_are_those_that_our_framer_finds(shown: dict[str, list[Shown]]) -> None:
    for number, stream in enumerate(storms()):
        framer = Framer()
        pieces = framer.feed(stream, 0.0) + framer.wake(1000.0)
        sound = [piece.raw for piece in pieces if not isinstance(piece, Damage)]
        found = shown[f"storm {number}"]
        assert [each.raw for each in found if is_sound(each)] == sound
        assert b"".join(each.raw or rubbish_of([each]) for each in found) == stream


def is_sound(each: Shown) -> bool:
    return bool(each.raw) and "正确" in each.item("ykc.crc").label


def rubbish_of(found: list[Shown]) -> bytes:
    return b"".join(bytes.fromhex(item.raw) for each in found for item in each.items if item.name == "ykc.rubbish")
