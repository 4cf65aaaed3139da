"""What a webhook is told of a new state: plain JSON, or a message as WeCom and DingTalk show it. Pure words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from harness.core.approval import NAMES, Action, State
from harness.core.pairs import Pair
from harness.store.desk.values import AuditLine, Model
from web.review.history import did
from web.words import say

MOST = 2000  # bytes of a message: WeCom takes 2048
CUT = "…"


def is_news(line: AuditLine) -> bool:
    """Did this change the state of a model, or whether its registration waits for the platform?"""
    return line.before != line.after or line.action in (Action.RETURN, Action.EDIT)


def body(kind: str, model: Model, line: AuditLine, desk_url: str, timezone: str) -> bytes:
    """What is posted about something that was done with a model; `kind` is json, wecom or dingtalk."""
    address = f"{desk_url.rstrip('/')}/review/models/{model.id}"
    if kind == "json":
        return msgspec.json.encode(plain(model, line, address))
    content = fit(message(model, line, address, timezone))
    return msgspec.json.encode({"msgtype": "text", "text": {"content": content}})


def plain(model: Model, line: AuditLine, address: str) -> Mapping[str, Any]:
    """The same as data, for other programs."""
    state = _after(model, line)
    zh, en = NAMES[state]
    return {
        "event": "model.state",
        "model_id": model.id,
        "model": model.data.model,
        "company": model.company,
        "pile_code": model.pile_code,
        "before": line.before,
        "state": state.value,
        "state_zh": zh,
        "state_en": en,
        "returned": model.returned,
        "action": line.action,
        "by": line.actor.name,
        "why": line.why,
        "at": line.at.isoformat(),
        "url": address,
    }


def message(model: Model, line: AuditLine, address: str, timezone: str) -> str:
    """A few lines for people: Chinese, then English, the reason once."""
    at = f"{line.at.astimezone(ZoneInfo(timezone)):%m-%d %H:%M}"
    name = f"{model.data.model} · {model.company}"
    told = say("webhook.line", name=name, states=_states(model, line), did=did(line.action), who=line.actor.name, at=at)
    return "\n".join(each for each in (*told, line.why, address) if each)


def fit(text: str, most: int = MOST) -> str:
    """A text cut to so many bytes; the address at its end stays."""
    if len(text.encode()) <= most:
        return text
    head, _, address = text.rpartition("\n")
    room = most - len(f"{CUT}\n{address}".encode())
    return f"{head.encode()[:room].decode(errors='ignore')}{CUT}\n{address}"


def _after(model: Model, line: AuditLine) -> State:
    """The state that this line led to; the model may be further by now."""
    return State(line.after) if line.after else model.state


def _states(model: Model, line: AuditLine) -> Pair:
    """From which state to which, or the one where it stays."""
    zh, en = NAMES[_after(model, line)]
    if not line.before or line.before == line.after:
        return zh, en
    was_zh, was_en = NAMES[State(line.before)]
    return f"{was_zh} → {zh}", f"{was_en} → {en}"
