"""The kinds of step, by their YAML key."""

from __future__ import annotations

from types import MappingProxyType

from harness.engine.steps.base import Step
from harness.engine.steps.charging import ChargeOn
from harness.engine.steps.check import Check
from harness.engine.steps.expect import Expect
from harness.engine.steps.firmware import Publish, Updated
from harness.engine.steps.frames import Poll, PushQr, Send
from harness.engine.steps.link import Back, Behave, Misbehave, Repeats, Settled
from harness.engine.steps.people import Ask, Grant
from harness.engine.steps.waits import Pause, Ready, Relogin, Room, Steer

_KINDS: tuple[type[Step], ...] = (
    Ready, Ask, Grant, Room, Steer, Send, Expect, ChargeOn, Poll, Pause, PushQr, Relogin, Publish, Updated, Check,
    Misbehave, Behave, Back, Settled, Repeats,
)  # fmt: skip

STEPS: MappingProxyType[str, type[Step]] = MappingProxyType({kind.key: kind for kind in _KINDS})
