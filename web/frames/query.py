"""What a visit to 查看报文 asks for, and which journals it may see for that."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

import msgspec
from flask import abort
from sqlalchemy import Engine
from werkzeug.datastructures import MultiDict

from harness.core.journal import PILE, PLATFORM
from harness.core.lens import Lens
from harness.store.desk.audit import history
from harness.store.desk.results import attempts
from harness.store.desk.values import Model
from harness.store.frame_log import LogJournal, Wanted, case_journals, find_journal, pile_journals

GIVEN = "pile_code: "  # what the audit list says of an approval begins so
Numbers = Callable[[str], Collection[int]]
WAYS: Mapping[str, str] = {"up": PILE, "down": PLATFORM}


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """The filter of a page; "" and no kinds ask for all. `case` is the key of a case's journal."""

    case: str = ""
    kinds: frozenset[str] = frozenset()
    gun_no: str = ""
    way: str = ""
    trouble: bool = False
    found: bool = False

    @property
    def narrows(self) -> bool:
        """Does it leave anything out?"""
        return bool(self.kinds or self.gun_no or self.way or self.trouble or self.found)


def read_asked(args: MultiDict[str, str], lens: Lens) -> Asked:
    """The filter in an address; what is unknown asks for nothing."""
    known = {kind.name for kind in lens.kinds()}
    gun_no = args.get("gun", "")
    way = args.get("way", "")
    return Asked(
        case=args.get("case", ""),
        kinds=frozenset(known.intersection(args.getlist("kind"))),
        gun_no=gun_no if gun_no.isascii() and gun_no.isdecimal() and len(gun_no) == 2 else "",
        way=way if way in WAYS else "",
        trouble=bool(args.get("trouble")),
        found=bool(args.get("found")),
    )


def wanted_of(asked: Asked, lens: Lens, since: datetime | None, numbers: Numbers) -> Wanted:
    """The filter as the log takes it; `numbers` gives the frames of a journal that findings end on."""
    keep = lens.keeps(asked.kinds, asked.gun_no) if asked.kinds or asked.gun_no else None
    only = numbers if asked.found else None
    return Wanted(since=since, sender=WAYS.get(asked.way, ""), damaged=asked.trouble, keep=keep, only=only)


class Seen(msgspec.Struct, frozen=True):
    """The part of the log that a visit may see."""

    journals: list[LogJournal]
    since: datetime | None


def seen_by(engine: Engine, model: Model, case: str) -> Seen:
    """All of the model's pile since the code is the model's, or one case; 404 for a case that is not the model's."""
    if case:
        return Seen([case_journal(engine, model, case)], None)
    if not model.pile_code:
        return Seen([], None)
    return Seen(pile_journals(engine, model.pile_code), code_given(engine, model))


def journal_seen(engine: Engine, model: Model, key: str) -> Seen:
    """The one journal of a key, as far as a visit may see it; 404 for another's."""
    journal = find_journal(engine, key)
    if journal is None:
        abort(404)
    if journal.run_id:
        return Seen([case_journal(engine, model, key)], None)
    if not model.pile_code or journal.pile_code != model.pile_code:
        abort(404)
    return Seen([journal], code_given(engine, model))


def cases_of(engine: Engine, model: Model) -> list[LogJournal]:
    """The cases that were played with the model's pile, newest first."""
    if not model.pile_code:
        return []
    since = code_given(engine, model)
    return [journal for journal in case_journals(engine, model.pile_code) if journal.opened >= since]


def case_journal(engine: Engine, model: Model, key: str) -> LogJournal:
    """The journal of a case of the model, also of one that was played under an earlier pile code; else 404."""
    journal = find_journal(engine, key)
    if journal is None or not journal.run_id:
        abort(404)
    same = bool(model.pile_code) and journal.pile_code == model.pile_code
    if same and journal.opened >= code_given(engine, model):
        return journal
    if all(attempt.key != key for attempt in attempts(engine, model.id)):
        abort(404)
    return journal


def code_given(engine: Engine, model: Model) -> datetime:
    """When the model got the pile code that it has: what went under it before was somebody else's."""
    given, code = model.created, ""
    for line in history(engine, model.id):
        if line.detail.startswith(GIVEN) and line.detail != code:
            given, code = line.at, line.detail
    return given
