"""Logins and what follows them."""

import msgspec

from harness.core.journal import LinkChanged
from tests.protocols.ykc.audit.edited import Edited, good, idle
from tests.protocols.ykc.audit.sessions import Sessions

OTHER = "32010600019299"


def _first(frame: str) -> Edited:
    """A pile that says something else before its login."""
    session = idle()
    at = session.at("login") - 0.5
    session.event(at - 0.1, LinkChanged("connected"))
    return session.up(at, frame)


def _connected_before() -> Edited:
    session = idle()
    return session.event(session.at("login") - 0.1, LinkChanged("connected"))


def _between_login_and_reply() -> Edited:
    session = idle()
    session.move("login", -0.5)
    return session.up(session.at("login") + 0.2, "billing_model_verify")


def _with_login() -> Edited:
    session = idle()
    session.move("heartbeat", session.at("login_reply") - session.at("heartbeat"))
    return session


def _cut_off(then_starts: bool, uploads: bool) -> Edited:
    """A charge during which the connection broke, was over when it came back, and perhaps the next one."""
    session = good()
    charging = session.frames("realtime_data")
    cut = next(r.at for r in charging if session.read(r).values.status == 3) + 40
    record = session.frames("transaction_record")[0]
    values = session.read(record).values
    session.cut(cut)
    login = session.frames("login")[0]
    begun = [r for r in session.records if login.at <= r.at <= login.at + 8]
    session.event(cut + 1, LinkChanged("lost"))
    back = cut + 30
    session.records += [msgspec.structs.replace(r, at=back + r.at - login.at) for r in begun]
    if uploads:
        session.records.append(msgspec.structs.replace(record, at=back + 10))
        session.down(back + 10, "transaction_record_confirm", transaction_serial=values.transaction_serial)
    if then_starts:
        serial = values.transaction_serial[:-1] + "9"
        session.down(back + 20, "remote_start", transaction_serial=serial, gun_no=values.gun_no)
        session.up(back + 20.1, "remote_start_reply", transaction_serial=serial, gun_no=values.gun_no, start_result=1)
    return session


def _unanswered(seconds: float) -> Edited:
    return idle().drop("heartbeat_reply", since=100, until=100 + seconds)


SESSIONS = {
    "reconnect": Sessions(
        breaks=lambda: _cut_off(then_starts=False, uploads=True),
        legal=lambda: good("reboot").change("login", 1, sim_card_no="0" * 20),
    ),
    "other_pile_code": Sessions(
        breaks=lambda: idle().up(100, "heartbeat", pile_code=OTHER, gun_no="01"),
        legal=lambda: idle().change("login", 0, sim_card_no="0" * 20),
    ),
    "login_missing": Sessions(breaks=lambda: _first("billing_model_verify"), legal=_connected_before),
    "before_login": Sessions(
        breaks=_between_login_and_reply,
        legal=lambda: idle().drop("login").drop("login_reply"),
    ),
    "with_login": Sessions(breaks=_with_login, legal=lambda: idle().move("heartbeat", 1.0, 0)),
    "stored_record_late": Sessions(
        breaks=lambda: _cut_off(then_starts=True, uploads=False),
        legal=lambda: _cut_off(then_starts=True, uploads=True),
    ),
    "model_not_verified_first": Sessions(
        breaks=lambda: good().drop("billing_model_verify").drop("billing_model_request"),
        legal=lambda: idle().drop("billing_model_verify").drop("billing_model_request").cut(20),
    ),
    "heartbeats_unanswered": Sessions(breaks=lambda: _unanswered(400), legal=lambda: _unanswered(25)),
}
