"""All rules: one file a chapter, each with its declarations and the watchers that check them."""

from __future__ import annotations

from harness.protocols.ykc.audit.rule import Rule
from harness.protocols.ykc.audit.rules.heartbeat import Heartbeats
from harness.protocols.ykc.audit.watcher import Watcher

WATCHERS: tuple[type[Watcher], ...] = (Heartbeats,)

RULES: tuple[Rule, ...] = tuple(rule for watcher in WATCHERS for rule in watcher.rules)

__all__ = ["RULES", "WATCHERS"]
