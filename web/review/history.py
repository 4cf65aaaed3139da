"""The audit list in words, and what changed since somebody approved it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from harness.core.approval import ACTION_NAMES, NAMES, Action, State
from harness.core.pairs import Pair
from harness.store.desk.values import AuditLine
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
        "site": "review.f_site",
        "pile_code": "review.pile_code",
    }
)
FACTS = MappingProxyType(
    {
        "run": "review.fact_run",
        "role": "review.fact_role",
        "disabled": "review.fact_disabled",
        "password": "review.fact_password",
        "journals": "review.fact_journals",
    }
)
VALUES = MappingProxyType(
    {
        ("kind", "dc"): "review.dc",
        ("kind", "ac"): "review.ac",
        ("site", "live"): "models.live",
        ("site", "bench"): "models.bench",
        ("", "True"): "review.yes",
        ("", "False"): "review.no",
        ("", ""): "review.empty",
        ("", "new"): "review.new",
        ("", "reviewer"): "review.r_reviewer",
        ("", "admin"): "review.r_admin",
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
    why: tuple[Pair, ...]
    notes: tuple[Pair, ...]  # what is told in the lines of detail that are no change


def entry(line: AuditLine, titles: Mapping[str, Pair]) -> Entry:
    """One line in words; `titles` are those of the cases."""
    names = {field: say(key) for field, key in (FIELDS | FACTS).items()} | dict(titles)
    plain = [each for each in line.detail.splitlines() if ARROW not in f"{each} "]
    return Entry(
        line=line,
        did=did(line.action),
        role=say(ROLES[line.actor.kind]),
        states=tuple(NAMES[State(at)] for at in (line.before, line.after) if at and line.before != line.after),
        changes=tuple(change(*pair) for pair in _pairs(line.detail)),
        why=tuple(_named(each, names) for each in line.why.splitlines()),
        notes=tuple(_named(each, names) for each in plain if each not in line.why.splitlines()),
    )


def did(action: str) -> Pair:
    """What was done, in words; an action that has none shows as it is kept."""
    if action in DONE:
        return say(DONE[action])
    return next((name for known, name in ACTION_NAMES.items() if known == action), (action, action))


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


def _named(text: str, names: Mapping[str, Pair]) -> Pair:
    """`estop: too slow` with the name that people know."""
    name, colon, rest = text.partition(": ")
    if not colon or name not in names:
        return text, text
    (zh, en), (rest_zh, rest_en) = names[name], value("", rest)
    return f"{zh}：{rest_zh}", f"{en}: {rest_en}"


def _pairs(detail: str) -> list[tuple[str, str, str]]:
    found = []
    for line in detail.splitlines():
        field, colon, rest = line.partition(":")
        was, arrow, now = f"{rest} ".partition(ARROW)
        if colon and arrow:
            found.append((field, was.strip(), now.strip()))
    return found
