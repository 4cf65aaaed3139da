"""What a case's result rests on: findings with their frames, the charge, pictures, the firmware server's transcript."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Engine

from harness.core.journal import Answered, EventSeen, FileFetch, FrameSeen, Record
from harness.core.pairs import Pair
from harness.core.standing import Standing
from harness.report.case_part import CasePart, case_part
from harness.report.chart import state as mark_of
from harness.report.lines import EventLine, Times, event_line
from harness.store import queries
from harness.store.desk import results, uploads
from harness.store.desk.values import FIRMWARE, PICTURE, Attempt, Model, Upload
from web.results.rules import Rules, rules_of
from web.review.matrix import word_of
from web.services import Services


class Try(NamedTuple):
    """One attempt among those of a case."""

    number: int
    state: str
    word: Pair
    counts: bool
    attempt: Attempt


class Proof(NamedTuple):
    """One attempt with all that it rests on."""

    title: Pair
    attempt: Attempt
    state: str
    word: Pair
    part: CasePart
    rules: Rules
    tries: tuple[Try, ...]
    pictures: tuple[Upload, ...]
    transcript: tuple[EventLine, ...]
    firmware: tuple[Upload, ...]
    frames: frozenset[int]  # the numbers that stand for frames; the others are events


def proof(services: Services, model: Model, standing: Standing[Attempt], chosen: Attempt, counts: int) -> Proof:
    """The evidence of an attempt; `counts` is which of the case's attempts counts, 0 when none does."""
    engine, zone = services.engine, services.settings.timezone
    outcome = results.case_outcome(engine, chosen.run_id, chosen.position)
    if outcome is None:  # it was listed a moment ago: its run has been removed since
        raise LookupError(chosen.run_id)
    records = queries.records(engine, chosen.key)
    events = (record.event for record in records if isinstance(record, EventSeen))
    answers = tuple(event for event in events if isinstance(event, Answered))
    return Proof(
        title=standing.title,
        attempt=chosen,
        state=mark_of(chosen.verdict),
        word=word_of(chosen.verdict),
        part=case_part(outcome, records, zone, services.read),
        rules=rules_of(outcome),
        tries=tuple(_tries(standing, counts)),
        pictures=tuple(_pictures(engine, model.id, answers)),
        transcript=_transcript(records, zone),
        firmware=tuple(_firmware(engine, model.id, chosen.run_id, answers)),
        frames=frozenset(record.n for record in records if isinstance(record, FrameSeen)),
    )


def _tries(standing: Standing[Attempt], counts: int) -> Iterable[Try]:
    for number, attempt in enumerate(standing.attempts, 1):
        yield Try(number, mark_of(attempt.verdict), word_of(attempt.verdict), number == counts, attempt)


def _transcript(records: Sequence[Record], zone: str) -> tuple[EventLine, ...]:
    times = Times(records, zone)
    seen = (record for record in records if isinstance(record, EventSeen) and isinstance(record.event, FileFetch))
    return tuple(event_line(record, times) for record in seen)


def _pictures(engine: Engine, model_id: int, answers: Sequence[Answered]) -> Iterable[Upload]:
    kept = uploads.uploads(engine, model_id, PICTURE)
    return (each for each in kept if any(each.id in answer.picture for answer in answers))


def _firmware(engine: Engine, model_id: int, run_id: str, answers: Sequence[Answered]) -> Iterable[Upload]:
    names = [answer.firmware_name for answer in answers if answer.firmware_name]
    kept = uploads.uploads(engine, model_id, FIRMWARE) if names else []
    return (each for each in kept if each.run_id == run_id or any(each.id in name for name in names))
