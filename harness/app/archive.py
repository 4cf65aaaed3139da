"""`harness runs` and `harness export`: what the database holds."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine

from harness.app.capturing import run_capture
from harness.app.files import write_pieces, write_text
from harness.app.stored import stored
from harness.console.tables import runs_table
from harness.core.journal_file import to_journal
from harness.core.outcome import RunOutcome
from harness.protocols.ykc.audit.rules import SENTENCES
from harness.protocols.ykc.language import YkcLanguage
from harness.report.csv import to_csv
from harness.report.html import to_html
from harness.report.jsonl import to_jsonl
from harness.report.junit import to_junit
from harness.report.outcome import Journals, Read
from harness.report.run_sarif import run_sarif
from harness.report.txt import to_txt
from harness.settings import Settings
from harness.store import queries
from harness.store.database import NoDatabase, open_existing, shown

Form = Callable[[RunOutcome, Journals, Read], str]
FORMS: dict[str, Form] = {
    "html": to_html,
    "junit": lambda outcome, journals, read: to_junit(outcome),
    "jsonl": to_jsonl,
    "csv": to_csv,
    "txt": to_txt,
    "sarif": lambda outcome, journals, read: run_sarif(outcome, journals, checks=SENTENCES),
    "journal": lambda outcome, journals, read: to_journal(outcome, journals),
}


def runs(settings: Settings, args: argparse.Namespace) -> int:
    """List stored runs, newest first."""
    try:
        engine = _open(settings, args)
    except NoDatabase as error:  # nobody ran anything: that is no mistake
        print(error.text_zh, error.text, sep="\n")
        return 0
    runs_table(queries.runs(engine, limit=args.limit), sys.stdout, shown(engine.url))
    return 0


def export(settings: Settings, args: argparse.Namespace) -> int:
    """Write a stored run in the form asked for."""
    engine = _open(settings, args)
    run_id = queries.find_run(engine, args.run_id)
    if args.format not in FORMS:
        write_pieces(run_capture(engine, run_id, settings, args.format), args.out)
        return 0
    kept = stored(engine, run_id)
    text = FORMS[args.format](kept.outcome, kept.journals, YkcLanguage().read)
    if args.out:
        write_text(Path(args.out), text)
    else:
        sys.stdout.write(text)
    return 0


def _open(settings: Settings, args: argparse.Namespace) -> Engine:
    return open_existing(args.db or settings.database_url)
