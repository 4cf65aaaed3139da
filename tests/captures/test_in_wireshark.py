"""A whole session as Wireshark opens it: every frame of the journal, in order, with its moment and its sender."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from harness.captures.comments import comments
from harness.captures.journal_out import EPOCH, Ours, packets
from harness.captures.pcap_out import to_pcap, to_pcapng
from harness.core.journal import PILE, EventSeen, FrameSeen, LinkChanged, Record
from harness.core.outcome import CaseOutcome
from harness.sim.tabletop import TEN_IN_SHANGHAI, Table
from tests.helpers.shark import Shark, find_tshark
from tests.sim.plays import played

OURS = Ours("192.0.2.1", 5456)
COLUMNS = ("frame.time_epoch", "ip.src", "tcp.stream")


class Session(NamedTuple):
    """A session that was played, and its captures."""

    frames: list[FrameSeen]
    said: dict[int, str]
    pcap: Path
    pcapng: Path
    shark: Shark


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A reboot with its new login, a card that charges, and a pile that talks rubbish now and then."""
    tables: list[Table] = []
    journals: dict[str, list[Record]] = {}

    def keep(case: CaseOutcome, memory: object) -> None:
        journals[case.key] = list(getattr(memory, "records", []))

    outcome = played(cases=("card", "reboot"), on_table=tables.append, on_case=keep)
    records = tables[0].session.records
    events = [elsewhere(record) for record in records if isinstance(record, EventSeen)]
    frames = with_damage([record for record in records if isinstance(record, FrameSeen)])
    said = comments(TEN_IN_SHANGHAI, frames, outcome.cases, journals)
    made = list(packets(TEN_IN_SHANGHAI, events, frames, OURS, said))
    folder = tmp_path_factory.mktemp("session")
    pcap, pcapng = folder / "session.pcap", folder / "session.pcapng"
    pcap.write_bytes(b"".join(to_pcap(made)))
    pcapng.write_bytes(b"".join(to_pcapng(made)))
    return Session(frames, said, pcap, pcapng, find_tshark(folder))


def elsewhere(seen: EventSeen) -> EventSeen:
    """The event with a port of its own for the second connection, as a real pile would have it."""
    if not isinstance(seen.event, LinkChanged) or seen.event.what != "relogin":
        return seen
    return msgspec.structs.replace(seen, event=LinkChanged("relogin", "192.0.2.20:50001"))


def with_damage(frames: list[FrameSeen]) -> list[FrameSeen]:
    """The same with bytes before some frames that belong to none, and a frame cut short by the next."""
    rubbish = b"\xff\x00\x68\x05\x12", b"\x68\x40\x01"
    at = {len(frames) // 3: (rubbish[0], "garbage"), len(frames) // 2: (rubbish[1], "unfinished")}
    more: list[FrameSeen] = []
    for number, frame in enumerate(frames):
        if number in at and frame.sender == PILE:
            raw, damage = at[number]
            more.append(FrameSeen(frame.n, frame.at, PILE, raw, damage))
        elif number in at:
            at[number + 1] = at[number]
        more.append(frame)
    return more


def test_every_frame_is_there_in_order_with_its_bytes(session: Session) -> None:
    shown = session.shark.frames(session.pcap)
    whole = [frame.raw for frame in session.frames if not frame.damage]
    assert [each.raw for each in shown if each.items[0].name == "ykc.start"] == whole
    rubbish = [bytes.fromhex(each.item("ykc.rubbish").raw) for each in shown if each.items[0].name != "ykc.start"]
    assert b"".join(rubbish) == b"".join(frame.raw for frame in session.frames if frame.damage)
    assert len(rubbish) > 1


def test_moments_senders_and_connections_are_those_of_the_journal(session: Session) -> None:
    lines = session.shark.says(session.pcap, "-T", "fields", "-Y", "tcp.len > 0", *fields(*COLUMNS)).splitlines()
    assert len(lines) == len(session.frames)
    for line, frame in zip(lines, session.frames, strict=True):
        time, source, _ = line.split("\t")
        moment = (TEN_IN_SHANGHAI - EPOCH).total_seconds() + frame.at
        assert float(time) == pytest.approx(moment, abs=1e-5)
        assert source == ("192.0.2.20" if frame.sender == PILE else "192.0.2.1")
    assert {line.split("\t")[2] for line in lines} == {"0", "1"}  # the reboot is a new connection


def test_wireshark_finds_nothing_wrong_with_our_packets(session: Session) -> None:
    checks = ("-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE")
    bad = "tcp.analysis.flags || tcp.checksum.status == 0 || ip.checksum.status == 0"
    assert session.shark.says(session.pcap, *checks, "-Y", bad) == ""
    good = session.shark.says(session.pcap, *checks, "-Y", "tcp.checksum.status == 1 && ip.checksum.status == 1")
    assert len(good.splitlines()) > len(session.frames)


def test_comments_stand_on_the_packets_of_their_frames(session: Session) -> None:
    told = session.shark.says(session.pcapng, "-T", "fields", "-Y", "tcp.len > 0", *fields("frame.comment"))
    wanted = [session.said[frame.n] for frame in session.frames if frame.n in session.said]
    assert [line for line in told.splitlines() if line] == wanted
    assert len(session.said) > 50


def test_the_list_of_packets_says_what_each_frame_is(session: Session) -> None:
    lines = session.shark.says(session.pcap, "-Y", "ykc", "-T", "fields", *fields("_ws.col.Protocol", "_ws.col.Info"))
    first, second, *_ = lines.splitlines()
    assert first == "YKC\t↑ 0x01 充电桩登录认证 · V1.0.0 · 直流桩 · 充电枪数量 2 · 通信协议版本 1.6  "
    assert second == "YKC\t↓ 0x02 登录认证应答 · 登陆成功  "


def fields(*names: str) -> list[str]:
    """Arguments that ask for columns."""
    return [part for name in names for part in ("-e", name)]
