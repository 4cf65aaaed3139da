"""Whatever bytes a pile sends, nothing raises, every byte is kept, and a good pile is served afterwards."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.core.journal import PILE as FROM_PILE
from harness.core.journal import FrameSeen
from harness.core.pile import PileProfile
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.framing import build_frame
from tests.helpers.wire import PILE, Station, Wire

CODES = sorted(frame.code for frame in CATALOGUE)


@st.composite
def frames(draw: st.DrawFn) -> bytes:
    """A frame with right length and CRC and any body at all; often for the pile that is logged in."""
    code = draw(st.sampled_from(CODES))
    frame = CATALOGUE.by_code(code)
    assert frame is not None
    size = max(frame.length, 0) or draw(st.integers(0, 200))
    body = bytearray(draw(st.binary(min_size=size, max_size=size)))
    if draw(st.booleans()) and "pile_code" in frame.by_name:
        at = frame.place_of("pile_code")
        body[at : at + 7] = bytes.fromhex(PILE)
        body[at + 7 : at + 8] = bytes((draw(st.sampled_from((0, 1, 2, 9))),)) if len(body) > at + 7 else b""
    return build_frame(code, bytes(body), draw(st.binary(min_size=2, max_size=2)), draw(st.sampled_from((0, 0, 0, 1))))


def served(wire: Wire) -> bool:
    """Does the platform still answer this pile?"""
    wire.pile.names()
    wire.pile.send("heartbeat", gun_no="02")
    return [message.values.gun_no for message in wire.pile.heard_messages if message.name == "heartbeat_reply"][
        -1:
    ] == ["02"]


@settings(max_examples=150)
@given(st.lists(st.one_of(frames(), st.binary(max_size=60)), max_size=12), st.booleans())
def test_nothing_that_a_logged_in_pile_sends_raises_or_is_lost(reads: list[bytes], held: bool) -> None:
    station = Station()
    wire = station.online()
    if held:
        station.hold().bench.grant("card")
    before = len(station.memories[PILE].records)
    for data in reads:
        wire.deliver(data)
        station.clock.advance(0)
    station.clock.advance(11)
    if wire.open and station.platform.online(PILE):
        records = station.memories[PILE].records[before:] + station.memories[""].records
        kept = sum(len(r.raw) for r in records if isinstance(r, FrameSeen) and r.sender == FROM_PILE)
        assert kept >= sum(map(len, reads))
    good = station.online("pile:2")
    assert served(good)


@settings(max_examples=150)
@given(st.lists(st.binary(min_size=1, max_size=80), max_size=10))
def test_noise_before_any_login_harms_nobody(reads: list[bytes]) -> None:
    station = Station()
    good = station.online()
    noisy = station.wire("pile:2")
    for data in reads:
        noisy.deliver(data)
        station.clock.advance(0)
    assert served(good)
    good.pile.beat(40)
    assert not noisy.open


def test_a_flood_of_noise_before_a_login_is_not_all_kept() -> None:
    station = Station()
    noisy = station.wire()
    for _ in range(500):
        noisy.deliver(b"h\x04\0\0\0\x01\0\0")
        station.clock.advance(0)
    assert sum(isinstance(r, FrameSeen) for r in station.memories[""].records) <= 20


def test_many_piles_are_served_at_once_each_with_its_own() -> None:
    codes = [f"3201{number:010d}" for number in range(40)]
    station = Station([PileProfile(pile_code=code, model="M", kind="ac", power_kw=7, guns=1) for code in codes])
    wires = {code: station.wire(code) for code in codes}
    for code, wire in wires.items():
        wire.pile.log_in(code)
    for _ in range(3):
        for code, wire in wires.items():
            wire.pile.send("heartbeat", gun_no="01", pile_code=code)
    for code, wire in wires.items():
        replies = [message for message in wire.pile.heard_messages if message.name == "heartbeat_reply"]
        assert [message.values.pile_code for message in replies] == [code] * 3
        assert station.frames(code).count("heartbeat") == 3
