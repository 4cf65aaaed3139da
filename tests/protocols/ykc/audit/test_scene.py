"""What watchers are handed: duties and when they fall due, times less our own lateness, what is told of a breach."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.core.auditing import MOST_TOLD, Audit, Level
from harness.core.journal import LOOP_WATCHED, Record
from harness.protocols.ykc.audit import PileAuditor, audit
from harness.protocols.ykc.audit.rule import MUST, REMARK, SHOULD, Rule
from harness.protocols.ykc.audit.scene import SILENCE, Duty, Scene
from tests.protocols.ykc.audit.edited import Edited, idle

SOON = Rule(id="R-X-1", check="soon", level=MUST, section="1", window=10.0, slack=0.5, zh="{gun} 枪", en="gun {gun}")
LONG = Rule(id="R-X-2", check="long", level=MUST, section="1", window=SILENCE, zh="迟", en="late")


class Owing:
    """A scene with duties; `missed` has the names of those that fell due, with their moments."""

    def __init__(self, **how: bool) -> None:
        self.scene = Scene(**how)
        self.missed: list[tuple[str, float]] = []

    def owe(self, rule: Rule = SOON, name: str = "", **how: bool) -> Duty:
        return self.scene.owe(rule, self.miss(name or rule.check), **how)

    def miss(self, name: str) -> Callable[[], None]:
        return lambda: self.missed.append((name, self.scene.at))

    def hear(self, at: float) -> None:
        """A frame of the pile."""
        self.scene.ring(at, 0)
        self.scene.spoke()


def test_what_comes_in_the_very_moment_is_in_time_and_what_comes_later_is_not() -> None:
    owing = Owing()
    owing.owe()
    owing.hear(10.5)
    assert owing.missed == []
    owing.hear(10.6)
    assert owing.missed == [("soon", 10.5)]
    assert owing.scene.at == 10.6


def test_a_duty_falls_due_once() -> None:
    owing = Owing()
    duty = owing.owe()
    owing.hear(11)
    owing.hear(30)
    assert len(owing.missed) == 1
    assert not duty.open


def test_what_was_done_does_not_fall_due() -> None:
    owing = Owing()
    owing.owe().done()
    owing.owe(LONG).done()
    owing.hear(100)
    assert owing.missed == []


def test_what_was_done_between_its_moment_and_the_next_word_of_the_pile_does_not_fall_due() -> None:
    owing = Owing()
    duty = owing.owe()
    owing.scene.ring(20, 0)
    duty.done()
    owing.scene.spoke()
    assert owing.missed == []


def test_what_is_due_within_a_silence_shows_when_the_pile_speaks_again() -> None:
    owing = Owing()
    owing.owe()
    owing.owe(LONG)
    owing.scene.ring(60, 0)
    assert owing.missed == [("long", SILENCE)]
    owing.scene.spoke()
    assert owing.missed == [("long", SILENCE), ("soon", 10.5)]


def test_what_is_owed_on_a_connection_ends_with_it() -> None:
    owing = Owing()
    owing.owe()
    owing.owe(LONG)
    owing.owe(SOON, "over", over_relogin=True)
    owing.scene.owe_within(SOON, 60, owing.miss("its own time"))
    owing.scene.ring(5, 0)
    owing.scene.disconnected()
    owing.hear(100)
    assert owing.missed == [("over", 10.5)]


def test_what_was_overdue_when_the_connection_went_may_have_been_lost_with_it() -> None:
    owing = Owing()
    owing.owe()
    owing.scene.ring(20, 0)
    owing.scene.disconnected()
    owing.hear(30)
    assert owing.missed == []


def test_several_fall_due_in_order() -> None:
    owing = Owing()
    owing.owe(LONG, "b", over_relogin=True)
    owing.owe(SOON, "a", over_relogin=True)
    owing.owe(SOON, "c", over_relogin=True)
    owing.hear(100)
    assert [name for name, _ in owing.missed] == ["a", "c", "b"]


def test_without_times_nothing_is_due_and_that_is_counted() -> None:
    owing = Owing(times=False)
    owing.owe()
    owing.owe()
    owing.hear(100)
    assert owing.missed == []
    (told,) = owing.scene.not_judged()
    assert (told.rule, told.check, told.why, told.count) == ("R-X-1", "soon", "no_times", 2)
    assert Owing().scene.not_judged() == ()
    assert not Owing(times=False).scene.timed(SOON)


def test_times_are_judged_unless_there_are_none() -> None:
    assert Scene().timed(SOON)
    assert Scene().times
    assert not Scene().strict


def test_our_own_lateness_is_given_to_what_is_due_while_it_lasts_or_later() -> None:
    owing = Owing()
    owing.owe()
    owing.scene.late(10, 3.0, 0)
    owing.hear(10.5 + 3.0 + LOOP_WATCHED)
    assert owing.missed == []
    owing.hear(10.5 + 3.0 + LOOP_WATCHED + 0.1)
    assert len(owing.missed) == 1


def test_our_own_lateness_gives_nothing_to_what_was_due_before() -> None:
    owing = Owing()
    owing.owe()
    owing.owe(SOON, "done").done()
    owing.scene.late(20, 3.0, 0)
    owing.hear(20)
    assert owing.missed == [("soon", 10.5)]


def test_what_is_due_just_as_our_loop_begins_to_stand_still_gets_the_time_too() -> None:
    owing = Owing()
    owing.owe()
    now = 10.5 + 3.0 + LOOP_WATCHED
    owing.scene.late(now, 3.0, 0)
    owing.hear(now)
    assert owing.missed == []


def test_times_between_two_moments_are_less_by_our_own_lateness_between_them() -> None:
    scene = Scene()
    scene.ring(40, 0)
    assert scene.elapsed(10) == 30
    scene.late(20, 3.0, 0)
    stood = 3.0 + LOOP_WATCHED
    assert scene.elapsed(10, 30) == 20 - stood
    assert scene.elapsed(10, 20) == 10 - stood
    assert scene.elapsed(20, 30) == 10 - stood
    assert scene.elapsed(21 + LOOP_WATCHED, 30) == 30 - 21 - LOOP_WATCHED
    assert scene.elapsed(10, 19) == 9
    assert scene.at_most(10, 30) == 20 + stood


def test_a_breach_is_told_with_its_gun_and_after_so_many_only_counted() -> None:
    scene = Scene()
    for _ in range(MOST_TOLD + 5):
        scene.tell(SOON, [1], gun="02")
    assert len(scene.findings) == MOST_TOLD
    assert scene.counts == {"soon": MOST_TOLD + 5}
    assert scene.findings[0].en == "gun 2"
    scene.tell(LONG, [1])
    assert scene.findings[-1].gun_no == ""


@pytest.mark.parametrize(
    ("level", "doubt", "strict", "told"),
    [
        (MUST, "", False, MUST),
        (MUST, "E-1", False, SHOULD),
        (MUST, "E-1", True, MUST),
        (SHOULD, "E-1", False, SHOULD),
        (REMARK, "E-1", False, REMARK),
    ],
)
def test_what_the_document_leaves_in_doubt_is_at_most_should_unless_strict(
    level: Level, doubt: str, strict: bool, told: Level
) -> None:
    rule = Rule(id="R-X-3", check="x", level=level, section="1", doubt=doubt, zh="", en="")
    assert rule.level_when(strict) is told


def test_what_is_open_at_a_break_is_told_for_its_rules() -> None:
    owing = Owing()
    owing.owe()
    owing.owe(SOON, over_relogin=True)
    owing.owe(LONG).done()
    owing.scene.ring(11, 0)
    assert [(each.check, each.why, each.count) for each in owing.scene.open_duties("gap")] == [("soon", "gap", 1)]
    assert owing.missed == [("soon", 10.5)]


def doubtful() -> Edited:
    """A gun number that is no decimal: a matter of doubt."""
    return idle().up(101, "charge_end", gun_no="0A")


def test_an_audit_judges_times_and_leaves_doubts_open_unless_told_otherwise() -> None:
    silent = idle().drop("heartbeat", since=100, until=150).journal()
    for audited in (audit(silent), fed(PileAuditor(), silent)):
        assert "heartbeat_gap" in audited.counts
        assert not audited.strict
    for audited in (audit(silent, times=False), fed(PileAuditor(times=False), silent)):
        assert "heartbeat_gap" not in audited.counts
    level = {finding.check: finding.level for finding in audit(doubtful().journal()).findings}
    strictly = {finding.check: finding.level for finding in audit(doubtful().journal(), strict=True).findings}
    assert level["gun_not_decimal"] is SHOULD
    assert strictly["gun_not_decimal"] is MUST


def fed(auditor: PileAuditor, records: list[Record]) -> Audit:
    for record in records:
        auditor.see(record)
    return auditor.result()
