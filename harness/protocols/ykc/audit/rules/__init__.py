"""All rules: one file a chapter, each with its declarations and the watchers that check them."""

from __future__ import annotations

from collections.abc import Mapping

from harness.protocols.ykc.audit.rule import Rule
from harness.protocols.ykc.audit.rules.amounts import Amounts, Losses
from harness.protocols.ykc.audit.rules.authorisation import Numbers, Requested
from harness.protocols.ykc.audit.rules.billing import Models, Pushes
from harness.protocols.ykc.audit.rules.bms import Periodic, Phases
from harness.protocols.ykc.audit.rules.due import RecordsDue
from harness.protocols.ykc.audit.rules.framing import Damaged, Frames
from harness.protocols.ykc.audit.rules.grace import Graces
from harness.protocols.ykc.audit.rules.gun_numbers import GunNumbers
from harness.protocols.ykc.audit.rules.heartbeat import Heartbeats
from harness.protocols.ykc.audit.rules.identifiers import ChargeSerials
from harness.protocols.ykc.audit.rules.login import AfterLogin, Logins, Reconnects
from harness.protocols.ykc.audit.rules.odd_fields import OddFields
from harness.protocols.ykc.audit.rules.offline import OfflineCharges
from harness.protocols.ykc.audit.rules.parallel import Orders, Requests
from harness.protocols.ykc.audit.rules.periods import Records
from harness.protocols.ykc.audit.rules.plausible import ByteOrder, Scales
from harness.protocols.ykc.audit.rules.pulled import Pulled
from harness.protocols.ykc.audit.rules.realtime import Calls, Periods
from harness.protocols.ykc.audit.rules.reasons import Reasons
from harness.protocols.ykc.audit.rules.record import Contents
from harness.protocols.ykc.audit.rules.repeats import Repeats
from harness.protocols.ykc.audit.rules.replies import Balances, OfflineCards, ReplyTimes, Settings
from harness.protocols.ykc.audit.rules.restarts import Restarts
from harness.protocols.ykc.audit.rules.serials import Replies, Serials
from harness.protocols.ykc.audit.rules.start import Starts
from harness.protocols.ykc.audit.rules.status import Idle, Offline
from harness.protocols.ykc.audit.rules.stop import Stops
from harness.protocols.ykc.audit.rules.stop_reasons import StopReasons
from harness.protocols.ykc.audit.rules.sums import Sums
from harness.protocols.ykc.audit.rules.times import RecordTimes
from harness.protocols.ykc.audit.rules.upkeep import Clocks, Locks, Updates
from harness.protocols.ykc.audit.rules.zeros import Zeros
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
    Models,
    Pushes,
    Periods,
    Calls,
    Idle,
    Offline,
    Zeros,
    Amounts,
    Losses,
    Records,
    Periodic,
    Phases,
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
    RecordsDue,
    Contents,
    StopReasons,
    OfflineCharges,
    Repeats,
    Sums,
    RecordTimes,
    GunNumbers,
    ChargeSerials,
    Requested,
    Numbers,
    Starts,
    Graces,
    Reasons,
    Stops,
    Pulled,
)

RULES: tuple[Rule, ...] = tuple(rule for watcher in WATCHERS for rule in watcher.rules)
SENTENCES: Mapping[str, tuple[str, str]] = {rule.check: (rule.zh, rule.en) for rule in RULES}

__all__ = ["RULES", "SENTENCES", "WATCHERS"]
