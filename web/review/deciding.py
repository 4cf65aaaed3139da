"""Decisions as they are typed: read strictly, refused in words, and held against what the person saw."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from werkzeug.datastructures import MultiDict

from harness.core.approval import Refused
from harness.core.pairs import Pair
from harness.core.verdict import Verdict
from harness.store.desk.values import ACCEPT, REJECT, AuditLine, Model
from web.forms import Mistakes
from web.review.history import did
from web.review.matrix import Row
from web.words import say

PILE_CODE = re.compile(r"[0-9]{14}")
MOST = 500  # characters of a reason
Typed = MultiDict[str, str]


class Votes(NamedTuple):
    """What was voted on each case, and the mistakes beside them; `reason` is for the whole."""

    votes: dict[str, tuple[str, str]]
    reason: str
    mistakes: Mistakes


def read_votes(typed: Typed, rows: Sequence[Row]) -> Votes:
    """The votes on the declared cases; a case that is sent back needs a reason."""
    votes: dict[str, tuple[str, str]] = {}
    mistakes: dict[str, Pair] = {}
    for row in rows:
        if not row.declared:
            continue
        case = row.case.id
        vote, why = typed.get(f"vote-{case}", ""), typed.get(f"why-{case}", "").strip()
        if vote not in (ACCEPT, REJECT):
            mistakes[case] = say("review.vote_missing")
        elif vote == REJECT and not why:
            mistakes[case] = say("review.why_missing")
        elif len(why) > MOST:
            mistakes[case] = say("forms.too_long", most=MOST)
        votes[case] = (vote, why if vote == REJECT else "")
    reason = typed.get("reason", "").strip()
    if len(reason) > MOST:
        mistakes["reason"] = say("forms.too_long", most=MOST)
    return Votes(votes, reason, mistakes)


def against_accepting(voted: Votes, rows: Sequence[Row]) -> Mistakes:
    """Why results with these votes cannot be approved; a case that failed needs a reason for the whole."""
    mistakes = dict(voted.mistakes)
    if any(vote == REJECT for vote, _ in voted.votes.values()):
        mistakes[""] = say("review.some_rejected")
    elif any(row.verdict is Verdict.FAILED for row in rows if row.declared) and not voted.reason:
        mistakes["reason"] = say("review.failed_needs_reason")
    return mistakes


def against_rejecting(voted: Votes) -> Mistakes:
    """Why results with these votes cannot be sent back."""
    mistakes = dict(voted.mistakes)
    if not any(vote == REJECT for vote, _ in voted.votes.values()):
        mistakes[""] = say("review.none_rejected")
    return mistakes


def read_pile_code(typed: Typed, taken: Collection[str] = ()) -> tuple[str, Mistakes]:
    """A pile code of 14 digits that no pile of a profile file has."""
    code = typed.get("pile_code", "").strip()
    if code in taken:
        return code, {"pile_code": say("review.code_filed")}
    return code, {} if PILE_CODE.fullmatch(code) else {"pile_code": say("review.code_wrong")}


def read_why(typed: Typed) -> tuple[str, Mistakes]:
    """The reason of a registration that is sent back."""
    why = typed.get("why", "").strip()
    if not why:
        return why, {"why": say("review.why_missing")}
    return why, {"why": say("forms.too_long", most=MOST)} if len(why) > MOST else {}


def hold_against(model: Model, typed: Typed, last: AuditLine, at: str) -> int:
    """The version that the person decided on; Refused, with who was first, when it is an older one."""
    seen = typed.get("version", "")
    if seen == str(model.version):
        return model.version
    zh, en = say("review.overtaken", who=last.actor.name, did=did(last.action), at=at)
    raise Refused(en, zh)
