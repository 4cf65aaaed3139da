"""查看报文: the frames of a pile as they come and as they came, each beside its fields, and as files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from flask import Blueprint, Response, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from harness.core.journal import FrameSeen
from harness.core.lens import OpenFrame
from harness.report.log import FORMS, log_text
from harness.store import frame_log
from harness.store.desk.values import Model
from harness.store.frame_log import LogFrame, LogJournal, Place
from web import access
from web.frames.capture import CAPTURE_TYPE, captured
from web.frames.query import Asked, Seen, cases_of, journal_seen, read_asked, seen_by, wanted_of
from web.frames.rows import FrameRow, frame_row
from web.services import Pair
from web.whole import whole_or_none

bp = Blueprint("frames", __name__)

FIRST = 100  # rows of a fresh page; more come as somebody scrolls
MORE = 200
AROUND = 40  # newer ones beside a frame that a link names
PCAP = "pcap"
KINDS = {"txt": "text/plain", "csv": "text/csv", "jsonl": "application/x-ndjson"}


@bp.get("/models/<int:model_id>/frames")
@access.members_only
def page(model_id: int) -> ResponseReturnValue:
    """The list, and the frame that a link names."""
    model = access.model_for_viewer(model_id)
    services = access.services()
    _watch(model)
    asked = read_asked(request.args, services.lens)
    seen = seen_by(services.engine, model, asked.case)
    place = _named_place(asked)
    newest = frame_log.newest(services.engine, seen.journals)
    return render_template(
        "frames/page.html",
        model=model,
        asked=asked,
        seen=seen,
        newest=str(newest or ""),
        list=_first_rows(seen, asked, place),
        total=_count(seen, Asked()),
        troubles=_count(seen, Asked(trouble=True)),
        kinds=services.lens.kinds(),
        cases=[(journal, _case_title(journal)) for journal in cases_of(services.engine, model)],
        online=bool(model.pile_code) and services.house.pile(model.pile_code).online,
        opened=None if place is None else _opened(model, place),
        today=f"{access.now().astimezone(ZoneInfo(services.settings.timezone)):%Y-%m-%d}",
    )


@bp.get("/models/<int:model_id>/frames/rows")
@access.members_only
def rows(model_id: int) -> ResponseReturnValue:
    """Rows newest first: the newest, or those `before` or `after` a place; `on` is where the next begin."""
    model = access.model_for_viewer(model_id)
    services = access.services()
    _watch(model)
    asked = read_asked(request.args, services.lens)
    seen = seen_by(services.engine, model, asked.case)
    newest = frame_log.newest(services.engine, seen.journals)
    newer = "after" in request.args
    beyond = Place.read(request.args.get("after" if newer else "before", ""))
    found = _page(seen, asked, beyond, newer, MORE if beyond else FIRST)
    answer = {"rows": msgspec.to_builtins(_rows(found.frames)), "on": str(found.on or ""), "newest": str(newest or "")}
    if beyond is None:
        answer |= {"total": _count(seen, Asked()), "troubles": _count(seen, Asked(trouble=True))}
    return jsonify(answer)


@bp.get("/models/<int:model_id>/frames/link")
@access.members_only
def link(model_id: int) -> str:
    """Whether the pile is online, for the bar."""
    model = access.model_for_viewer(model_id)
    online = bool(model.pile_code) and access.services().house.pile(model.pile_code).online
    return render_template("frames/_link.html", model=model, online=online)


@bp.get("/models/<int:model_id>/frames/<path:key>/<int:n>")
@access.members_only
def open(model_id: int, key: str, n: int) -> str:
    """One frame with each field beside its bytes."""
    opened = _opened(access.model_for_viewer(model_id), Place(key, n))
    if opened is None:
        abort(404)
    return render_template("frames/_open.html", opened=opened)


@bp.get("/models/<int:model_id>/frames/download")
@access.members_only
def download(model_id: int) -> ResponseReturnValue:
    """All that the filter leaves, oldest first, as a file."""
    model = access.model_for_viewer(model_id)
    services = access.services()
    form = request.args.get("form", "txt")
    if form not in (*FORMS, PCAP):
        abort(404)
    asked = read_asked(request.args, services.lens)
    seen = seen_by(services.engine, model, asked.case)
    case = seen.journals[0].scenario if asked.case else ""
    wanted = wanted_of(asked, services.lens, seen.since)
    name = f"frames-{model.pile_code or model.id}{f'-{case}' if case else ''}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if form == PCAP:
        return Response(captured(services, seen, wanted), content_type=CAPTURE_TYPE, headers=headers)
    found = frame_log.in_order(services.engine, seen.journals, wanted)
    text = log_text(form, _logged(found, ZoneInfo(services.settings.timezone)), services.read, case)
    return Response(text, content_type=f"{KINDS[form]}; charset=utf-8", headers=headers)


class Rows(msgspec.Struct, frozen=True):
    """The rows a page begins with; where older and newer ones go on, "" at an end."""

    rows: list[FrameRow]
    older: str
    newer: str


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A frame that is open; `lit` is the part whose bytes are marked."""

    logged: LogFrame
    row: FrameRow
    frame: OpenFrame
    lit: int


