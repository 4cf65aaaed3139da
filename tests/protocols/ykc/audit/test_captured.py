"""A capture gives the audit of the session it shows, whatever the line and the capture did to its bytes."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from random import Random

import msgspec
import pytest

from harness.core.capture import Began, CaptureAudit, Ended, Happening, Piece
from harness.core.journal import PILE, FrameSeen
from harness.protocols.ykc.audit.captured import Captured
from tests.captures.pcaps import HOST_END, PILE_END, Talk, Tcp, pcap, pcapng, talk_of
from tests.captures.reading import opened
from tests.captures.sessions import frames_of, lines, other, silent
from tests.protocols.ykc.audit.edited import Edited, good, idle

CASES = ("qr_set", "single_tariff", "card", "vin", "estop", "reboot", "upgrade")
Findings = list[tuple[str, tuple[int, ...]]]


def judged(raw: bytes | str, *, strict: bool = False, only: str = "") -> CaptureAudit:
    capture = opened(raw)
    stamp = capture.tally
    captured = Captured(
        strict=strict,
        only=only,
        wall=lambda: None if stamp.first_stamp is None else datetime.fromtimestamp(stamp.first_stamp, UTC),
    )
    for happening in capture.happenings:
        captured.take(happening)
    return captured.result()


def findings(audit: CaptureAudit) -> Findings:
    return [(finding.check, finding.frames) for pile in audit.piles for finding in pile.audit.findings]


def counts(audit: CaptureAudit) -> dict[str, int]:
    return {check: count for pile in audit.piles for check, count in pile.audit.counts.items()}


# The same audit in every form


@pytest.mark.parametrize("case", CASES)
def test_a_good_session_is_clean_in_every_form(case: str) -> None:
    journal = good(case).journal()
    for raw in (pcap(talk_of(journal).packets), lines(journal), lines(journal, times=False), lines(journal, "", "")):
        found = judged(raw)
        assert (counts(found), found.share, found.frames) == ({}, 1.0, len(frames_of(journal)))


@pytest.mark.parametrize(
    "raw",
    [
        pcap(talk_of(silent().journal()).packets),
        pcapng(talk_of(silent().journal()).packets),
        lines(silent().journal()),
        lines(silent().journal(), "接收", "发送"),
        lines(silent().journal(), "上行", "下行"),
        lines(silent().journal(), "", ""),
    ],
)
def test_a_breach_is_found_in_every_form(raw: bytes | str) -> None:
    assert counts(judged(raw)) == dict(silent().audit().counts)


def test_a_finding_cites_frames_and_their_place() -> None:
    found = judged(lines(silent().journal()))
    gap = next(finding for finding in found.piles[0].audit.findings if finding.check == "heartbeat_gap")
    assert [found.places[n] for n in gap.frames] == list(gap.frames)  # in this log each line is a frame
    found = judged(pcap(talk_of(silent().journal()).packets))
    assert min(found.places[n] for _, frames in findings(found) for n in frames) > max(gap.frames)  # acknowledgements


def test_without_times_timed_rules_are_counted_and_not_judged() -> None:
    found = judged(lines(silent().journal(), times=False))
    assert not found.times
    assert counts(found) == {}
    assert {each.rule for each in found.piles[0].audit.not_judged} >= {"R-HB-1"}
    assert {each.why for each in found.piles[0].audit.not_judged} == {"no_times", "no_vin"}


def split(packet: Tcp, random: Random) -> list[Tcp]:
    """A segment as two."""
    if len(packet.data) < 2:
        return [packet]
    at = random.randrange(1, len(packet.data))
    rest = packet._replace(seq=packet.seq + at, data=packet.data[at:], at=packet.at + 1e-5)
    return [packet._replace(data=packet.data[:at]), rest]


def again(packet: Tcp, random: Random) -> list[Tcp]:
    """A segment that was sent twice."""
    return [packet, packet._replace(at=packet.at + 2e-5)] if random.random() < 0.5 else [packet]


def shuffled(packets: Sequence[Tcp], random: Random) -> list[Tcp]:
    order = sorted(range(len(packets)), key=lambda index: index + random.uniform(0, 3.5))
    return [packets[index] for index in order]


def joined(packets: Sequence[Tcp]) -> list[Tcp]:
    """What one end said in a row as one segment."""
    made: list[Tcp] = []
    for packet in packets:
        last = made[-1] if made else None
        if packet.data and last is not None and last.source == packet.source and last.at > packet.at - 0.001:
            made[-1] = last._replace(data=last.data + packet.data)
        elif packet.data or packet.flags & 7:
            made.append(packet)
    return made


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("session", [good("single_tariff"), silent()])
def test_split_repeated_and_shuffled_segments_change_nothing(session: Edited, seed: int) -> None:
    random = Random(seed)
    packets = talk_of(session.journal()).packets
    plain = findings(judged(pcap(packets)))
    cut = [part for packet in packets for part in split(packet, random)]
    for variant in (
        cut,
        [part for packet in packets for part in again(packet, random)],
        shuffled(packets, random),
        shuffled([part for packet in cut for part in again(packet, random)], random),
        joined(packets),
    ):
        found = judged(pcap(variant))
        assert (findings(found), found.share, found.holes) == (plain, 1.0, 0)


def test_either_end_may_have_called_the_other() -> None:
    turned = {PILE_END: HOST_END, HOST_END: PILE_END}
    packets = [
        packet._replace(source=turned[packet.source], target=turned[packet.target])
        for packet in talk_of(silent().journal()).packets
    ]
    assert counts(judged(pcap(packets))) == dict(silent().audit().counts)


# What is not in the capture is held against nobody


@pytest.mark.parametrize("case", CASES)
def test_a_session_seen_from_the_middle_is_clean(case: str) -> None:
    packets = talk_of(good(case).journal()).packets
    for first in range(1, len(packets) - 3, max(1, len(packets) // 12)):
        assert counts(judged(pcap(packets[first:]))) == {}


@pytest.mark.parametrize("case", CASES)
def test_a_session_with_holes_is_clean(case: str) -> None:
    random = Random(len(case))
    packets = talk_of(good(case).journal()).packets
    for _ in range(4):
        kept = [packet for packet in packets if not packet.data or random.random() > 0.08]
        assert counts(judged(pcap(kept))) == {}


@pytest.mark.parametrize("case", CASES)
def test_a_pile_heard_without_its_platform_is_clean(case: str) -> None:
    journal = good(case).journal()
    ups = [record for record in frames_of(journal) if record.sender == PILE]
    packets = [packet for packet in talk_of(journal).packets if packet.source == PILE_END]
    for raw in (pcap(packets), lines(ups), "\n".join(record.raw.hex() for record in ups)):
        assert counts(judged(raw)) == {}


def test_what_needs_the_platform_is_counted_as_not_judged() -> None:
    ups = [record for record in frames_of(good("single_tariff").journal()) if record.sender == PILE]
    unjudged = judged(lines(ups)).piles[0].audit.not_judged
    assert {each.check for each in unjudged if each.why == "one_side"} == {"before_login", "reply_unasked"}


@pytest.mark.parametrize("reset", [True, False])
def test_a_pile_that_was_switched_off_did_not_break_its_heartbeat(reset: bool) -> None:
    journal = good("single_tariff").journal()
    talk = talk_of(journal).close(journal[-1].at + 180, reset=reset)
    later = talk_of(idle(60).journal(), Talk(pile=("192.0.2.7", 40999)).open(0))
    moved = [packet._replace(at=packet.at + 600) for packet in later.packets]
    assert counts(judged(pcap([*talk.packets, *moved]))) == {"reconnect": 1}


def test_a_pile_that_falls_silent_and_goes_on_did() -> None:
    session = idle(200).drop("heartbeat", since=50, until=100).drop("heartbeat_reply", since=50, until=100)
    assert "heartbeat_gap" in counts(judged(pcap(talk_of(session.journal()).packets)))


def test_a_log_in_which_the_clock_was_set_accuses_nobody() -> None:
    text = lines(idle(300).journal()).splitlines(keepends=True)
    moved = [line.replace("2026-04-17 12:0", "2031-01-01 05:0") for line in text[20:]]
    assert counts(judged("".join([*text[:20], *moved]))) == {}


# Several piles, several connections


def test_each_pile_has_an_audit_of_its_own() -> None:
    one, two = silent().journal(), other(good("single_tariff").journal(), "32010600999999")
    packets = [*talk_of(one).packets, *talk_of(two, Talk(pile=("192.0.2.8", 41000)).open()).packets]
    found = judged(pcap(sorted(packets, key=lambda packet: packet.at)))
    assert [(pile.pile_code, "heartbeat_gap" in pile.audit.counts) for pile in found.piles] == [
        ("32010600019236", True),
        ("32010600999999", False),
    ]
    alone = judged(pcap(sorted(packets, key=lambda packet: packet.at)), only="32010600999999")
    assert [pile.pile_code for pile in alone.piles] == ["32010600999999"]


def test_more_piles_than_there_is_room_for_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.protocols.ykc.audit.captured.MOST_PILES", 1)
    both = [*frames_of(idle(60).journal()), *other(idle(60).journal(), "32010600999999")]
    found = judged(lines(both))
    assert [pile.pile_code for pile in found.piles] == ["32010600019236"]
    assert found.too_many == len(both) / 2
    assert judged(lines(both), only="32010600999999").too_many == 0


def test_a_log_of_several_piles_is_sorted() -> None:
    both = [*frames_of(silent().journal()), *frames_of(other(good("single_tariff").journal(), "32010600999999"))]
    found = judged(lines(sorted(both, key=lambda record: record.at)))
    assert [bool(pile.audit.counts) for pile in found.piles] == [True, False]


def test_a_connection_that_was_captured_twice_counts_once() -> None:
    journal = silent().journal()
    behind = talk_of(journal, Talk(pile=("10.0.0.2", 51000), host=("10.0.0.3", 5456)).open())
    packets = [*talk_of(journal).packets, *(packet._replace(at=packet.at + 2e-4) for packet in behind.packets)]
    found = judged(pcap(sorted(packets, key=lambda packet: packet.at)))
    assert counts(found) == dict(silent().audit().counts)
    assert found.copies == len(frames_of(journal))


@pytest.mark.parametrize("before", [1, 2, 4])
def test_a_pile_that_dials_anew_at_once_and_says_the_same_is_no_copy(before: int) -> None:
    session = frames_of(good().journal())
    captured = Captured()
    captured.take(Began("A", 0.0, 1, "p:1"))
    for record in session[:before]:
        captured.take(Piece("A", 0.01, record.sender, record.raw, 2))
    captured.take(Began("B", 0.1, 3, "p:2"))
    for record in session:
        captured.take(Piece("B", record.at - session[0].at + 0.11, record.sender, record.raw, 4))
    found = captured.result()
    assert (found.copies, found.piles[0].frames) == (0, before + len(session))


def test_what_cannot_be_told_from_a_copy_when_its_link_ends_is_counted_as_one() -> None:
    login = frames_of(good().journal())[0]
    captured = Captured()
    for name, at in (("A", 0.0), ("B", 0.1)):
        captured.take(Began(name, at, 1, "p:1"))
        captured.take(Piece(name, at + 0.01, login.sender, login.raw, 2))
    found = captured.result()
    assert (found.copies, found.piles[0].frames) == (1, 1)


def test_a_link_by_the_same_name_as_an_old_copy_is_heard() -> None:
    session = frames_of(good().journal())
    captured = Captured()
    for name in ("A", "B"):
        captured.take(Began(name, 0.0, 1, "p:1"))
    for record in session[:10]:
        for name in ("A", "B"):
            captured.take(Piece(name, record.at, record.sender, record.raw, 2))
    for name in ("A", "B"):
        captured.take(Ended(name, 1000.0, 2))
    captured.take(Began("B", 2000.0, 3, "p:1"))
    for record in session:
        captured.take(Piece("B", 2000.0 + record.at, record.sender, record.raw, 4))
    found = captured.result()
    assert (found.copies, found.piles[0].frames) == (10, 10 + len(session))


def test_a_new_login_on_another_connection_ends_the_old_one() -> None:
    journal = idle(60).journal()
    second = talk_of(journal, Talk(pile=("192.0.2.7", 40999), seq=5, ack=6).open(70))
    moved = [packet._replace(at=packet.at + 70) for packet in second.packets[3:]]
    found = judged(pcap([*talk_of(journal).packets, *second.packets[:3], *moved]))
    assert counts(found) == {"reconnect": 1}


def test_other_traffic_is_told_and_not_counted() -> None:
    web = Talk(pile=("192.0.2.9", 50000), host=("192.0.2.1", 443)).open()
    web.say(1, True, b"GET / HTTP/1.1\r\n\r\n").say(
        1.1, False, b"HTTP/1.1 200 OK\r\n\r\n" + Random(1).randbytes(60_000)
    )
    found = judged(pcap([*talk_of(good("qr_set").journal()).packets, *web.packets]))
    assert (found.share, found.links, found.foreign_links) == (1.0, 1, 1)
    assert found.foreign > 60_000


# Damage


def test_a_wrong_crc_is_the_piles_in_every_form() -> None:
    journal = good("single_tariff").bytes_of("heartbeat", 3, lambda raw: raw[:-1] + bytes((raw[-1] ^ 1,))).journal()
    for raw in (pcap(talk_of(journal).packets), lines(journal)):
        found = judged(raw)
        assert counts(found)["crc_wrong"] == 1
        assert found.rest == {"crc": 17}
        spoilt = next(each for each in found.piles[0].audit.findings if each.check == "crc_wrong")
        wanted = good("single_tariff").frames("heartbeat")[3].raw[-2:].hex(" ").upper()
        assert spoilt.expected == f"{wanted} (CRC-16/MODBUS)"


def test_a_pile_whose_every_crc_is_wrong_is_known_all_the_same() -> None:
    ups = [
        msgspec.structs.replace(record, raw=record.raw[:-1] + bytes((record.raw[-1] ^ 1,)))
        for record in frames_of(idle(100).journal())
        if record.sender == PILE
    ]
    for raw in (lines(ups), pcap(talk_of(ups).packets)):
        found = judged(raw)
        assert [(pile.pile_code, pile.audit.counts["crc_wrong"]) for pile in found.piles] == [
            ("32010600019236", len(ups))
        ]
        assert found.share == 0


def test_a_wrong_length_byte_is_told_in_a_log() -> None:
    journal = good("qr_set").bytes_of("login", 0, lambda raw: b"\x68\x30" + raw[2:]).journal()
    assert counts(judged(lines(journal)))["length_wrong"] == 1


def test_a_line_that_the_log_cut_off_is_nobodys_fault() -> None:
    text = lines(idle(60).journal()).splitlines()
    text[-4] = text[-4][:60]
    found = judged("\n".join(text))
    assert counts(found) == {}
    assert list(found.rest) == ["cut_off"]


def test_hex_of_other_devices_is_nobodys_fault() -> None:
    text = lines(idle(60).journal()) + "2026-04-17 12:01:00 CAN RX 0E 10 27 00 00 00 FF FF\n18 06 E5 F4 0E 10 27 00\n"
    found = judged(text)
    assert counts(found) == {}
    assert found.rest == {"no_frame": 8}


def test_rubbish_on_a_connection_is_the_piles() -> None:
    journal = good("single_tariff").journal()
    talk = talk_of(journal).say(journal[-1].at + 1, True, b"\r\nrebooting\r\n")
    found = judged(pcap(talk.say(journal[-1].at + 7, True, frames_of(journal)[-1].raw).packets))
    assert counts(found)["garbage"] == 1
    assert found.rest == {"garbage": 13}


def test_a_frame_that_goes_the_wrong_way_is_seen_where_both_ways_are_known() -> None:
    session = good("single_tariff")
    reply = session.frames("heartbeat_reply")[0].raw
    journal = Edited([*session.records, FrameSeen(0, session.end + 1, PILE, reply)]).journal()
    for raw in (pcap(talk_of(journal).packets), lines(journal, "上行", "下行")):
        assert counts(judged(raw))["wrong_way"] == 1
    assert "wrong_way" not in counts(judged(lines(journal, "", "")))


def test_a_word_that_stands_on_every_line_says_nothing() -> None:
    assert counts(judged(lines(good("single_tariff").journal(), "send", "send"))) == {}


@pytest.mark.parametrize("seed", range(6))
def test_garbage_never_raises(seed: int) -> None:
    random = Random(seed)
    talk = talk_of(good("qr_set").journal())
    for _ in range(50):
        talk.say(40 + random.random() * 100, random.random() < 0.5, random.randbytes(random.randrange(1, 300)))
    raw = bytearray(pcap(talk.packets))
    for _ in range(seed * 20):
        raw[random.randrange(24, len(raw))] = random.randrange(256)
    judged(bytes(raw))


# Memory


def endless(frames: int) -> Iterable[Happening]:
    """A pile that is online for ever, heartbeat after heartbeat."""
    session = idle(60)
    beat, reply = session.frames("heartbeat")[0].raw, session.frames("heartbeat_reply")[0].raw
    yield Piece("a", 0.0, "up", session.frames("login")[0].raw, 1)
    yield Piece("a", 0.1, "down", session.frames("login_reply")[0].raw, 1)
    for number in range(frames // 2):
        yield Piece("a", 10.0 * number + 1, "up", beat, number)
        yield Piece("a", 10.0 * number + 1.1, "down", reply, number)


def memory_for(frames: int) -> int:
    captured = Captured()
    tracemalloc.start()
    for happening in endless(frames):
        captured.take(happening)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert captured.result().frames == frames + 2
    return peak


def test_a_long_capture_needs_hardly_more_memory_than_a_short_one() -> None:
    memory_for(200)
    short, long = memory_for(1_000), memory_for(8_000)
    assert long - short < 500_000  # eight bytes a frame for its place, and nothing that grows besides


def test_packets_that_say_nothing_new_are_counted() -> None:
    packets = talk_of(good("qr_set").journal()).packets
    capture = opened(pcap([*packets, *packets]))
    data = sum(bool(packet.data) for packet in packets)
    list(capture.happenings)
    assert capture.tally.counts["repeated"] == data
