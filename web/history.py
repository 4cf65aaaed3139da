"""The audit list in words, and what changed since somebody approved it."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import NamedTuple

from harness.core.approval import ACTION_NAMES, NAMES, Action, State
from harness.store.desk.values import AuditLine
from web.services import Pair
from web.words import say

# How the fields of a model are called, by their names in the store.
FIELDS = MappingProxyType(
    {
        "model": "review.f_model",
        "kind": "review.f_kind",
        "power_kw": "review.f_power",
        "guns": "review.f_guns",
        "protocol_version": "review.f_protocol",
        "program_version": "review.f_version",
        "mainboard_maker": "review.f_mainboard",
        "card": "review.f_card",
        "card_no": "review.f_card_no",
        "vin": "review.f_vin",
        "vin_no": "review.f_vin_no",
        "reboot": "review.f_reboot",
        "upgrade": "review.f_upgrade",
        "qr": "review.f_qr",
        "qr_dialect": "review.f_dialect",
        "pile_code": "review.pile_code",
    }
)
VALUES = MappingProxyType(
    {
        ("kind", "dc"): "review.dc",
        ("kind", "ac"): "review.ac",
        ("", "True"): "review.yes",
        ("", "False"): "review.no",
        ("", ""): "review.empty",
    }
)
# What is done beside the actions of approval.py.
DONE = MappingProxyType(
    {
        "register": "review.did_register",
        "add": "review.did_add",
        "new_code": "review.did_new_code",
        "add_user": "review.did_add_user",
        "change_user": "review.did_change_user",
        "customers": "review.did_customers",
        "sign_in": "review.did_sign_in",
        "firmware": "review.did_firmware",
        "sweep": "review.did_sweep",
        "share": "review.did_share",
        "seen": "review.did_seen",
    }
)
ROLES = MappingProxyType(
    {
        "registrant": "review.r_registrant",
        "reviewer": "review.r_reviewer",
        "admin": "review.r_admin",
        "platform": "review.r_platform",
    }
)
ARROW = " → "


class Change(NamedTuple):
    """A field with what it was and what it is now."""

    field: str
    name: Pair
    was: Pair
    now: Pair


class Entry(NamedTuple):
    """An audit line as people read it; `states` is empty where no state changed."""

    line: AuditLine
    did: Pair
    role: Pair
    states: tuple[Pair, ...]
    changes: tuple[Change, ...]
    notes: tuple[str, ...]  # what is told in the lines of detail that are no change


def entry(line: AuditLine) -> Entry:
    """One line in words."""
    changes, notes = _detail(line.detail)
    moved = [NAMES[State(state)] for state in (line.before, line.after) if state and line.before != line.after]
    return Entry(line, did(line.action), say(ROLES[line.actor.kind]), tuple(moved), changes, notes)


def did(action: str) -> Pair:
    """What was done, in words; an action that has none shows as it is kept."""
    if action in DONE:
        return say(DONE[action])
    return ACTION_NAMES[Action(action)] if action in Action else (action, action)


def since_approved(history: Sequence[AuditLine]) -> tuple[Change, ...]:
    """How a model's data differ from what was approved last; nothing for one that never was."""
    approvals = [place for place, line in enumerate(history) if line.action == Action.APPROVE]
    if not approvals:
        return ()
    merged: dict[str, tuple[str, str]] = {}
    for line in history[approvals[-1] + 1 :]:
        for field, was, now in _pairs(line.detail):
            merged[field] = (merged.get(field, (was, ""))[0], now)
    return tuple(change(field, was, now) for field, (was, now) in merged.items() if was != now)


def change(field: str, was: str, now: str) -> Change:
    """A field's change in words."""
    name = say(FIELDS[field]) if field in FIELDS else (field, field)
    return Change(field, name, value(field, was), value(field, now))


def value(field: str, text: str) -> Pair:
    """A kept value as people read it."""
    key = VALUES.get((field, text)) or VALUES.get(("", text))
    return say(key) if key else (text, text)


def _detail(detail: str) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    pairs = _pairs(detail)
    notes = [line for line in detail.splitlines() if ARROW not in f"{line} "]
    return tuple(change(*pair) for pair in pairs), tuple(notes)


def _pairs(detail: str) -> list[tuple[str, str, str]]:
    found = []
    for line in detail.splitlines():
        field, colon, rest = line.partition(":")
        was, arrow, now = f"{rest} ".partition(ARROW)
        if colon and arrow:
            found.append((field, was.strip(), now.strip()))
    return found
