"""The frames of a pile, page by page."""

from datetime import timedelta
from typing import cast

import pytest
from sqlalchemy import Engine, QueuePool

from harness.core.clock import ManualClock
from harness.core.journal import PILE, PLATFORM, Journal, Opened
from harness.core.lens import Keep
from harness.store import frame_log
from harness.store.frame_log import LogFrame, LogJournal, LogPage, Place, Wanted
from harness.store.recorder import Recorder
from tests.store.conftest import NOW, PROFILE, OpenJournal

CODE = PROFILE["pile_code"]


def pile_journal(clock: ManualClock, recorder: Recorder, process: str, code: str = str(CODE)) -> Journal:
    journal = Journal(f"{process}/{code}", clock, (recorder,))
    journal.event(Opened(wall=clock.wall().isoformat(), profile={**PROFILE, "pile_code": code}))
    return journal


def numbers(page: LogPage) -> list[int]:
    return [frame.raw[0] for frame in page.frames]


@pytest.fixture
def journals(engine: Engine, recorder: Recorder, clock: ManualClock) -> list[LogJournal]:
    """Two journals of one pile: frames 0 to 9 by an old process, 10 to 29 by the present one; each fifth damaged."""
    at = 0
    for process, count in (("old", 10), ("new", 20)):
        journal = pile_journal(clock, recorder, process)
        for _ in range(count):
            clock.advance(1)
            journal.frame(PLATFORM if at % 3 else PILE, bytes((at,)), "crc" if at % 5 == 0 else "")
            at += 1
    other = pile_journal(clock, recorder, "new", "32010600417799")
    other.frame(PILE, b"\xff")
    recorder.flush()
    return frame_log.pile_journals(engine, str(CODE))


def test_a_place_reads_back_what_it_writes() -> None:
    place = Place("ab12/32010600417702", 1203)
    assert Place.read(str(place)) == place
    assert [Place.read(text) for text in ("", "x", "x:", ":", "x:y", "x:-1", "x:²", "x:" + "9" * 30)] == [None] * 8


def test_the_journals_of_a_pile_are_those_outside_runs_newest_first(
    engine: Engine, journals: list[LogJournal], recorder: Recorder, open_journal: OpenJournal
) -> None:
    case = open_journal("r1/estop", recorder)
    case.frame(PILE, b"\x68")
    recorder.flush()
    assert [journal.key for journal in journals] == [f"new/{CODE}", f"old/{CODE}"]
    assert [journal.key for journal in frame_log.case_journals(engine, str(CODE))] == ["r1/estop"]
    found = frame_log.find_journal(engine, "r1/estop")
    assert found is not None
    assert (found.run_id, found.scenario, found.pile_code, found.gun_no) == ("r1", "estop", CODE, "01")
    assert frame_log.find_journal(engine, "r1/nothing") is None
    assert frame_log.count(engine, journals) == 30


def test_the_newest_page_comes_first_and_goes_on_over_the_seam_of_two_processes(
    engine: Engine, journals: list[LogJournal]
) -> None:
    seen: list[int] = []
    page = frame_log.page(engine, journals, limit=12)
    assert numbers(page) == list(range(29, 17, -1))
    while True:
        seen += numbers(page)
        if page.on is None:
            break
        page = frame_log.page(engine, journals, beyond=page.on, limit=12)
    assert seen == list(range(29, -1, -1))


def test_newer_frames_come_from_a_place_on_nearest_first_in_pages(engine: Engine, journals: list[LogJournal]) -> None:
    oldest = Place(f"old/{CODE}", 4)  # its third frame
    page = frame_log.page(engine, journals, beyond=oldest, newer=True, limit=10)
    assert numbers(page) == list(range(12, 2, -1))
    assert page.on == Place(f"new/{CODE}", 4)
    page = frame_log.page(engine, journals, beyond=page.on, newer=True, limit=100)
    assert numbers(page) == list(range(29, 12, -1))
    assert page.on is None
    last = page.frames[0].place
    assert frame_log.page(engine, journals, beyond=last, newer=True) == LogPage((), None)


def test_a_page_that_ends_where_the_log_does_says_so(engine: Engine, journals: list[LogJournal]) -> None:
    assert frame_log.page(engine, journals, limit=30).on is None
    assert frame_log.page(engine, journals, limit=29).on is not None
    assert frame_log.page(engine, journals, limit=30, beyond=Place(f"old/{CODE}", 1), newer=True).on is None


