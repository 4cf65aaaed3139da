"""The stretches of a pile's log that stay for good.

These are its tests, unless nobody needs them any more, and for what was submitted all from the first test to the
decision: what a reviewer saw of it then can be read and exported ever after.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, Select, func, select

from harness.store.desk.tables import AttemptRow, ModelRow, SubmissionRow
from harness.store.tables import RunRow

FOREVER = 2**62
Span = tuple[int, int]  # microseconds, the second is the first moment after it


def gone_models() -> Select[int]:
    """Deleted models of which nothing was ever submitted."""
    return select(ModelRow.id).where(ModelRow.deleted, ModelRow.id.not_in(select(SubmissionRow.model)))


def kept_runs() -> Select[str]:
    """The runs that belong to a model that is there, or was submitted."""
    return select(AttemptRow.run).where(AttemptRow.model.not_in(gone_models()))


def stretches(connection: Connection) -> dict[str, list[Span]]:
    """What stays, by pile code, in order."""
    spans: dict[str, list[Span]] = {}
    tests = select(RunRow.pile_code, RunRow.started, RunRow.ended).where(RunRow.id.in_(kept_runs()))
    for code, begin, end in (*connection.execute(tests), *connection.execute(_submitted())):
        spans.setdefault(code, []).append((begin, FOREVER if end is None else end + 1))
    return {code: sorted(found) for code, found in spans.items()}


def gaps(spans: Sequence[Span], opened: int, until: int) -> Iterator[Span]:
    """What goes of a journal before `until`, in microseconds since it was opened."""
    low = opened
    for begin, end in (*spans, (until, until)):
        high = min(begin, until)
        if low < high:
            yield low - opened, high - opened
        low = max(low, end)


def _submitted() -> Select[str, int, int | None]:
    """Each submission from the first test of its model under the pile code to the decision."""
    first = (
        select(func.min(RunRow.started))
        .join(AttemptRow, AttemptRow.run == RunRow.id)
        .where(AttemptRow.model == SubmissionRow.model, RunRow.pile_code == SubmissionRow.pile_code)
        .scalar_subquery()
    )
    return select(SubmissionRow.pile_code, func.coalesce(first, SubmissionRow.at), SubmissionRow.decided_at)
