"""`harness audit`: captures of others, judged by the rules that bind the pile."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

import msgspec

from harness.app.audit_files import NotUsable, to_json, to_sarif_text
from harness.app.exits import FAILED, PASSED, UNEARNED, USAGE
from harness.app.files import JOURNAL_FILE
from harness.captures.logs import Backwards
from harness.captures.opening import Unusable, open_capture
from harness.captures.tally import Tally
from harness.console.audit_words import BREAKS, MET
from harness.console.audited import print_audits
from harness.core.capture import CaptureAudit, FileAudit, Happening
from harness.core.errors import PersonError
from harness.protocols.ykc.audit.captured import Captured
from harness.protocols.ykc.audit.captured_clock import Believed
from harness.protocols.ykc.framing import START
from harness.settings import Settings

STDIN = "-"
READ = ("能读 pcap、pcapng、写着十六进制（68 …）的文本", "pcap, pcapng and text with hex (68 …) are read")
MOST_NAMED = 10
PROGRESS = 50_000  # frames after which it is told how far a file was read
GRAVEST = (FAILED, USAGE, UNEARNED, PASSED)  # of several files: a breach is never hidden by what else there is


def audit(settings: Settings, args: argparse.Namespace) -> int:
    """0 no rule that must be kept is broken, 1 one is, 2 a file is unusable, 3 little of one can be judged.

    That is so when less than half of it was understood, or when no frame in it comes from a pile.

    Of several files 1 wins over 2 and 2 over 3.
    """
    files: list[FileAudit] = []
    unusable: list[NotUsable] = []
    codes: list[int] = []
    for name in args.files:
        try:
            file = audit_file(name, settings.timezone, strict=args.strict, only=args.pile)
        except PersonError as error:
            print(error.text_zh, file=sys.stderr)
            print(error.text, file=sys.stderr)
            unusable.append(NotUsable(name, error.text_zh, error.text))
            codes.append(USAGE)
            continue
        files.append(file)
        codes.append(exit_code(file.audit))
    if args.json:
        sys.stdout.write(to_json(files, unusable))
    elif args.sarif:
        sys.stdout.write(to_sarif_text(files, unusable))
    else:
        print_audits(files, sys.stdout)
    return next(code for code in GRAVEST if code in codes)


def audit_file(name: str, timezone: str, *, strict: bool = False, only: str = "") -> FileAudit:
    """One file, judged; PersonError when there is nothing in it to judge."""
    shown = "stdin" if name == STDIN else name
    with _opened(name) as stream:
        capture = open_capture(stream, shown, START)
        tally = capture.tally
        captured = Captured(strict=strict, only=only, timezone=timezone, wall=lambda: _wall(tally, timezone))
        believed = Believed(capture.happenings)
        try:
            for happening in _with_progress(believed, shown):
                captured.take(happening)
        except Backwards as error:
            raise Unusable(f"{shown}: {error.text}", f"{shown}：{error.text_zh}") from None
    tally.grain = "batches" if believed.in_batches else tally.grain
    found = captured.result()
    _refuse_unknown(shown, only, captured.codes)
    _refuse_empty(shown, found, tally)
    return _of_file(shown, capture.kind, found, tally)


def _with_progress(happenings: Iterable[Happening], shown: str) -> Iterator[Happening]:
    """What happened in a file; whoever waits at a terminal sees how far it is."""
    count = 0
    for count, happening in enumerate(happenings, 1):
        if count % PROGRESS == 0 and sys.stderr.isatty():
            print(f"\r{shown}: {count:,} 帧 frames …", end="", file=sys.stderr, flush=True)
        yield happening
    if count >= PROGRESS and sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def exit_code(found: CaptureAudit) -> int:
    """Little understood weighs more than what was found in it; of a pile that said nothing nothing is known."""
    if found.unreliable or found.unheard:
        return UNEARNED
    return FAILED if found.broken else PASSED


def _of_file(name: str, kind: str, found: CaptureAudit, tally: Tally) -> FileAudit:
    """What was found, with the hex that could not even be read as bytes counted among those not understood."""
    met = dict(tally.counts)
    broken = met.pop("broken_bytes", 0)
    if broken:
        rest = {**found.rest, "broken_bytes": broken}
        found = msgspec.structs.replace(found, bytes=found.bytes + broken, rest=rest)
    return FileAudit(name=name, kind=kind, audit=found, met=met, breaks=tally.breaks, grain=tally.grain)


def _refuse_empty(name: str, found: CaptureAudit, tally: Tally) -> None:
    if found.links and found.piles:
        return
    if found.frames:
        raise Unusable(
            f"{name}: {found.frames} frames, but none names a pile", f"{name}：有 {found.frames} 帧，但都没有写桩编码"
        )
    zh, en = BREAKS.get(tally.breaks, ("", ""))
    if masked := tally.counts["masked_lines"]:
        zh, en = (text.format(n=f"{masked:,}") for text in MET["masked_lines"])
        raise Unusable(f"{name}: {en}", f"{name}：{zh}")
    unread = [what.removeprefix("link_type ") for what in tally.counts if what.startswith("link_type ")]
    if unread:
        zh, en = f"链路类型 {unread[0]} 读不了", f"link type {unread[0]} is not read"
    raise Unusable(
        f"{name}: there is no YKC frame in it" + (f" ({en})" if en else f"; {READ[1]}"),
        f"{name}：里面没有云快充报文" + (f"（{zh}）" if zh else f"；{READ[0]}"),
    )


def _refuse_unknown(name: str, only: str, codes: list[str]) -> None:
    if only and codes and only not in codes:
        there = ", ".join(codes[:MOST_NAMED])
        raise PersonError(
            f"{name}: there is no pile {only} in it; there is {there}", f"{name}：里面没有桩 {only}，有 {there}"
        )


def _wall(tally: Tally, timezone: str) -> datetime | None:
    """The true time at the first moment of the file; None when it has no dates. Local times are those of the zone."""
    if tally.first_stamp is None:
        return None
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=tally.first_stamp)
    return moment.replace(tzinfo=ZoneInfo(timezone)) if tally.local else moment


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    """The file of a name, standard input for -."""
    if name == STDIN:
        yield sys.stdin.buffer
        return
    path = Path(name)
    journal = path / JOURNAL_FILE if path.is_dir() else path
    if path.is_dir() and not journal.exists():
        raise PersonError(
            f"{name}: no {JOURNAL_FILE} in this folder; name a file or a report's folder",
            f"{name}：这个文件夹里没有 {JOURNAL_FILE}；请给出文件，或报告的文件夹",
        )
    try:
        with journal.open("rb") as stream:
            yield stream
    except OSError as error:
        raise PersonError(
            f"{name}: cannot be read ({error.strerror})", f"{name}：无法读取（{error.strerror}）"
        ) from None


__all__ = ["audit", "audit_file", "exit_code"]
