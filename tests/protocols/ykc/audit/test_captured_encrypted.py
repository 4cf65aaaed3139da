"""Frames whose body is encrypted came, but nobody knows what they say: what rests on them is not judged (E-ENC)."""

from __future__ import annotations

import pytest

from harness.core.journal import FrameSeen
from harness.protocols.ykc.crc import crc
from tests.captures.pcaps import pcap, talk_of
from tests.captures.sessions import frames_of, lines, other
from tests.protocols.ykc.audit.edited import ALL, Edited, good
from tests.protocols.ykc.audit.test_captured import counts, judged
from tests.protocols.ykc.audit.test_captured_gaps import unjudged
from tests.protocols.ykc.audit.test_captured_links import OTHER

FRAMES = (
    "login",
    "heartbeat",
    "billing_model_verify",
    "billing_model_request",
    "time_sync_reply",
    "remote_start_reply",
    "realtime_data",
    "transaction_record",
)


def encrypted(raw: bytes, flag: int = 1) -> bytes:
    """A frame of the same type whose body has whole blocks of cipher text."""
    size = (len(raw) - 8) // 8 * 8 + 8
    body = bytes((raw[5] * 31 + n * 97) % 256 for n in range(size))
    covered = raw[2:4] + bytes((flag, raw[5])) + body
    return bytes((0x68, len(covered))) + covered + crc(covered).to_bytes(2, "little")


def hidden(frame: str, case: str = "single_tariff") -> Edited:
    return good(case, after=60).bytes_of(frame, ALL, encrypted)


@pytest.mark.parametrize("frame", FRAMES)
def test_encrypted_frames_of_a_type_did_come(frame: str) -> None:
    for raw in (pcap(talk_of(hidden(frame).journal()).packets), lines(hidden(frame).journal())):
        assert set(counts(judged(raw))) <= {"encrypted"}


@pytest.mark.parametrize("frame", ["start_request", "heartbeat", "realtime_data", "transaction_record"])
def test_encrypted_frames_of_a_card_charge_did_come(frame: str) -> None:
    assert set(counts(judged(pcap(talk_of(hidden(frame, "card").journal()).packets)))) == {"encrypted"}


def test_what_rests_on_an_encrypted_record_is_named_as_not_judged() -> None:
    found = judged(pcap(talk_of(hidden("transaction_record").journal()).packets))
    assert ("record_overdue", "frames_lost") in unjudged(found)
    assert found.holes == 1


def test_another_flag_is_a_breach_and_nothing_more_than_that() -> None:
    session = good("single_tariff", after=60).bytes_of("transaction_record", ALL, lambda raw: encrypted(raw, 2))
    assert counts(judged(pcap(talk_of(session.journal()).packets))) == {"encrypt_flag": 1}


def test_an_encrypted_record_of_one_of_several_piles_may_be_anybodys() -> None:
    mine = frames_of(hidden("transaction_record").journal())
    clear = frames_of(good("single_tariff", after=60).journal())
    late = [FrameSeen(r.n, r.at + 60, r.sender, r.raw) for r in frames_of(other(clear, OTHER))]
    both = sorted([*mine, *late], key=lambda record: record.at)
    found = judged(pcap(talk_of(both).packets))
    assert (len(found.piles), found.unplaced, counts(found)) == (2, 1, {})
