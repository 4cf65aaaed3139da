"""What a breach rests on beside the frames it names: bytes of the fields, and the window in which something lacked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from harness.core.auditing import AuditFinding
from harness.core.journal import PILE, FrameSeen, Record
from harness.protocols.ykc import CATALOGUE
from tests.protocols.ykc.audit.test_rules import BY_CHECK, SESSIONS

# They say that something did not come in its time, and are told when the time is over.
LACKING = {
    *(
        "start_reply_missing",
        "stop_reply_missing",
        "param_reply_missing",
        "time_reply_missing",
        "lock_reply_missing",
        "reboot_reply_missing",
    ),
    *(
        "balance_reply_missing",
        "card_sync_reply_missing",
        "card_clear_reply_missing",
        "card_query_reply_missing",
        "update_reply_missing",
    ),
    *("record_overdue", "record_absent", "record_not_repeated", "not_back_after_reboot", "lock_change_silent"),
    *("lock_silent", "idle_realtime_gap", "charging_overdue", "update_reply_missing"),
}


def told(check: str) -> tuple[list[Record], list[AuditFinding]]:
    made = SESSIONS[check]
    session = made.breaks()
    found = [each for each in session.audit(strict=made.strict).findings if each.check == check]
    assert found
    return session.journal(), found


def beats(journal: list[Record], first: int, last: int) -> Iterator[int]:
    for record in journal:
        if isinstance(record, FrameSeen) and record.sender == PILE and first < record.n < last and not record.damage:
            message = CATALOGUE.read(record.raw)
            if getattr(message, "name", "") == "heartbeat":
                yield record.n


@pytest.mark.parametrize("check", sorted(LACKING))
def test_what_did_not_come_names_the_heartbeats_while_it_was_waited_for_and_what_ended_the_wait(check: str) -> None:
    journal, found = told(check)
    assert any(each.window for each in found)
    for each in (each for each in found if each.window):
        end = each.window[-1]
        assert end > max(each.frames)
        assert set(beats(journal, max(each.frames), end)) <= set(each.window)
        assert not set(each.window) & set(each.frames)
        assert list(each.window) == sorted(each.window)


@pytest.mark.parametrize("check", sorted(BY_CHECK))
def test_the_bytes_of_a_finding_are_those_of_its_fields_in_the_last_frame(check: str) -> None:
    journal, found = told(check)
    raw = {record.n: record.raw for record in journal if isinstance(record, FrameSeen)}
    for each in found:
        assert bool(each.spans) is bool(each.fields), "a field has bytes"
        for span in each.spans:
            assert span.frame == each.frames[-1]
            assert 0 <= span.start < span.end <= len(raw[span.frame])
