"""The frames of a run one by one, with the case each belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from harness.core.journal import PILE, FrameSeen
from harness.core.message import Damage, Message
from harness.core.outcome import RunOutcome
from harness.report.lines import Times
from harness.report.outcome import Journals, Read


class Frame(NamedTuple):
    """A frame with the id of the case it belongs to, "" when to none; `time` is local, ISO 8601."""

    case: str
    record: FrameSeen
    time: str
    message: Message | Damage

    @property
    def way(self) -> str:
        """Up from the pile, down from the platform."""
        return "up" if self.record.sender == PILE else "down"

    @property
    def name(self) -> str | None:
        """Its name in the catalogue."""
        return (self.message.name or None) if isinstance(self.message, Message) else None

    @property
    def damage(self) -> str:
        """Why it is none."""
        return self.message.reason if isinstance(self.message, Damage) else ""


def frames(outcome: RunOutcome, journals: Journals, read: Read) -> Iterator[Frame]:
    """All frames of a run in order."""
    for case in outcome.cases:
        records = journals.get(case.key, ())
        times = Times(records, outcome.timezone)
        for record in records:
            if isinstance(record, FrameSeen):
                time = times.moment(record.at).isoformat(timespec="milliseconds")
                message = Damage(record.damage, 0, record.raw) if record.damage else read(record.raw)
                yield Frame(case.id, record, time, message)
