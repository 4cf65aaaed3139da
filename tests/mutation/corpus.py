"""The journals of the self-test, and what was said of each."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from harness.core.auditing import Audit, AuditFinding
from harness.core.capture import CaptureAudit
from harness.core.journal import FrameSeen, Opened, Record
from harness.core.message import Damage, Message
from harness.core.outcome import CaseOutcome
from harness.data import data_root
from harness.engine import judge
from harness.pictures import read_qr
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.audit import auditor, captured
from harness.protocols.ykc.language import YkcLanguage
from harness.selftest.playing import bench_profile, firmware
from harness.selftest.plays import Play, plays
from harness.sim.tabletop import play_all
from tests.captures.pcaps import pcap, talk_of
from tests.captures.reading import happened
from tests.captures.sessions import lines


class Reading(YkcLanguage):
    """Reads each frame once, whoever asks; audits are made apart from the judging."""

    def __init__(self) -> None:
        self._known: dict[bytes, Message | Damage] = {}

    def read(self, raw: bytes) -> Message | Damage:
        """Bytes of one frame as a message."""
        if raw not in self._known:
            self._known[raw] = CATALOGUE.read(raw)
        return self._known[raw]

    def audit(self, records: Sequence[Record], strict: bool = False) -> Audit:
        """Nothing."""
        return Audit()


LANGUAGE = Reading()
FORMS: tuple[Callable[[Sequence[Record]], bytes | str], ...] = (
    lambda records: pcap(talk_of(records).packets),
    lines,
    lambda records: lines(records, "", ""),
    lambda records: lines(records, times=False),
)


class Journal(NamedTuple):
    """The records of a pile or of a case."""

    name: str
    records: tuple[Record, ...]

    @property
    def is_case(self) -> bool:
        """Is there a case in it to judge?"""
        first = getattr(self.records[0], "event", None)
        return isinstance(first, Opened) and bool(first.scenario)

    def judged(self) -> CaseOutcome:
        """What its case earns, now."""
        return judge.judge(self.records, LANGUAGE)

    def audited(self) -> tuple[list[AuditFinding], Audit]:
        """What the auditor says of it live, and at its end, now."""
        judging = auditor.PileAuditor()
        told = [found for record in self.records for found in judging.see(record, _message(record))]
        return told, judging.result()


class Captured:
    """What a capture of a pile's session holds; the session is said in one form or another."""

    def __init__(self, journal: Journal, form: int) -> None:
        records = [record for record in journal.records if isinstance(record, FrameSeen)]
        self._happenings = happened(FORMS[form % len(FORMS)](records)) if records else []

    def audited(self) -> CaptureAudit:
        """What the auditor of captures says of it now."""
        judging = captured.Captured()
        for happening in self._happenings:
            judging.take(happening)
        return judging.result()


def _message(record: Record) -> Message | None:
    if not isinstance(record, FrameSeen) or record.damage:
        return None
    read = LANGUAGE.read(record.raw)
    return read if isinstance(read, Message) else None


def journals(chosen: Sequence[Play] = ()) -> Iterator[Journal]:
    """The journals of the self-test with one seed, or of some plays: what two plays have in common comes once."""
    known: set[bytes] = set()
    for play in chosen or plays(1, 1):
        for journal in _of(play):
            digest = hashlib.sha256(msgspec.msgpack.encode(journal.records)).digest()
            if digest not in known:
                known.add(digest)
                yield journal


def _of(play: Play) -> list[Journal]:
    kept: dict[str, list[Record]] = {}
    play_all(
        [data_root() / "scenarios" / "ykc" / f"{case}.yaml" for case in play.cases],
        bench_profile(play.profile),
        read_picture=read_qr,
        firmware=firmware(),
        faults=play.faults,
        dialects=play.dialects,
        seed=play.seed,
        keep=lambda key, record: kept.setdefault(key, []).append(record),
    )
    title = "+".join(dict.fromkeys((play.name, *play.dialects)))
    return [Journal(f"{title} {key}", tuple(records)) for key, records in kept.items()]


__all__ = ["Captured", "Journal", "journals"]
