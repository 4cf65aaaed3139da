"""查看报文: the frames of a pile as they come and as they came, each beside its fields, and as files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from flask import Blueprint, Response, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from harness.core.journal import FrameSeen
from harness.core.pairs import Pair
from harness.report.log import FORMS, log_text
from harness.store import frame_log
from harness.store.desk.values import Model
from harness.store.frame_log import LogFrame, LogJournal, Place, Wanted
from web import access
from web.frames.capture import CAPTURE_TYPE, captured
from web.frames.found import found_page
from web.frames.notes import Marking, Note, all_numbers
from web.frames.opened import opened
from web.frames.query import Asked, Seen, cases_of, read_asked, seen_by, wanted_of
from web.frames.rows import FrameRow, rows_of

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
    place, marking = _named_place(asked), Marking(services, seen.journals)
    newest = frame_log.newest(services.engine, seen.journals)
    return render_template(
        "frames/page.html",
        model=model,
        asked=asked,
        seen=seen,
        newest=str(newest or ""),
        list=_first_rows(seen, asked, place, marking),
        total=_count(seen, Asked()),
        troubles=_count(seen, Asked(trouble=True)),
        marked=len(_notes(seen, marking)),
        checking=marking.checking,
        kinds=services.lens.kinds(),
        cases=[(journal, _case_title(journal)) for journal in cases_of(services.engine, model)],
        online=bool(model.pile_code) and services.house.pile(model.pile_code).online,
        opened=None if place is None else opened(model, place),
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
    newer, marking = "after" in request.args, Marking(services, seen.journals)
    beyond = Place.read(request.args.get("after" if newer else "before", ""))
    found = _page(seen, asked, beyond, newer, MORE if beyond else FIRST, marking)
    made = msgspec.to_builtins(rows_of(services, found.frames, marking))
    answer = {"rows": made, "on": str(found.on or ""), "newest": str(newest or "")}
    if newer or beyond is None:
        answer |= {"notes": msgspec.to_builtins(_notes(seen, marking)), "checking": marking.checking}
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
    model = access.model_for_viewer(model_id)
    found = opened(model, Place(key, n))
    if found is None:
        abort(404)
    return render_template("frames/_open.html", model=model, opened=found)


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
    wanted = wanted_of(asked, services.lens, seen.since, all_numbers(services, seen.journals))
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


def _first_rows(seen: Seen, asked: Asked, place: Place | None, marking: Marking) -> Rows:
    """The newest rows, or those around a frame that a link names."""
    keys = [journal.key for journal in seen.journals]
    if place is None or place.key not in keys:
        found = _page(seen, asked, None, False, FIRST, marking)
        return Rows(rows_of(access.services(), found.frames, marking), str(found.on or ""), "")
    older = _page(seen, asked, Place(place.key, place.n + 1), False, FIRST, marking)
    newer = _page(seen, asked, place, True, AROUND, marking)
    frames = *newer.frames, *older.frames
    return Rows(rows_of(access.services(), frames, marking), str(older.on or ""), str(newer.on or ""))


def _page(
    seen: Seen, asked: Asked, beyond: Place | None, newer: bool, limit: int, marking: Marking
) -> frame_log.LogPage:
    services = access.services()
    wanted = wanted_of(asked, services.lens, seen.since, marking.numbers)
    if asked.found:
        return found_page(services.engine, seen, wanted, beyond, newer, limit, marking)
    return frame_log.page(services.engine, seen.journals, wanted=wanted, beyond=beyond, newer=newer, limit=limit)


def _count(seen: Seen, asked: Asked) -> int:
    services = access.services()
    wanted = wanted_of(asked, services.lens, seen.since, lambda key: ())
    return frame_log.count(services.engine, seen.journals, wanted)


def _notes(seen: Seen, marking: Marking) -> dict[str, tuple[Note, ...]]:
    """What is to be said of the frames of the present journal, as far as they may be seen, by their places."""
    if not seen.journals:
        return {}
    journal, engine = seen.journals[0], access.services().engine
    marked = marking.of(journal.key)
    numbers = set(marked.found)
    if seen.since is not None and seen.since > journal.opened:
        wanted = Wanted(since=seen.since, only=lambda key: numbers)
        numbers = {frame.n for frame in frame_log.in_order(engine, [journal], wanted)}
    return {str(Place(journal.key, n)): marked.notes(n) for n in sorted(numbers)}


def _watch(model: Model) -> None:
    """The live feed keeps the frames of a pile whose page is open."""
    if model.pile_code and not model.deleted:
        access.services().watch_frames(model.id, model.pile_code)


def _named_place(asked: Asked) -> Place | None:
    """The frame that a link names: by its place, or by its number in the journal of a case."""
    n = request.args.get("n", "")
    return Place.read(request.args.get("open", "") or (f"{asked.case}:{n}" if asked.case else ""))


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
