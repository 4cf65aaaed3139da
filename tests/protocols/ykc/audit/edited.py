"""A good session of a simulated pile with one thing changed: most tests of the auditor are one such change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from harness.core.auditing import Audit
from harness.core.journal import PILE, PLATFORM, AnyEvent, EventSeen, FrameSeen, LinkChanged, Record
from harness.core.message import Message
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.audit import audit
from tests.engine.playing import Playing

Which = int | slice | Callable[[Any], bool]  # the how manieth of its name, several, or those whose values are so
ALL = slice(None)


@lru_cache(maxsize=32)
def recorded(case: str, name: str, seed: int, after: float) -> tuple[Record, ...]:
    """The whole session of a pile that plays a case: from its first login to so long after the end of the case."""
    playing = Playing((case,), name, seed=seed).play()
    playing.table.run(lambda: False, within=after)
    return tuple(playing.table.session.records)


@lru_cache(maxsize=4)
def resting(name: str, seconds: float) -> tuple[Record, ...]:
    """The session of a pile that is only online."""
    table = Playing((), name).table
    table.power_on()
    table.run(lambda: False, within=seconds)
    return tuple(table.session.records)


class Edited:
    """Records to change. Frames are chosen by name and by their place among those (negative: from the end)."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.records: list[Record] = list(records)

    # What is there

    def frames(self, name: str) -> list[FrameSeen]:
        """All frames of a name, in order."""
        return [r for r in self.records if isinstance(r, FrameSeen) and not r.damage and self.read(r).name == name]

    def read(self, record: FrameSeen) -> Message:
        message = CATALOGUE.read(record.raw)
        assert isinstance(message, Message), message
        return message

    def values(self, name: str, which: int = 0) -> Any:
        """The values of a frame."""
        return self.read(self.frames(name)[which]).values

    def fields(self, name: str, which: int = 0) -> dict[str, Any]:
        """The values of a frame by their names."""
        values = self.values(name, which)
        return {field.name: getattr(values, field.name) for field in CATALOGUE.by_name(name).fields}

    def at(self, name: str, which: int = 0) -> float:
        """The moment of a frame."""
        return self.frames(name)[which].at

    @property
    def end(self) -> float:
        """The last moment."""
        return self.records[-1].at

    def _chosen(self, name: str, which: Which) -> list[FrameSeen]:
        found = self.frames(name)
        if isinstance(which, int):
            return [found[which]]
        if isinstance(which, slice):
            return found[which]
        return [record for record in found if which(self.read(record).values)]

    # What can be done to it; all give the session back

    def change(self, frame: str, which: Which = 0, **fields: Any) -> Edited:
        """Other values for fields of a frame; a function gets the value and gives another."""
        chosen = self._chosen(frame, which)
        assert chosen, f"there is no {frame} to change"
        for record in chosen:
            message = self.read(record)
            values = {f.name: getattr(message.values, f.name) for f in CATALOGUE.by_name(frame).fields}
            new = {key: value(values[key]) if callable(value) else value for key, value in fields.items()}
            self._replace(record, raw=CATALOGUE.encode(frame, values | new, message.serial))
        return self

    def bytes_of(self, frame: str, which: Which, change: Callable[[bytes], bytes]) -> Edited:
        """Other bytes for whole frames."""
        for record in self._chosen(frame, which):
            self._replace(record, raw=change(record.raw))
        return self

    def drop(self, frame: str, which: Which = ALL, *, since: float = 0.0, until: float = 1e9) -> Edited:
        """Frames that never came."""
        gone = {id(r) for r in self._chosen(frame, which) if since <= r.at <= until}
        assert gone, f"there is no {frame} to drop"
        self.records = [record for record in self.records if id(record) not in gone]
        return self

    def move(self, frame: str, seconds: float, which: Which = 0) -> Edited:
        """Frames that came so much later (or earlier)."""
        for record in self._chosen(frame, which):
            self._replace(record, at=record.at + seconds)
        return self

    def up(self, at: float, frame: str, serial: bytes = b"\0\0", **values: Any) -> Edited:
        """One more frame of the pile."""
        return self._insert(at, PILE, frame, serial, values)

    def down(self, at: float, frame: str, serial: bytes = b"\0\0", **values: Any) -> Edited:
        """One more frame of ours."""
        return self._insert(at, PLATFORM, frame, serial, values)

    def again(self, frame: str, seconds: float, which: int = 0) -> Edited:
        """A frame that comes a second time, so much later."""
        record = self.frames(frame)[which]
        self.records.append(msgspec.structs.replace(record, at=record.at + seconds))
        return self

    def add(self, records: Sequence[Record], seconds: float) -> Edited:
        """Records that come a second time, so much later."""
        self.records += [msgspec.structs.replace(record, at=record.at + seconds) for record in records]
        return self

    def damage(self, at: float, raw: bytes, reason: str) -> Edited:
        """Bytes of the pile that make no frame."""
        self.records.append(FrameSeen(0, at, PILE, raw, reason))
        return self

    def event(self, at: float, event: AnyEvent) -> Edited:
        """One more event."""
        self.records.append(EventSeen(0, at, event))
        return self

    def back(self, lost: float, login: float, reply: float = 0.0) -> Edited:
        """The connection is lost, and the pile logs in anew, as at first; our answer takes so long."""
        self.event(lost, LinkChanged("lost")).event(login, LinkChanged("connected"))
        return self.up(login, "login", **self.fields("login")).down(login + reply, "login_reply", login_result=0)

    def cut(self, until: float) -> Edited:
        """Nothing after a moment."""
        self.records = [record for record in self.records if record.at <= until]
        return self

    def _insert(self, at: float, sender: str, frame: str, serial: bytes, values: Mapping[str, Any]) -> Edited:
        known = {"pile_code": self.values("login").pile_code}
        named = {field.name for field in CATALOGUE.by_name(frame).fields}
        raw = CATALOGUE.encode(frame, {key: v for key, v in known.items() if key in named} | dict(values), serial)
        self.records.append(FrameSeen(0, at, sender, raw))
        return self

    def _replace(self, record: FrameSeen, **fields: Any) -> None:
        place = next(index for index, each in enumerate(self.records) if each is record)
        self.records[place] = msgspec.structs.replace(record, **fields)

    # What comes of it

    def journal(self) -> list[Record]:
        """The records in order of their moments, numbered anew."""
        ordered = sorted(self.records, key=lambda record: record.at)
        return [msgspec.structs.replace(record, n=n) for n, record in enumerate(ordered, 1)]

    def audit(self, *, strict: bool = False, times: bool = True) -> Audit:
        """What the auditor says of it."""
        return audit(self.journal(), strict=strict, times=times)


def good(case: str = "single_tariff", name: str = "demo", seed: int = 0, *, after: float = 0.0) -> Edited:
    """The session of a good pile that plays a case, and is only online for so long afterwards."""
    return Edited(recorded(case, name, seed, after))


def idle(seconds: float = 700.0, name: str = "demo") -> Edited:
    """The session of a good pile that is only online."""
    return Edited(resting(name, seconds))


def checks(found: Audit) -> set[str]:
    """The checks that found something."""
    return set(found.counts)


__all__ = ["ALL", "Edited", "checks", "good", "idle"]
