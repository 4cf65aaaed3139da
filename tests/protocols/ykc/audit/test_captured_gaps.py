"""What a log lost, shortened, masked or left out is held against nobody."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import msgspec
import pytest

from harness.core.capture import CaptureAudit
from harness.core.journal import PILE, FrameSeen
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.audit.captured_gaps import Accepted, Counting, Returned
from harness.protocols.ykc.framing import build_frame
from tests.captures.pcaps import pcap, talk_of
from tests.captures.sessions import ECHOES, frames_of, lines, silent
from tests.protocols.ykc.audit.edited import ALL, Edited, good, idle
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


@pytest.mark.parametrize("echoes", [True, False])
@pytest.mark.parametrize("kinds", [{0x05}, {0x09}, {0x3B, 0x40}])
def test_a_line_that_is_not_there_makes_no_must_of_a_pile_that_does_not_count(kinds: set[int], echoes: bool) -> None:
    """Whether its replies echo what they answer says nothing about its own frames."""
    frames = frames_of(good("single_tariff", after=60).journal())
    kept = ECHOES if echoes else ()
    frames = [renumbered(each, b"\0\0") if up(each) and each.raw[5] not in kept else each for each in frames]
    found = judged(lines(each for each in frames if each.raw[5] not in kinds))
    assert (musts(found), found.holes) == (set(), 0)


def test_a_record_that_the_platform_confirms_was_sent() -> None:
    frames = frames_of(good("single_tariff", after=60).journal())
    frames = [renumbered(each, b"\0\0") if up(each) else each for each in frames if each.raw[5] != 0x3B]
    found = judged(lines(frames))
    assert (found.holes, {check for check in counts(found) if check.startswith("record")}) == (1, set())


def test_a_record_of_another_type_that_the_platform_confirms_is_in_the_log() -> None:
    session = good("single_tariff", after=60)
    session.bytes_of("transaction_record", ALL, lambda raw: build_frame(0x3D, raw[6:-2], raw[2:4]))
    assert judged(lines(session.journal())).holes == 0


def without_record() -> Edited:
    session = good("single_tariff", after=60)
    return session.drop("transaction_record").drop("transaction_record_confirm")


def test_a_record_that_was_never_sent_is_a_must_where_the_pile_counts() -> None:
    frames = frames_of(without_record().journal())
    own = itertools.count()
    counted = [
        renumbered(each, next(own).to_bytes(2, "little")) if up(each) and each.raw[5] not in ECHOES else each
        for each in frames
    ]
    assert "record_overdue" in musts(judged(lines(counted)))


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
    assert ("record_overdue", "frames_lost") in {(each.check, each.why) for each in unjudged}


def test_a_breach_in_a_log_is_found_all_the_same() -> None:
    assert musts(judged(lines(silent().journal()))) == {"heartbeat_gap"}


def test_an_answer_of_the_platform_that_stands_before_the_login_was_its_answer() -> None:
    text = lines(good("single_tariff").journal()).splitlines()
    assert musts(judged("\n".join([text[1], text[0], *text[2:]]))) == set()


def without(frames: Iterable[FrameSeen], *kinds: int) -> list[FrameSeen]:
    """Frames of a session without the second one and all later ones of some kinds."""
    seen: set[int] = set()
    kept: list[FrameSeen] = []
    for frame in frames:
        kind = frame.raw[5]
        if kind not in kinds or kind not in seen:
            kept.append(frame)
        seen.add(kind)
    return kept


def rebooted() -> list[FrameSeen]:
    """A session with a reboot that takes a minute."""
    frames = frames_of(good("reboot", after=60).journal())
    back = [each for each in frames if each.raw[5] == 0x01][1].at
    return [msgspec.structs.replace(each, at=each.at + 40) if each.at >= back else each for each in frames]


def unjudged(found: CaptureAudit) -> set[tuple[str, str]]:
    return {(each.check, each.why) for pile in found.piles for each in pile.audit.not_judged}


@pytest.mark.parametrize("counts_frames", [True, False])
@pytest.mark.parametrize("missing", [(0x01,), (0x01, 0x02)])
def test_a_login_that_a_log_lacks_is_no_silence(missing: tuple[int, ...], counts_frames: bool) -> None:
    frames = without(rebooted(), *missing)
    if not counts_frames:
        frames = [each if not up(each) else renumbered(each, b"\0\0") for each in frames]
    found = judged(lines(frames))
    assert musts(found) == set()
    assert not {"heartbeat_gap", "heartbeat_interval"} & set(counts(found))
    assert ("heartbeat_gap", "frames_lost") in unjudged(found)
    assert found.holes == 1


def test_serials_that_begin_anew_after_a_silence_show_that_the_login_is_missing() -> None:
    frames = without(rebooted(), 0x01, 0x02)
    frames = [each for each in frames if each.raw[5] not in (0x05, 0x06, 0x91, 0x92)]
    found = judged(lines(frames))
    assert musts(found) == set()
    assert ("heartbeat_gap", "frames_lost") in unjudged(found)


def test_a_pile_that_verifies_its_model_after_a_silence_has_logged_in() -> None:
    frames = without(rebooted(), 0x01, 0x02)
    frames = [each for each in frames if each.raw[5] not in (0x91, 0x92)]
    frames = [each if not up(each) else renumbered(each, b"\0\0") for each in frames]
    found = judged(lines(frames))
    assert (musts(found), found.holes) == (set(), 1)


def test_a_silence_with_a_hole_some_seconds_behind_it_is_found_all_the_same() -> None:
    text = lines(silent().journal()).splitlines()
    late = next(number for number, line in enumerate(text) if "12:01:1" in line)
    text[late] = text[late][:-9] + "ZZ" + text[late][-7:]
    found = judged("\n".join(text))
    assert musts(found) == {"heartbeat_gap"}
    assert found.holes >= 1


def test_what_a_hole_hides_is_not_told_though_the_platform_spoke_meanwhile() -> None:
    frames = frames_of(silent().journal())
    asked = FrameSeen(0, 57.0, "platform", good("reboot").frames("realtime_read")[0].raw)
    beat = lines([FrameSeen(0, 45.0, PILE, idle(60).frames("heartbeat")[0].raw)])
    before, behind = [each for each in frames if each.at < 45], [each for each in frames if each.at > 45]
    text = lines(before) + beat[:-6] + "ZZ" + beat[-4:] + lines(sorted([asked, *behind], key=lambda each: each.at))
    assert musts(judged(text)) == set()


def test_only_a_frame_after_a_silence_tells_of_a_login() -> None:
    session = idle(60)
    beat, verify = (session.read(session.frames(name)[0]) for name in ("heartbeat", "billing_model_verify"))
    returned = Returned()
    assert [returned.lacks(beat, 0), returned.lacks(verify, 5), returned.lacks(beat, 10)] == [False] * 3
    assert [returned.lacks(beat, 60), returned.lacks(verify, 61)] == [False, True]
    assert returned.since == 10
    returned.skip()
    assert not returned.lacks(verify, 62)
    assert [returned.lacks(beat, 100), returned.lacks(verify, 116)] == [False, False]


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


def renumbered(record: FrameSeen, serial: bytes) -> FrameSeen:
    return FrameSeen(record.n, record.at, record.sender, with_serial(record.raw, serial))


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


def test_a_reboot_in_a_whole_log_is_no_gap() -> None:
    for times in (True, False):
        assert judged(lines(rebooted(), times=times)).holes == 0


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


@pytest.mark.parametrize("times", [True, False])
@pytest.mark.parametrize("answers", [True, False])
@pytest.mark.parametrize(("late", "level"), [(12.0, "must"), (1.0, "should"), (40.0, "should")])
def test_an_answer_to_a_login_that_comes_late_shows_who_did_not_wait_for_it(
    late: float, level: str, answers: bool, times: bool
) -> None:
    """Within two seconds lines may stand in the wrong order; after half a minute it may answer another login."""
    session = good("single_tariff", after=60).move("login_reply", late)
    session.drop("time_sync", 0).drop("time_sync_reply", 0)
    if not answers:
        for frame in ("billing_model_verify_reply", "heartbeat_reply"):
            session.drop(frame, until=late)
    found = judged(lines(session.journal(), times=times))
    levels = {(each.check, str(each.level)) for pile in found.piles for each in pile.audit.findings}
    assert levels == {("before_login", level) if times else ("with_login", "should")}


def test_a_file_without_a_frame_of_the_pile_proves_nothing_about_it() -> None:
    frames = [each for each in frames_of(good("single_tariff", after=60).journal()) if not up(each)]
    for text in (lines(frames), lines(frames, times=False)):
        found = judged(text)
        (pile,) = found.piles
        assert (found.unheard, pile.frames, pile.heard, found.holes) == (True, len(frames), 0, 0)
        assert pile.last >= frames[-1].at - frames[0].at or not found.times
        assert (pile.looked_at, pile.audit.findings, pile.audit.not_judged) == (frozenset(), (), ())


@pytest.mark.parametrize("slip", ["letter", "platform"])
def test_one_wrong_digit_is_at_most_should_where_the_log_has_slips_that_are_not_the_piles(slip: str) -> None:
    text = log_of("single_tariff", "heartbeat", "crc").splitlines()
    assert musts(judged("\n".join(text))) == {"crc_wrong"}
    number = next(number for number, line in enumerate(text) if "接收" in line and number > 20)
    wrong = "Z" if slip == "letter" else "0" if text[number][-1] != "0" else "1"
    text[number] = text[number][:-1] + wrong
    found = judged("\n".join(text))
    assert (musts(found), counts(found)["crc_wrong"]) == (set(), 1)


@pytest.mark.parametrize(
    ("asked", "quiet", "lacks"),
    [
        (True, 30.0, False),  # its login stands there
        (False, 30.0, True),
        (False, 5.0, False),  # it was heard all the time: the answer to a login before the log begins
    ],
)
def test_an_answer_to_a_login_that_the_log_lacks_shows_it(asked: bool, quiet: float, lacks: bool) -> None:
    session, accepted = idle(60), Accepted()
    login, reply = (session.read(session.frames(name)[0]) for name in ("login", "login_reply"))
    if asked:
        accepted.lacks(True, login)
    assert accepted.lacks(False, reply, quiet) is lacks


@pytest.mark.parametrize(("seconds", "gone"), [(10.0, True), (59.0, True), (200.0, False)])
def test_a_pile_that_said_just_before_that_it_goes_was_gone(seconds: float, gone: bool) -> None:
    session, returned = good("reboot", after=60), Returned()
    reply, beat = (session.read(session.frames(name)[0]) for name in ("remote_reboot_reply", "heartbeat"))
    moments = [0.0, *(float(n) for n in range(5, int(seconds), 5)), seconds]
    heard = [returned.lacks(reply if at == 0 else beat, at) for at in moments]
    assert not any(heard)
    assert returned.lacks(beat, seconds + 40) is gone
