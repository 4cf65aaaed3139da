"""What a log lost, shortened, masked or left out is held against nobody."""

from __future__ import annotations

import pytest

from harness.core.capture import CaptureAudit
from harness.core.journal import PILE, FrameSeen
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.audit.captured_gaps import Accepted, Counting
from tests.captures.pcaps import pcap, talk_of
from tests.captures.sessions import frames_of, lines, silent
from tests.protocols.ykc.audit.edited import Edited, good, idle
from tests.protocols.ykc.audit.test_captured import counts, judged

CASES = ("single_tariff", "card", "estop")


def log_of(case: str, lacking: str, change: str, which: int = 0) -> str:
    """A log of a good session in which one line is damaged in some way."""
    session = good(case, after=60)
    frames = frames_of(session.journal())
    spoilt = session.frames(lacking)[which].raw
    number = next(number for number, frame in enumerate(frames) if frame.raw == spoilt)
    text = lines(frames).splitlines()
    begin, hexes = text[number][: -len(spoilt.hex(" "))], spoilt.hex(" ")
    text[number] = {
        "cut": begin + hexes[: len(hexes) // 2],
        "dots": begin + hexes[:23] + "...",
        "dots amid a byte": begin + hexes[:25] + "...",
        "left out": begin + hexes[:23] + "...(省略)",
        "masked": begin + hexes[:29] + " **** " + hexes[-9:],
        "letters": begin + hexes[:29] + " ZZ ZZ " + hexes[-9:],
        "crc": begin + hexes[:-2] + f"{spoilt[-1] ^ 1:02x}",
        "missing": "",
    }[change]
    return "\n".join(text)


def musts(found: CaptureAudit) -> set[str]:
    return {each.check for pile in found.piles for each in pile.audit.findings if each.level == "must"}


DAMAGED = ("cut", "dots", "dots amid a byte", "left out", "masked", "letters")
FRAMES = (
    "login",
    "login_reply",
    "billing_model_verify",
    "billing_model_verify_reply",
    "billing_model_request",
    "billing_model_request_reply",
    "remote_start",
    "remote_start_reply",
    "realtime_data",
    "heartbeat",
    "time_sync",
    "time_sync_reply",
    "transaction_record",
    "transaction_record_confirm",
)


@pytest.mark.parametrize("change", DAMAGED)
@pytest.mark.parametrize("frame", FRAMES)
def test_a_line_that_cannot_be_read_accuses_nobody(frame: str, change: str) -> None:
    found = judged(log_of("single_tariff", frame, change))
    assert counts(found) == {}
    assert found.holes >= 1


@pytest.mark.parametrize("frame", FRAMES)
def test_a_spoilt_frame_of_a_log_is_all_that_is_told(frame: str) -> None:
    found = judged(log_of("single_tariff", frame, "crc"))
    assert set(counts(found)) <= {"crc_wrong"}


@pytest.mark.parametrize("frame", FRAMES)
def test_a_line_that_is_not_there_never_makes_a_must(frame: str) -> None:
    assert musts(judged(log_of("single_tariff", frame, "missing"))) == set()


@pytest.mark.parametrize("frame", ["login", "start_request", "start_confirm", "heartbeat", "transaction_record"])
def test_a_line_that_is_not_there_never_makes_a_must_of_a_card_charge(frame: str) -> None:
    assert musts(judged(log_of("card", frame, "missing"))) == set()


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("part", [(0.2, 0.4), (0.4, 0.7), (0.5, 0.55)])
def test_lines_cut_out_of_a_log_accuse_nobody(case: str, part: tuple[float, float]) -> None:
    text = lines(good(case, after=60).journal()).splitlines()
    first, last = (int(len(text) * share) for share in part)
    assert musts(judged("\n".join([*text[:first], *text[last:]]))) == set()


def test_a_log_whose_long_lines_are_all_shortened_accuses_nobody() -> None:
    text = [line if len(line) < 200 else line[:190] + "...(省略)" for line in lines(good().journal()).splitlines()]
    found = judged("\n".join(text))
    assert counts(found) == {}
    assert set(found.rest) == {"cut_off"}


def test_what_was_owed_when_a_frame_was_lost_is_counted() -> None:
    found = judged(log_of("single_tariff", "transaction_record", "dots"))
    unjudged = found.piles[0].audit.not_judged
    assert ("record_late", "frames_lost") in {(each.check, each.why) for each in unjudged}


def test_a_breach_in_a_log_is_found_all_the_same() -> None:
    assert musts(judged(lines(silent().journal()))) == {"heartbeat_gap"}


def test_an_answer_of_the_platform_that_stands_before_the_login_was_its_answer() -> None:
    text = lines(good("single_tariff").journal()).splitlines()
    assert musts(judged("\n".join([text[1], text[0], *text[2:]]))) == set()


def test_a_damaged_frame_of_the_platform_on_a_connection_accuses_nobody() -> None:
    session = good("single_tariff").bytes_of("login_reply", 0, lambda raw: raw[:-1] + bytes((raw[-1] ^ 1,)))
    assert musts(judged(pcap(talk_of(session.journal()).packets))) == set()


def test_a_pile_may_count_its_replies_or_not_count_at_all() -> None:
    for serials in (lambda number: b"\0\0", lambda number: (number * 7919 % 65536).to_bytes(2, "little")):
        journal = [
            FrameSeen(n, record.at, record.sender, with_serial(record.raw, serials(n)) if up(record) else record.raw)
            for n, record in enumerate(frames_of(idle(300).journal()), 1)
        ]
        found = judged(lines(Edited(journal).journal()))
        assert (musts(found), found.holes) == (set(), 0)


def up(record: FrameSeen) -> bool:
    return record.sender == PILE


def with_serial(raw: bytes, serial: bytes) -> bytes:
    message = CATALOGUE.read(raw)
    values = {field.name: getattr(message.values, field.name) for field in CATALOGUE.by_name(message.name).fields}  # type: ignore[union-attr]
    return CATALOGUE.encode(message.name, values, serial)  # type: ignore[union-attr]


def test_a_step_of_the_serial_is_a_gap_only_where_the_pile_counts() -> None:
    beat = idle(60).frames("heartbeat")[0].raw
    login = idle(60).frames("login")[0].raw

    def lacking(*serials: int) -> list[bool]:
        counting = Counting()
        counting.lacks(True, CATALOGUE.read(login))  # type: ignore[arg-type]
        read = [CATALOGUE.read(with_serial(beat, serial.to_bytes(2, "little"))) for serial in serials]
        return [counting.lacks(True, message) for message in read]  # type: ignore[arg-type]

    assert lacking(1, 2, 3, 6, 7) == [False, False, False, True, False]
    assert lacking(1, 2, 1, 2, 3) == [False] * 5
    assert lacking(65535, 4, 3, 9) == [False] * 4


def test_a_platform_that_answers_has_accepted() -> None:
    session = idle(60)
    accepted = Accepted()
    login, beat, reply = (session.read(session.frames(name)[0]) for name in ("login", "heartbeat", "heartbeat_reply"))
    assert [
        accepted.lacks(True, login),
        accepted.lacks(True, beat),
        accepted.lacks(False, reply),
        accepted.lacks(False, reply),
    ] == [False, False, True, False]
