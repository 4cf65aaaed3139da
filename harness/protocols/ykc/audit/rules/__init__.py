"""All rules: one file a chapter, each with its declarations and the watchers that check them."""

from __future__ import annotations

from harness.protocols.ykc.audit.rule import Rule
from harness.protocols.ykc.audit.rules.framing import Damaged, Frames
from harness.protocols.ykc.audit.rules.heartbeat import Heartbeats
from harness.protocols.ykc.audit.rules.login import AfterLogin, Logins, Reconnects
from harness.protocols.ykc.audit.rules.odd_fields import OddFields
from harness.protocols.ykc.audit.rules.parallel import Orders, Requests
from harness.protocols.ykc.audit.rules.plausible import ByteOrder, Scales
from harness.protocols.ykc.audit.rules.replies import Balances, OfflineCards, ReplyTimes, Settings
from harness.protocols.ykc.audit.rules.serials import Replies, Serials
from harness.protocols.ykc.audit.rules.upkeep import Clocks, Locks, Restarts, Updates
from harness.protocols.ykc.audit.watcher import Watcher

WATCHERS: tuple[type[Watcher], ...] = (
    Damaged,
    Frames,
    Serials,
    Replies,
    Logins,
    AfterLogin,
    Reconnects,
    Heartbeats,
    ByteOrder,
    Scales,
    OddFields,
    ReplyTimes,
    Balances,
    Settings,
    OfflineCards,
    Clocks,
    Locks,
    Restarts,
    Updates,
    Requests,
    Orders,
)

RULES: tuple[Rule, ...] = tuple(rule for watcher in WATCHERS for rule in watcher.rules)

__all__ = ["RULES", "WATCHERS"]
