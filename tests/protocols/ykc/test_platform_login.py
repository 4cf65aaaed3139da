"""Login, several connections, heartbeats, silence."""

from harness.core.journal import LinkChanged
from harness.protocols.ykc import CATALOGUE
from tests.helpers.wire import OTHER, PILE, Station, events_in


def test_a_registered_pile_is_let_in_and_given_the_time() -> None:
    station = Station()
    wire = station.wire()
    wire.pile.log_in(version="V4.1.50")
    assert wire.pile.last("login_reply").values.login_result == 0
    assert wire.pile.names() == ["login_reply", "time_sync"]
    assert station.platform.online(PILE)
    event = events_in(station.memories[PILE], LinkChanged)[0]
    assert (event.what, event.peer, event.detail) == ("login", "pile:1", "V4.1.50")


def test_an_unknown_code_is_refused_and_the_connection_closed_with_the_reason_told() -> None:
    told: list[tuple[str, LinkChanged]] = []
    station = Station()
    station.platform.watchers.append(lambda code, event: told.append((code, event)))
    wire = station.wire()
    wire.pile.log_in("99999999999999")
    assert wire.pile.last("login_reply").values.login_result == 1
    assert wire.pile.is_lost
    refused = LinkChanged("refused", "pile:1", "99999999999999")
    assert ("", refused) in told
    assert refused in station.platform.sightings
    assert station.frames("") == ["login", "login_reply"]


def test_a_refusal_leaves_a_connection_open_on_which_another_pile_is_logged_in() -> None:
    station = Station()
    wire = station.wire()
    wire.pile.log_in(PILE)
    wire.pile.log_in("99999999999999")
    assert wire.pile.last("login_reply").values.login_result == 1
    wire.pile.send("heartbeat", gun_no="01")
    assert wire.pile.last("heartbeat_reply").values.pile_code == PILE
    assert not wire.pile.is_lost


def test_a_login_elsewhere_replaces_the_half_open_connection_which_counts_as_lost() -> None:
    station = Station()
    old = station.online("pile:1")
    old.half_open()
    new = station.wire("pile:2")
    new.pile.log_in()
    station.clock.advance(0)
    assert station.links() == ["login", "replaced", "relogin"]
    assert old.pile.is_lost
    assert not new.pile.is_lost
    new.pile.send("heartbeat", gun_no="01")
    assert "heartbeat_reply" in new.pile.names()


def test_the_replacement_stands_before_the_new_login_in_the_journal() -> None:
    station = Station()
    station.online("pile:1")
    held = station.hold()
    station.wire("pile:2").pile.log_in()
    kinds = [getattr(what, "message", None) or what.event for what in held.ear.heard]
    assert [getattr(kind, "what", None) or getattr(kind, "name", "") for kind in kinds][:3] == [
        "replaced",
        "login",
        "relogin",
    ]


def test_a_login_repeated_on_the_same_connection_is_only_answered() -> None:
    station = Station()
    wire = station.online()
    wire.pile.log_in()
    assert wire.pile.names() == ["login_reply"]
    assert station.links() == ["login"]


def test_several_piles_share_a_connection_and_each_is_answered() -> None:
    station = Station()
    wire = station.wire()
    for code in (PILE, OTHER):
        wire.pile.log_in(code)
        wire.pile.send("heartbeat", gun_no="01", pile_code=code)
        assert wire.pile.last("heartbeat_reply").values.pile_code == code
    assert station.platform.online(PILE)
    assert station.platform.online(OTHER)


def test_when_one_of_two_piles_goes_elsewhere_the_shared_connection_stays() -> None:
    station = Station()
    shared = station.wire("pile:1")
    shared.pile.log_in(PILE)
    shared.pile.log_in(OTHER)
    station.wire("pile:2").pile.log_in(PILE)
    station.clock.advance(0)
    assert not shared.pile.is_lost
    shared.pile.send("heartbeat", gun_no="01", pile_code=OTHER)
    assert shared.pile.last("heartbeat_reply").values.pile_code == OTHER
    station.wire("pile:3").pile.log_in(OTHER)
    station.clock.advance(0)
    assert shared.pile.is_lost


