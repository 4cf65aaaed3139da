"""A stored run with everything that belongs to it."""

from __future__ import annotations

from sqlalchemy import Engine

from harness.core.journal_file import Kept
from harness.store import queries


def stored(engine: Engine, run_id: str) -> Kept:
    """A run with all its records: those of its cases, and of the session that was audited with it."""
    outcome = queries.run_outcome(engine, run_id)
    return Kept(outcome, queries.run_records(engine, run_id) | queries.session_records(engine, outcome))