def _first_rows(seen: Seen, asked: Asked, place: Place | None) -> Rows:
    """The newest rows, or those around a frame that a link names."""
    keys = [journal.key for journal in seen.journals]
    if place is None or place.key not in keys:
        found = _page(seen, asked, None, False, FIRST)
        return Rows(_rows(found.frames), str(found.on or ""), "")
    older = _page(seen, asked, Place(place.key, place.n + 1), False, FIRST)
    newer = _page(seen, asked, place, True, AROUND)
    return Rows(_rows((*newer.frames, *older.frames)), str(older.on or ""), str(newer.on or ""))


def _page(seen: Seen, asked: Asked, beyond: Place | None, newer: bool, limit: int) -> frame_log.LogPage:
    services = access.services()
    wanted = wanted_of(asked, services.lens, seen.since)
    return frame_log.page(services.engine, seen.journals, wanted=wanted, beyond=beyond, newer=newer, limit=limit)


def _count(seen: Seen, asked: Asked) -> int:
    services = access.services()
    return frame_log.count(services.engine, seen.journals, wanted_of(asked, services.lens, seen.since))


def _watch(model: Model) -> None:
    """The live feed keeps the frames of a pile whose page is open."""
    if model.pile_code and not model.deleted:
        access.services().watch_frames(model.id, model.pile_code)


def _named_place(asked: Asked) -> Place | None:
    """The frame that a link names: by its place, or by its number in the journal of a case."""
    n = request.args.get("n", "")
    return Place.read(request.args.get("open", "") or (f"{asked.case}:{n}" if asked.case else ""))


def _opened(model: Model, place: Place) -> Opened | None:
    services = access.services()
    seen = journal_seen(services.engine, model, place.key)
    logged = frame_log.frame(services.engine, seen.journals[0], place.n)
    if logged is None or (seen.since is not None and logged.at < seen.since):
        return None
    frame = services.lens.opened(logged.raw, logged.damage)
    return Opened(logged=logged, row=_rows([logged])[0], frame=frame, lit=_lit(frame, request.args.get("at", "")))


def _lit(frame: OpenFrame, at: str) -> int:
    """The part that a link marks (`at=29-30`, bytes of the body); -1: none."""
    begin = whole_or_none(at.partition("-")[0])
    for number, part in enumerate(frame.parts):
        if part.at is not None and begin is not None and part.at <= begin < part.at + part.end - part.start:
            return number
    return -1


def _rows(frames: Any) -> list[FrameRow]:
    services = access.services()
    zone = ZoneInfo(services.settings.timezone)
    return [frame_row(services.lens, zone, str(f.place), f.at, f.sender, f.raw, f.damage) for f in frames]


def _case_title(journal: LogJournal) -> Pair:
    """The name of a case, its gun and its time."""
    title = next((case.title for case in access.services().cases if case.id == journal.scenario), None)
    zh, en = title or (journal.scenario, journal.scenario)
    gun = journal.gun_no.lstrip("0")
    local = journal.opened.astimezone(ZoneInfo(access.services().settings.timezone))
    return f"{zh} · {gun}枪 · {local:%m-%d %H:%M}", f"{en} · gun {gun} · {local:%m-%d %H:%M}"


def _logged(frames: Iterator[LogFrame], zone: ZoneInfo) -> Iterator[tuple[datetime, FrameSeen]]:
    for each in frames:
        yield each.at.astimezone(zone), FrameSeen(each.n, 0.0, each.sender, each.raw, each.damage)