def test_a_frame_before_any_login_is_kept_and_not_answered() -> None:
    station = Station()
    wire = station.wire()
    wire.pile.send("heartbeat", gun_no="01")
    assert wire.pile.names() == []
    assert station.frames("") == ["heartbeat"]
    assert "no_login" in [event.what for event in station.platform.sightings]


def test_a_pile_is_offline_after_thirty_seconds_without_any_frame() -> None:
    station = Station()
    wire = station.online()
    wire.pile.send("heartbeat", gun_no="01")
    station.clock.advance(29.9)
    assert station.platform.online(PILE)
    station.clock.advance(0.1)
    assert not station.platform.online(PILE)
    assert station.links()[-1] == "offline"
    station.clock.advance(0)
    assert wire.pile.is_lost


def test_any_frame_keeps_a_pile_online() -> None:
    station = Station()
    wire = station.online()
    for _ in range(10):
        station.clock.advance(20)
        wire.pile.report(2)
    assert station.platform.online(PILE)


def test_damage_does_not_keep_a_pile_online() -> None:
    station = Station()
    wire = station.online()
    wire.pile.send("heartbeat", gun_no="01")
    for _ in range(3):
        station.clock.advance(10)
        wire.pile.session.send_raw(b"\x01\x02\x03")
    station.clock.advance(1)
    assert not station.platform.online(PILE)


def test_the_silent_one_of_two_piles_is_offline_and_the_shared_connection_stays() -> None:
    station = Station()
    wire = station.wire()
    wire.pile.log_in(PILE)
    wire.pile.log_in(OTHER)
    for _ in range(5):
        station.clock.advance(10)
        wire.pile.send("heartbeat", gun_no="01", pile_code=OTHER)
    assert not station.platform.online(PILE)
    assert station.platform.online(OTHER)
    assert not wire.pile.is_lost


def test_a_connection_that_never_logs_in_is_closed() -> None:
    station = Station()
    wire = station.wire()
    station.clock.advance(30)
    assert wire.pile.is_lost


def test_a_gun_without_heartbeats_is_told_once() -> None:
    station = Station()
    wire = station.online()
    for _ in range(12):
        station.clock.advance(10)
        wire.pile.send("heartbeat", gun_no="01")
    silent = [event.detail for event in events_in(station.memories[PILE], LinkChanged) if event.what == "gun_silent"]
    assert silent == ["02"]
    assert station.platform.online(PILE)


def test_a_heartbeat_is_answered_with_the_bytes_of_the_pile() -> None:
    station = Station()
    wire = station.online()
    wire.pile.send("heartbeat", gun_no="0F", gun_status=1)
    reply = wire.pile.last("heartbeat_reply")
    assert (reply.values.pile_code, reply.values.gun_no, reply.values.heartbeat_ack) == (PILE, "0F", 0)
    assert [remark.code for remark in reply.remarks] == ["bcd_hex"]


def test_an_unknown_frame_type_is_kept_with_the_pile() -> None:
    station = Station()
    wire = station.online()
    raw = bytearray(CATALOGUE.encode("heartbeat", {"pile_code": PILE, "gun_no": "01"}))
    raw[5] = 0x7B
    from harness.protocols.ykc.framing import build_frame

    wire.pile.session.send_raw(build_frame(0x7B, bytes(raw[6:-2])))
    wire.pile.settle()
    assert station.frames()[-1] == ""
    assert wire.pile.names() == []


def test_the_connection_lost_is_told() -> None:
    station = Station()
    wire = station.online()
    wire.cut_off()
    station.clock.advance(0)
    assert station.links()[-1] == "lost"
    assert not station.platform.online(PILE)
