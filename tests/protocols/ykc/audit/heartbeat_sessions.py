"""Heartbeats."""

from tests.protocols.ykc.audit.edited import idle
from tests.protocols.ykc.audit.sessions import Sessions

SESSIONS = {
    "heartbeat_gap": Sessions(
        breaks=lambda: idle().drop("heartbeat", since=100, until=135),
        legal=lambda: idle().drop("heartbeat", lambda v: v.gun_no == "02"),
    ),
    "heartbeat_interval": Sessions(
        breaks=lambda: idle().drop("heartbeat", since=100, until=109.9),
        legal=lambda: idle().move("heartbeat", 1.5, 10),
    ),
}
