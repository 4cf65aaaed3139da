"""`harness judge`: a stored run, or one in a file, is judged again from its journals."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from harness.app.exits import FAILED, UNEARNED, exit_code
from harness.app.files import JOURNAL_FILE
from harness.app.stored import stored
from harness.captures.pcap import PCAP_MAGIC, PCAPNG_MAGIC
from harness.console.judged import judged_session, judged_table, judged_why
from harness.core.documents import read_text
from harness.core.errors import PersonError
from harness.core.expecting import held_against
from harness.core.journal import Record
from harness.core.journal_file import Kept, read_journal
from harness.core.outcome import CaseOutcome, RunOutcome
from harness.core.rejudged import Judged, JudgedSession
from harness.data import data_root
from harness.engine.again import judge_again, judge_session, refuse_again
from harness.protocols.ykc.language import YkcLanguage
from harness.settings import Settings
from harness.store import queries
from harness.store.database import open_existing

LANGUAGE = YkcLanguage()


def judge(settings: Settings, args: argparse.Namespace) -> int:
    """0 all as it was and passed, 1 a case failed or breaks a rule, 2 unusable, 3 not earned or not as it was."""
    kept = _kept(settings, args)
    cases = [_again(case, kept) for case in kept.outcome.cases]
    session = _session_again(kept)
    judged_table(cases, sys.stdout)
    judged_session(session, sys.stdout)
    outcome, other = _again_whole(kept.outcome, cases, session), _differs(cases, session)
    code = exit_code(outcome)
    if other and code != FAILED:
        code = UNEARNED
    judged_why(outcome, other and code == UNEARNED, sys.stdout)
    return code


def _kept(settings: Settings, args: argparse.Namespace) -> Kept:
    """A file by its path, else a run by its id."""
    path = Path(args.what)
    if path.is_dir() or path.name == "outcome.json":
        path = (path if path.is_dir() else path.parent) / JOURNAL_FILE
    if path.is_file():
        _refuse_capture(path)
        return read_journal(read_text(path), str(path))
    if path.suffix or path.name != args.what:
        raise PersonError(f"there is no file {path}", f"没有文件 {path}")
    engine = open_existing(args.db or settings.database_url)
    run_id = queries.find_run(engine, args.what)
    return stored(engine, run_id)


def _refuse_capture(path: Path) -> None:
    """A capture has no verdicts to judge again."""
    with path.open("rb") as stream:
        head = stream.read(4)
    if head in (*PCAP_MAGIC, PCAPNG_MAGIC):
        raise PersonError(
            f"{path} is a capture; harness audit {path} judges it", f"{path} 是抓包，请用 harness audit {path} 核对"
        )


def _again(case: CaseOutcome, kept: Kept) -> Judged:
    if not case.key:
        return refuse_again(case, shipped(case.id), kept.outcome.profile, LANGUAGE)
    records: Sequence[Record] = kept.journals.get(case.key, ())
    if not records:
        raise PersonError(
            f"{case.id}: its journal is not there any more; frames are kept for a while only",
            f"{case.id}：日志已不在，报文只保留一段时间",
        )
    try:
        return judge_again(case, records, LANGUAGE)
    except PersonError as error:
        raise PersonError(
            f"{case.id}: its journal does not hold the case any more: {error.text}",
            f"{case.id}：日志里的场景已读不出：{error.text_zh}",
        ) from None


def _session_again(kept: Kept) -> JudgedSession | None:
    """The audit of the whole session made anew; None for a run that had none."""
    outcome = kept.outcome
    if outcome.session is None or outcome.session_of is None:
        return None
    return judge_session(outcome.session, kept.journals.get(outcome.session_of.key, ()), LANGUAGE)


def shipped(case: str) -> str:
    """The text of a case of ours, "" when there is none of that id."""
    path = data_root() / "scenarios" / "ykc" / f"{case}.yaml"
    return read_text(path) if path.is_file() else ""


def _again_whole(kept: RunOutcome, cases: Sequence[Judged], session: JudgedSession | None) -> RunOutcome:
    """The run as it comes out now, held against its list of known failures as of the day it was played."""
    outcomes = tuple(case.again or case.kept for case in cases)
    audit = kept.session if session is None or session.again is None else session.again
    outcome = msgspec.structs.replace(kept, cases=outcomes, session=audit)
    if not kept.known:
        return outcome
    return held_against(outcome, [each.known for each in kept.known], day_of(kept))


def day_of(outcome: RunOutcome) -> date:
    """The day on which a run ended, where it was played."""
    return datetime.fromisoformat(outcome.ended or outcome.started).astimezone(ZoneInfo(outcome.timezone)).date()


def _differs(cases: Sequence[Judged], session: JudgedSession | None) -> bool:
    return any(case.differs or not case.whole for case in cases) or (session is not None and bool(session.differs))
