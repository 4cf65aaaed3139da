"""What audits found, beside the frames that findings end on: the same while a journal grows and afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from harness.core.auditing import GRAVEST_FIRST, AuditFinding
from harness.core.pairs import Pair
from harness.store import queries
from harness.store.frame_log import LogJournal
from harness.store.journal_audits import AT_ONCE, Audited
from web.results.rules import level_word, sentence
from web.services import Services


class Note(msgspec.Struct, frozen=True):
    """A finding in one line: how grave it is, and what it says."""

    level: str
    word: Pair
    text: Pair


class Marked(msgspec.Struct, frozen=True):
    """The findings of a journal by the frame that each ends on; `whole`: they are known up to its end."""

    found: Mapping[int, Sequence[AuditFinding]]
    whole: bool

    def notes(self, n: int) -> tuple[Note, ...]:
        """What is to be said of a frame, the gravest first."""
        found = sorted(self.found.get(n, ()), key=lambda finding: GRAVEST_FIRST.index(finding.level))
        return tuple(Note(each.level.value, level_word(each.level), sentence(each)) for each in found)

    def citing(self, n: int) -> tuple[AuditFinding, ...]:
        """All findings that rest on a frame, those that end on it first."""
        rest = (each for ends, found in self.found.items() if ends != n for each in found if n in each.frames)
        return (*self.found.get(n, ()), *rest)


class Marking:
    """The findings of some journals during one visit: each is asked about once."""

    def __init__(self, services: Services, journals: Sequence[LogJournal]) -> None:
        self._services = services
        self._journals = {journal.key: journal for journal in journals}
        self._known: dict[str, Marked] = {}
        self._read = 0

    @property
    def checking(self) -> bool:
        """Is one of them known in part only? Whoever asks again gets more."""
        return not all(marked.whole for marked in self._known.values())

    @property
    def tired(self) -> bool:
        """Was as much audited as one visit should wait for?"""
        return self._read >= AT_ONCE

    def of(self, key: str) -> Marked:
        """The findings of a journal; a case that is over has those that it was kept with."""
        if key not in self._known:
            audited = self._audited(self._journals[key])
            self._read += audited.read
            self._known[key] = Marked(_by_end(audited.findings), audited.whole)
        return self._known[key]

    def numbers(self, key: str) -> frozenset[int]:
        """The frames of a journal that findings end on."""
        return frozenset(self.of(key).found)

    def _audited(self, journal: LogJournal) -> Audited:
        case = queries.case_of(self._services.engine, journal.run_id, journal.key) if journal.run_id else None
        if case is None:
            return self._services.audits.of(journal.key)
        return Audited(findings=case.audit.findings if case.audit is not None else ())


def all_numbers(services: Services, journals: Sequence[LogJournal]) -> Callable[[str], frozenset[int]]:
    """The frames that findings end on, for files: a journal is audited to its end, however long that takes."""

    def numbers(key: str) -> frozenset[int]:
        marking = Marking(services, journals)
        while not marking.of(key).whole:
            marking = Marking(services, journals)
        return marking.numbers(key)

    return numbers


def _by_end(findings: Sequence[AuditFinding]) -> dict[int, list[AuditFinding]]:
    found: dict[int, list[AuditFinding]] = {}
    for finding in findings:
        if finding.frames:
            found.setdefault(finding.frames[-1], []).append(finding)
    return found
