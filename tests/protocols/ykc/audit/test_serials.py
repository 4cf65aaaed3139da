"""Replies when only a part of a session is known."""

from tests.protocols.ykc.audit.edited import checks, good, idle


def test_a_reply_to_what_was_asked_before_the_records_begin_is_not_compared_with_a_later_request() -> None:
    session = idle()
    begin = (session.at("time_sync") + session.at("time_sync_reply")) / 2
    session.down(begin + 0.001, "time_sync", b"\x77\x00", current_time="2026-04-17T10:00:00")
    session.records = [record for record in session.records if record.at > begin]
    found = session.audit()
    assert not checks(found) & {"serial_not_echoed", "reply_repeated", "reply_unasked"}


def test_a_reply_nobody_asked_for_is_told_once_the_session_is_known_long_enough() -> None:
    session = good("reboot")
    early, late = session.at("remote_reboot_reply"), session.end + 100
    session.up(late, "remote_reboot_reply", set_result=1)
    session.drop("login").drop("login_reply").drop("remote_reboot")
    found = [f for f in session.audit().findings if f.check == "reply_unasked"]
    assert [finding.at for finding in found] == [late]
    assert early < 60
