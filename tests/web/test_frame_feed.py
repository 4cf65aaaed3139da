"""Frames as they happen, for the pages that watch a pile."""

import json
from datetime import timedelta
from typing import Any

import pytest

from harness.core.auditing import AuditFinding, Level
from harness.core.clock import ManualClock
from harness.core.journal import PILE, PLATFORM, Journal, LoopLate, Opened, Record
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.lens import YkcLens
from harness.store.journal_audits import Audited
from web.frames.feed import EVERY, FOLLOW_AFTER, FORGET_AFTER, KEPT, MOST_ROWS, MOST_WAITING, FrameFeed, Told
from web.streams import Hub, Subscription

CODE = "32010600417702"
HEARTBEAT = CATALOGUE.encode("heartbeat", {"pile_code": CODE, "gun_no": "01"})


class Counting(YkcLens):
    """Counts the frames that were read."""

    lines = 0

    def line(self, raw: bytes, damage: str = "") -> Any:
        self.lines += 1
        return super().line(raw, damage)


class Setting:
    """A pile whose journal the feed hears, and pages."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.hub = Hub(self.clock)
        self.lens = Counting()
        self.feed = FrameFeed(self.clock, self.hub, self.lens, "Asia/Shanghai")
        self.heard: list[bytes] = []

    def journal(self, process: str = "ab12", code: str = CODE) -> Journal:
        journal = Journal(f"{process}/{code}", self.clock, (self.feed,))
        journal.event(Opened(wall=self.clock.wall().isoformat(), profile={"pile_code": code}))
        return journal

    def listen(self, last_ids: dict[str, str] | None = None) -> Subscription:
        return self.hub.subscribe(["frames:12"], self.heard.append, last_ids)

    def batches(self) -> list[dict[str, Any]]:
        parts = [piece for piece in b"".join(self.heard).decode().split("\n\n") if "event: frames" in piece]
        return [json.loads(piece.split("data: ", 1)[1].split("\n")[0]) for piece in parts]

    def ids(self) -> list[str]:
        lines = b"".join(self.heard).decode().split("\n")
        return [line.removeprefix("id: frames:12=") for line in lines if line.startswith("id: ")]


@pytest.fixture
def on() -> Setting:
    return Setting()


def test_a_page_hears_the_frames_of_its_pile_in_batches_newest_first(on: Setting) -> None:
    journal = on.journal()
    on.feed.watch(12, CODE)
    on.listen()
    for _ in range(3):
        journal.frame(PILE, HEARTBEAT)
        on.clock.advance(0.05)
    assert on.batches() == []
    on.clock.advance(EVERY)
    (batch,) = on.batches()
    assert [row["n"] for row in batch["rows"]] == [4, 3, 2]
    row = batch["rows"][0]
    assert row["place"] == f"ab12/{CODE}:4"
    assert (row["time"], row["day"], row["up"]) == ("10:00:00.1", "2026-04-17", True)
    assert (row["kind"], row["code"], row["gun_no"]) == ("heartbeat", "0x03", "01")
    assert row["title"] == ["充电桩心跳包", "Heartbeat"]
    assert row["reading"] == ["1枪 · 枪状态 正常", "Gun 1 · Gun status normal"]
    assert row["hex"] == HEARTBEAT.hex(" ").upper()
    assert on.ids() == [f"ab12/{CODE}:4"]


def test_batches_come_at_most_four_times_a_second(on: Setting) -> None:
    journal = on.journal()
    on.feed.watch(12, CODE)
    on.listen()
    for _ in range(200):
        journal.frame(PILE, HEARTBEAT)
        on.clock.advance(0.01)
    assert len(on.batches()) == 8
    assert sum(len(batch["rows"]) for batch in on.batches()) == 200


def test_a_batch_says_which_frame_came_before_it(on: Setting) -> None:
    journal = on.journal()
    on.feed.watch(12, CODE)
    on.listen()
    for _ in range(3):
        journal.exchange(HEARTBEAT, HEARTBEAT)
        on.clock.advance(EVERY)
    assert [batch["after"] for batch in on.batches()] == [0, 3, 5]


def test_a_flood_is_cut_and_the_page_can_see_that(on: Setting) -> None:
    journal = on.journal()
    on.feed.watch(12, CODE)
    on.listen()
    for _ in range(MOST_ROWS + 50):
        journal.frame(PILE, b"\x00", "garbage")
    on.clock.advance(EVERY)
    (batch,) = on.batches()
    assert len(batch["rows"]) == MOST_ROWS
    assert batch["after"] == batch["rows"][-1]["n"] - 1 > 0


def test_what_nobody_listens_to_is_never_read(on: Setting) -> None:
    watched, other = on.journal(), on.journal(code="32010600417799")
    on.feed.watch(12, CODE)
    for _ in range(20):
        watched.frame(PILE, HEARTBEAT)
        other.frame(PILE, HEARTBEAT)
        on.clock.advance(EVERY)
    assert on.lens.lines == 0


def test_two_pages_share_the_work(on: Setting) -> None:
    journal = on.journal()
    on.feed.watch(12, CODE)
    on.listen()
    on.listen()
    journal.frame(PILE, HEARTBEAT)
    on.clock.advance(EVERY)
    assert on.lens.lines == 1
    assert len(on.batches()) == 2


def test_a_page_that_comes_back_gets_what_it_missed(on: Setting) -> None:
    journal = on.journal()
    on.feed.watch(12, CODE)
    page = on.listen()
    journal.frame(PILE, HEARTBEAT)
    on.clock.advance(EVERY)
    last = on.ids()[-1]
    page.close()
    on.heard.clear()
    for _ in range(5):
        journal.frame(PLATFORM, HEARTBEAT)
        on.clock.advance(1)
    on.listen({"frames:12": last})
    (batch,) = on.batches()
    assert [row["n"] for row in batch["rows"]] == [7, 6, 5, 4, 3]
    assert batch["after"] == 2
    on.heard.clear()
    on.clock.advance(EVERY)
    assert on.batches() == []


def test_a_page_that_was_away_too_long_is_told_to_fetch(on: Setting) -> None:
    journal = on.journal()
    on.feed.watch(12, CODE)
    on.listen().close()
    for _ in range(KEPT + 10):
        journal.frame(PILE, HEARTBEAT)
    on.clock.advance(EVERY)
    gone = [f"ab12/{CODE}:2", f"ab12/{CODE}:1000", f"before/{CODE}:{KEPT}", "nonsense", f"ab12/{CODE}:x"]
    for last in gone:
        assert on.feed.missed("frames:12", last) is None
    assert on.feed.missed("frames:13", f"ab12/{CODE}:{KEPT}") is None
    found = on.feed.missed("frames:12", f"ab12/{CODE}:{KEPT + 9}")
    assert found is not None
    assert len(found) == 1
    assert on.feed.missed("frames:12", f"ab12/{CODE}:{KEPT + 11}") == []


def test_a_pile_that_comes_later_is_heard_from_its_first_frame(on: Setting) -> None:
    on.feed.watch(12, CODE)
    on.listen()
    on.clock.advance(5)
    journal = on.journal()
    journal.frame(PILE, HEARTBEAT)
    on.clock.advance(EVERY)
    (batch,) = on.batches()
    assert batch["rows"][0]["time"] == "10:00:05.0"


def test_a_journal_that_begins_anew_replaces_the_old_one(on: Setting) -> None:
    old = on.journal("ab12")
    on.feed.watch(12, CODE)
    on.listen()
    old.frame(PILE, HEARTBEAT)
    on.clock.advance(EVERY)
    new = on.journal("cd34")
    new.frame(PILE, HEARTBEAT)
    on.clock.advance(EVERY)
    assert [batch["key"] for batch in on.batches()] == [f"ab12/{CODE}", f"cd34/{CODE}"]


def test_after_a_minute_without_listeners_nothing_is_kept_and_no_timer_runs(on: Setting) -> None:
    journal = on.journal()
    on.feed.watch(12, CODE)
    on.clock.advance(EVERY * (FORGET_AFTER + 2))
    journal.frame(PILE, HEARTBEAT)
    assert on.feed.missed("frames:12", f"ab12/{CODE}:2") is None
    assert on.clock.pending() == 0
    on.feed.watch(12, CODE)
    on.listen()
    journal.frame(PILE, HEARTBEAT)
    on.clock.advance(EVERY)
    assert len(on.batches()) == 1


def test_a_pile_given_to_another_model_is_heard_there_alone(on: Setting) -> None:
    journal = on.journal()
    on.feed.watch(12, CODE)
    on.listen()
    on.feed.watch(13, CODE)
    journal.frame(PILE, HEARTBEAT)
    on.clock.advance(EVERY)
    assert on.batches() == []


def test_moments_are_those_of_the_journal(on: Setting) -> None:
    journal = on.journal()
    on.clock.advance(timedelta(hours=15).total_seconds())
    on.feed.watch(12, CODE)
    on.listen()
    journal.frame(PILE, HEARTBEAT)
    on.clock.advance(EVERY)
    (row,) = on.batches()[-1]["rows"]
    assert (row["day"], row["time"]) == ("2026-04-18", "01:00:00.0")


# what the audit finds meanwhile

FINDING = AuditFinding(rule="R-HB-1", check="x", level=Level.MUST, zh="晚", en="late", frames=(2,))


class Audits:
    """Finds fault with every heartbeat it hears; catches up when the test says so."""

    def __init__(self, on: Setting) -> None:
        self.asked: list[tuple[str, int, Told]] = []
        self.heard: list[int] = []
        self.left: list[str] = []
        self.live = False
        on.feed.audits = self

    def follow(self, key: str, first: int, told: Told) -> None:
        self.asked.append((key, first, told))

    def hear(self, key: str, record: Record) -> int | None:
        if not self.live:
            return None
        self.heard.append(record.n)
        return len(self.heard)

    def leave(self, key: str) -> None:
        self.left.append(key)
        self.live = False

    def caught_up(self) -> None:
        _, first, told = self.asked.pop(0)
        self.heard, self.live = list(range(2, first)), True
        told(Audited(findings=(FINDING,) * len(self.heard), upto=first - 1, live=True))


def found(on: Setting) -> list[str]:
    parts = [piece for piece in b"".join(on.heard).decode().split("\n\n") if "event: found" in piece]
    return [piece.split("data: ", 1)[1].split("\n")[0] for piece in parts]


def test_an_audit_catches_up_with_what_is_watched_and_then_hears_every_record(on: Setting) -> None:
    audits, journal = Audits(on), on.journal()
    for _ in range(3):
        journal.frame(PILE, HEARTBEAT)
    on.feed.watch(12, CODE)
    on.listen()
    journal.frame(PILE, HEARTBEAT)
    on.clock.advance(FOLLOW_AFTER)
    journal.event(LoopLate(seconds=3))
    on.clock.advance(2 * EVERY)
    assert [(key, first) for key, first, _ in audits.asked] == [(journal.key, 5)]
    audits.caught_up()
    assert audits.heard == [2, 3, 4, 5, 6]
    journal.frame(PILE, HEARTBEAT)
    assert audits.heard[-1] == 7, "at once"
    on.clock.advance(EVERY)
    assert found(on) == ["6"]
    assert audits.asked == []


def test_pages_are_told_only_of_what_is_new(on: Setting) -> None:
    audits, journal = Audits(on), on.journal()
    on.feed.watch(12, CODE)
    on.listen()
    journal.frame(PILE, HEARTBEAT)
    on.clock.advance(1)
    audits.caught_up()
    on.clock.advance(3)
    journal.frame(PILE, HEARTBEAT)
    on.clock.advance(3)
    assert found(on) == ["1", "2"]


def test_a_slow_audit_is_asked_once_and_a_long_journal_again_until_it_has_caught_up(on: Setting) -> None:
    audits, journal = Audits(on), on.journal()
    on.feed.watch(12, CODE)
    on.listen()
    for _ in range(50):
        journal.frame(PILE, HEARTBEAT)
        on.clock.advance(0.2)
    assert len(audits.asked) == 1
    audits.asked.pop()[2](Audited(upto=1, whole=False))
    on.clock.advance(1)
    assert len(audits.asked) == 1
    audits.caught_up()
    assert audits.heard == list(range(2, 52))


def test_an_audit_that_could_not_be_had_is_tried_again(on: Setting) -> None:
    audits, journal = Audits(on), on.journal()
    on.feed.watch(12, CODE)
    on.listen()
    journal.frame(PILE, HEARTBEAT)
    on.clock.advance(1)
    audits.asked.pop()[2](None)
    on.clock.advance(1)
    assert len(audits.asked) == 1


def test_an_audit_that_was_forgotten_is_caught_up_with_again(on: Setting) -> None:
    audits, journal = Audits(on), on.journal()
    on.feed.watch(12, CODE)
    on.listen()
    journal.frame(PILE, HEARTBEAT)
    on.clock.advance(1)
    audits.caught_up()
    audits.live = False
    journal.frame(PILE, HEARTBEAT)
    on.clock.advance(1)
    assert [first for _, first, _ in audits.asked] == [3]
    audits.caught_up()
    assert audits.heard == [2, 3]


def test_who_has_too_much_to_hear_catches_up_with_it_in_the_store(on: Setting) -> None:
    audits, journal = Audits(on), on.journal()
    on.feed.watch(12, CODE)
    on.listen()
    for _ in range(MOST_WAITING + 5):
        journal.frame(PILE, HEARTBEAT)
    on.clock.advance(1)
    assert [first for _, first, _ in audits.asked] == [MOST_WAITING + 2]


def test_an_older_journal_is_left_when_a_new_one_begins(on: Setting) -> None:
    audits, journal = Audits(on), on.journal()
    on.feed.watch(12, CODE)
    on.listen()
    journal.frame(PILE, HEARTBEAT)
    on.clock.advance(1)
    late = audits.asked[0]
    audits.caught_up()
    new = on.journal("cd34")
    new.frame(PILE, HEARTBEAT)
    assert audits.left == [journal.key]
    late[2](Audited(upto=9, live=True))
    on.clock.advance(1)
    assert [(key, first) for key, first, _ in audits.asked] == [(new.key, 1)]


def test_what_nobody_listens_to_is_never_audited_and_left_in_the_end(on: Setting) -> None:
    audits, watched, other = Audits(on), on.journal(), on.journal(code="32010600417799")
    on.feed.watch(12, CODE)
    page = on.listen()
    watched.frame(PILE, HEARTBEAT)
    on.clock.advance(1)
    audits.caught_up()
    page.close()
    other.frame(PILE, HEARTBEAT)
    on.clock.advance(EVERY * (FORGET_AFTER + 2))
    assert audits.left == [watched.key]
    watched.frame(PILE, HEARTBEAT)
    on.feed.watch(12, CODE)
    watched.frame(PILE, HEARTBEAT)
    on.clock.advance(5)
    assert audits.asked == []
    assert audits.heard == [2]
