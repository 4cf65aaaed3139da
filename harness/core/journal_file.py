"""A run as a file that loses nothing: JSON lines with every record of every case, and what was found.

The first line is the run, then the pile's session and each case stand before their records, and the last line counts
them: a file that was cut off says so. docs/evidence.md describes it for other programs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from harness.core.errors import PersonError
from harness.core.journal import AnyEvent, EventSeen, FrameSeen, Record
from harness.core.outcome import CaseOutcome, RunOutcome, SessionJournal

VERSION = 1
KINDS = ("run", "session", "case", "event", "hex", "end")


class Kept(NamedTuple):
    """A run as it was kept, with the records of each case by the key of its journal, and those of its session."""

    outcome: RunOutcome
    journals: Mapping[str, Sequence[Record]]


def journal_lines(outcome: RunOutcome, journals: Mapping[str, Sequence[Record]]) -> Iterator[str]:
    """The lines of the file."""
    yield _line({"journal": VERSION, "run": msgspec.structs.replace(outcome, cases=())})
    count = 0
    if outcome.session_of is not None:
        yield _line({"session": outcome.session_of})
        for record in journals.get(outcome.session_of.key, ()):
            count += 1
            yield _line(_plain(record))
    for case in outcome.cases:
        yield _line({"case": case})
        for record in journals.get(case.key, ()):
            count += 1
            yield _line(_plain(record))
    yield _line({"end": {"cases": len(outcome.cases), "records": count}})


def to_journal(outcome: RunOutcome, journals: Mapping[str, Sequence[Record]]) -> str:
    """The whole file."""
    return "".join(journal_lines(outcome, journals))


def is_journal(text: str) -> bool:
    """Does a text begin as such a file does?"""
    return text.startswith('{"journal":')


def read_journal(text: str, name: str) -> Kept:
    """A file read back; PersonError names the line that cannot be understood."""
    outcome: RunOutcome | None = None
    cases: list[CaseOutcome] = []
    journals: dict[str, list[Record]] = {}
    key = ""
    ended = False
    # Not splitlines(): it also ends lines at characters that JSON lets stand, and people write them.
    for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
        try:
            data = msgspec.json.decode(line)
            kind = next(kind for kind in KINDS if kind in data)
            if kind == "run" and data.get("journal", VERSION) != VERSION:
                raise PersonError(
                    f"{name}: this journal is of format {data['journal']}, this version of the harness reads {VERSION}",
                    f"{name}：日志格式是 {data['journal']}，这个版本只能读 {VERSION}",
                )
            if kind == "run":
                outcome = msgspec.convert(data["run"], RunOutcome, strict=False)
            elif kind == "case":
                cases.append(msgspec.convert(data["case"], CaseOutcome, strict=False))
                key = cases[-1].key
            elif kind == "session":
                key = msgspec.convert(data["session"], SessionJournal).key
            elif kind == "end":
                ended = data["end"] == {"cases": len(cases), "records": sum(map(len, journals.values()))}
            else:
                journals.setdefault(_known(key), []).append(record_of(data))
        except (msgspec.MsgspecError, ValueError, TypeError, KeyError, IndexError, StopIteration):
            raise _unusable(name, number) from None
    if outcome is None:
        raise _unusable(name, 1)
    if not ended:
        raise PersonError(
            f"{name}: it was cut off or lacks records; export the run again",
            f"{name}：文件不完整，缺少记录；请重新导出",
        )
    return Kept(msgspec.structs.replace(outcome, cases=tuple(cases)), journals)


def _known(key: str) -> str:
    """The key of the journal that records belong to; a file that has none yet is none of ours."""
    if not key:
        raise ValueError("a record before any journal")
    return key


def _line(what: object) -> str:
    return msgspec.json.encode(what).decode() + "\n"


def _plain(record: Record) -> dict[str, Any]:
    if isinstance(record, EventSeen):
        return {"n": record.n, "at": record.at, "event": record.event}
    plain = {"n": record.n, "at": record.at, "sender": record.sender, "hex": record.raw.hex().upper()}
    return {**plain, "damage": record.damage} if record.damage else plain


def record_of(data: Mapping[str, Any]) -> Record:
    """One record of its line."""
    n, at = int(data["n"]), float(data["at"])
    if "event" in data:
        return EventSeen(n, at, msgspec.convert(data["event"], AnyEvent, strict=False))
    return FrameSeen(n, at, str(data["sender"]), bytes.fromhex(data["hex"]), str(data.get("damage", "")))


def _unusable(name: str, line: int) -> PersonError:
    made = "`harness export RUN --format journal`"
    return PersonError(
        f"{name}:{line}: this is no journal of a run; {made} writes one",
        f"{name}:{line}：不是联调的日志文件；{made} 可导出",
    )


__all__ = ["Kept", "is_journal", "journal_lines", "read_journal", "record_of", "to_journal"]
