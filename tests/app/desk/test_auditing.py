"""What is found while a run goes on is what is found afterwards: on its page, and in the store as it is written."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from harness.core.clock import ManualClock
from harness.core.journal import EventSeen, Opened, Record
from harness.protocols.ykc.audit import PileAuditor, audit
from harness.protocols.ykc.lens import YkcLens
from harness.store import journal_audits, queries
from harness.store.database import open_store
from harness.store.journal_audits import Audited, JournalAudits
from harness.store.recorder import Recorder
from tests.app.desk.rooms import MODEL, Room
from web.frames.feed import EVERY, FORGET_AFTER, FrameFeed, Told
from web.streams import Hub

CASES = ("qr_set", "single_tariff", "cross_tariff", "card", "vin", "estop", "reboot", "upgrade")
BY_HAND = ("plug_in", "replug", "unplug", "swipe_card", "start_by_vin", "press_estop", "release_estop")
BROKEN = ("heartbeat_slow", "no_0x35", "reports_slow", "trade_flag_swapped", "no_0x55")


def whole_of(audits: JournalAudits, key: str) -> Audited:
    """What was found in a journal, however long it takes to read."""
    found = audits.of(key)
    while not found.whole:
        found = audits.of(key)
    return found


def play_all(room: Room) -> None:
    """Do what is asked; what hands alone cannot do stays undone."""
    room.start(*CASES)
    while not room.over:
        room.until(lambda: room.over or room.now.prompt is not None)
        prompt = room.now.prompt
        if prompt is None:
            continue
        if prompt.act in BY_HAND:
            room.do(prompt.act, str(prompt.params.get("card", "")))
            room.answer(prompt)
        else:
            room.answer(prompt, unable="没有")
        room.wait(1)


@pytest.fixture(scope="module")
def broken() -> Room:
    """All cases with a pile that breaks rules of many kinds."""
    room = Room(faults=BROKEN).online()
    play_all(room)
    return room


def test_what_a_run_shows_while_it_goes_on_is_what_its_cases_keep(broken: Room) -> None:
    live = broken.house._runs[MODEL].audit
    kept = {case.key: case.audit for _, _, case, _ in broken.books.cases}
    assert len(kept) == len(CASES)
    assert sum(len(found) for found in live.findings.values()) > len(CASES)
    for key, records in broken.books.journals.items():
        audit_kept = kept[key]
        assert audit_kept is not None
        assert tuple(live.findings[key]) == audit_kept.findings == audit(records).findings


def test_the_page_of_a_run_counts_the_checks_that_found_something(broken: Room) -> None:
    checks = {f.check: f.level for _, _, case, _ in broken.books.cases if case.audit for f in case.audit.findings}
    assert sum(broken.now.rules.values()) == len(checks)
    assert broken.now.rules["must"] == sum(level == "must" for level in checks.values()) > 0


def test_a_journal_that_has_ended_is_forgotten(broken: Room) -> None:
    assert broken.house._runs[MODEL].audit._auditors == {}


def test_a_finding_is_shown_at_once() -> None:
    room = Room(faults=["heartbeat_slow"]).online()
    room.start("single_tariff")
    room.says_done("plug_in")
    assert not room.now.rules
    room.until(lambda: bool(room.now.rules))
    assert not room.over


def test_a_right_pile_shows_no_count() -> None:
    room = Room().online()
    room.start("single_tariff")
    room.says_done("plug_in")
    room.until(lambda: room.over)
    assert not {level for level in room.now.rules if level != "remark"}


@pytest.mark.parametrize("which", ["cases", "session"])
def test_what_is_read_from_the_store_as_it_is_written_is_the_same(
    broken: Room, which: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever looks at frames, however often and however little at a time."""
    monkeypatch.setattr(journal_audits, "AT_ONCE", 50)
    whole = dict(broken.books.journals) if which == "cases" else session(broken)
    engine = open_store(f"sqlite:///{tmp_path}/harness.sqlite")
    recorder, audits, chance = Recorder(engine, "p1"), JournalAudits(engine, PileAuditor), Random(4)
    for key, records in whole.items():
        at = 0
        while at < len(records):
            step = chance.randrange(1, 400)
            for record in records[at : at + step]:
                recorder(key, record)
            recorder.flush()
            audits.of(key)
            at += step
    recorder.close()
    for key, records in whole.items():
        assert whole_of(audits, key).findings == audit(records).findings == audit(queries.records(engine, key)).findings
    assert any(audits.of(key).findings for key in whole)
    engine.dispose()


class SameThread:
    """Catches up at once."""

    def __init__(self, audits: JournalAudits) -> None:
        self.audits = audits
        self.live = 0
        self.hear, self.leave = audits.hear, audits.leave

    def follow(self, key: str, first: int, told: Told) -> None:
        audited = self.audits.follow(key, first)
        self.live += audited.live
        told(audited)


def test_what_pages_are_told_of_while_somebody_watches_is_what_is_found_in_the_whole_session(
    broken: Room, tmp_path: Path
) -> None:
    """Pages come and go; what nobody watched is caught up with."""
    engine = open_store(f"sqlite:///{tmp_path}/harness.sqlite")
    recorder, audits, clock, chance = (
        Recorder(engine, "p1"),
        JournalAudits(engine, PileAuditor),
        ManualClock(),
        Random(7),
    )
    hub = Hub(clock)
    feed = FrameFeed(clock, hub, YkcLens(), "Asia/Shanghai")
    feed.audits = following = SameThread(audits)
    ((key, records),) = session(broken).items()
    at, heard = 0, list[bytes]()
    while at < len(records):
        step = chance.randrange(1, 250)
        feed.watch(MODEL, broken.profile.pile_code)
        page = hub.subscribe([f"frames:{MODEL}"], heard.append)
        for record in records[at : at + step]:
            recorder(key, record)
            feed(key, record)
        recorder.flush()
        clock.advance(2)
        page.close()
        if chance.random() < 0.4:
            clock.advance(FORGET_AFTER * EVERY + 1)
        at += step
    recorder.close()
    assert following.live > 3
    offline = audit(records).findings
    assert whole_of(audits, key).findings == offline
    assert f"event: found\ndata: {len(offline)}\n".encode() in b"".join(heard)
    engine.dispose()


def session(room: Room) -> dict[str, list[Record]]:
    """The pile's own journal, from its login on."""
    key = f"pile/{room.profile.pile_code}"
    records = [record for journal, record in room.session if journal == key]
    assert isinstance(records[0], EventSeen)
    assert isinstance(records[0].event, Opened)
    return {key: records}