def test_a_filter_looks_through_all_of_it(engine: Engine, journals: list[LogJournal]) -> None:
    even = Wanted(keep=Keep(lambda raw: raw[0] % 10 == 0))
    assert numbers(frame_log.page(engine, journals, wanted=even)) == [20, 10, 0]
    assert numbers(frame_log.page(engine, journals, wanted=even, beyond=Place(f"new/{CODE}", 12))) == [10, 0]
    marked = Wanted(keep=Keep(lambda raw: raw[0] != 12, 0, (b"\x03", b"\x0c", b"\x1d")))
    assert numbers(frame_log.page(engine, journals, wanted=marked)) == [29, 3]
    assert numbers(frame_log.page(engine, journals, wanted=Wanted(sender=PILE), limit=3)) == [27, 24, 21]
    assert numbers(frame_log.page(engine, journals, wanted=Wanted(sender=PLATFORM), limit=3)) == [29, 28, 26]
    assert numbers(frame_log.page(engine, journals, wanted=Wanted(damaged=True, sender=PILE))) == [15, 0]


def test_what_was_before_a_moment_is_left_out(engine: Engine, journals: list[LogJournal]) -> None:
    late = Wanted(since=NOW + timedelta(seconds=28))
    assert numbers(frame_log.page(engine, journals, wanted=late)) == [29, 28, 27]
    assert frame_log.count(engine, journals, late) == 3
    assert [each.raw[0] for each in frame_log.in_order(engine, journals, late)] == [27, 28, 29]
    assert frame_log.count(engine, journals, Wanted(damaged=True)) == 6


def test_the_end_of_the_log_is_known_without_reading_it(engine: Engine, journals: list[LogJournal]) -> None:
    assert frame_log.newest(engine, journals) == Place(f"new/{CODE}", 21)
    assert frame_log.newest(engine, []) is None


def test_a_search_that_takes_too_long_says_how_far_it_came(
    engine: Engine, journals: list[LogJournal], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frame_log, "FIRST_CHUNK", 4)
    monkeypatch.setattr(frame_log, "CHUNK", 4)
    monkeypatch.setattr(frame_log, "MOST_SEEN", 8)
    first = Wanted(keep=Keep(lambda raw: raw[0] == 0))
    page, asked = frame_log.page(engine, journals, wanted=first), 1
    assert page == LogPage((), Place(f"new/{CODE}", 14))
    while page.on is not None and not page.frames:
        page, asked = frame_log.page(engine, journals, wanted=first, beyond=page.on), asked + 1
    assert numbers(page) == [0]
    assert asked > 2


def test_frames_have_their_moment_on_our_clock_and_their_damage(engine: Engine, journals: list[LogJournal]) -> None:
    newest = frame_log.page(engine, journals, limit=5).frames
    assert newest[0].at == NOW + timedelta(seconds=30)
    assert (newest[4].damage, newest[4].sender) == ("crc", PLATFORM)
    opened = frame_log.frame(engine, journals[0], newest[0].n)
    assert opened == newest[0]
    assert frame_log.frame(engine, journals[0], 10**9) is None


def test_all_frames_come_oldest_first_for_a_file(engine: Engine, journals: list[LogJournal]) -> None:
    everything: list[LogFrame] = list(frame_log.in_order(engine, journals))
    assert [frame.raw[0] for frame in everything] == list(range(30))
    up = frame_log.in_order(engine, journals, Wanted(sender=PILE))
    assert [frame.raw[0] for frame in up] == list(range(0, 30, 3))


def test_who_takes_all_frames_slowly_holds_no_connection_meanwhile(engine: Engine, journals: list[LogJournal]) -> None:
    pool = cast(QueuePool, engine.pool)
    assert {pool.checkedout() for _ in frame_log.in_order(engine, journals)} == {0}


def test_a_pile_that_never_came_has_no_frames(engine: Engine) -> None:
    assert frame_log.pile_journals(engine, "32010600417700") == []
    assert frame_log.page(engine, []) == LogPage((), None)
    assert frame_log.count(engine, []) == 0


def test_only_frames_of_certain_numbers_may_be_asked_for_a_journal_at_a_time(
    engine: Engine, journals: list[LogJournal]
) -> None:
    asked: list[str] = []

    def only(key: str) -> list[int]:
        asked.append(key)
        return [3, 7] if key.startswith("new") else [2]

    wanted = Wanted(only=only)
    assert numbers(frame_log.page(engine, journals, wanted=wanted, limit=1)) == [15]
    assert set(asked) == {f"new/{CODE}"}
    assert numbers(frame_log.page(engine, journals, wanted=wanted)) == [15, 11, 0]
    assert [frame.raw[0] for frame in frame_log.in_order(engine, journals, wanted)] == [0, 11, 15]
    assert frame_log.count(engine, journals, wanted) == 3
