"""Sessions in which the same goes wrong for ever: nothing else is hidden by it, and no memory grows with it."""

from __future__ import annotations

from typing import Any

from harness.protocols.ykc.audit import PileAuditor
from harness.protocols.ykc.audit.rules.login import Reconnects
from harness.protocols.ykc.audit.scene import Scene, Seen
from tests.protocols.ykc.audit.edited import checks, good, idle
from tests.protocols.ykc.audit.parallel_sessions import PARALLEL, SERIALS


def test_a_field_that_is_odd_in_ever_new_ways_hides_nothing_else() -> None:
    session = idle()
    for number in range(600):
        session.up(300 + number / 10, "realtime_data", gun_no="01", transaction_serial=f"A{number:031d}", gun_plugged=0)
    session.up(380, "heartbeat", gun_no="01", gun_status=7)
    session.up(381, "ground_lock_report", gun_no=1, lock_status=0x55, lock_battery=101)
    found = session.audit()
    assert {"digits_not_decimal", "code_not_listed", "value_out_of_range"} <= checks(found)
    assert found.counts["digits_not_decimal"] == 5


def test_the_same_odd_value_is_told_once() -> None:
    session = idle()
    for number in range(3):
        session.up(300 + number, "ground_lock_report", gun_no=1, lock_status=0x55, lock_battery=101)
    assert session.audit().counts["value_out_of_range"] == 1


def test_a_record_that_is_repeated_for_ever_is_remembered_twice() -> None:
    auditor = PileAuditor()
    session = good()
    record = session.frames("transaction_record")[-1]
    for each in session.journal():
        auditor.see(each)
    for number in range(100):
        auditor.see(type(record)(1000 + number, session.end + 30.0 * number, record.sender, record.raw))
    (charge,) = auditor.scene.pile.charges.values()
    assert len(charge.records) == 2


def test_heartbeats_that_nobody_answers_any_more_are_remembered_no_longer_than_they_matter() -> None:
    watcher = Reconnects(Scene())
    session = idle()
    reply, beat = (session.read(session.frames(name)[0]) for name in ("heartbeat_reply", "heartbeat"))
    watcher.answered(Seen(1, 1.0, False, reply))
    for n in range(2, 1000):
        watcher.beat(Seen(n, float(n), True, beat))
    assert watcher.unanswered == [2, 3, 4]


def test_a_second_answer_to_a_parallel_start_is_late_only_after_one_for_want_of_a_plug() -> None:
    order: dict[str, Any] = {"gun_no": "01", "transaction_serial": SERIALS["01"], "parallel_serial": PARALLEL}
    for reason, late in ((5, True), (3, False)):
        session = idle().down(100, "parallel_remote_start", **order)
        session.up(101, "parallel_remote_start_reply", start_result=0, fail_reason=reason, **order)
        session.up(170, "parallel_remote_start_reply", start_result=1, **order)
        assert ("parallel_late_success" in checks(session.cut(171).audit())) is late
