"""The auditor of one pile: hands each record to the facts, then to the watchers that want it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from harness.core.auditing import Audit, AuditFinding
from harness.core.journal import GONE, PILE, EventSeen, FrameSeen, LinkChanged, LoopLate, Record
from harness.core.message import Message
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.audit.learning import learn
from harness.protocols.ykc.audit.rules import WATCHERS
from harness.protocols.ykc.audit.scene import Scene, Seen
from harness.protocols.ykc.audit.watcher import DAMAGE, EVERY_FRAME

RULES_VERSION = "2026.3"

Call = Callable[[Any], None]


class PileAuditor:
    """Hears the session of one pile record by record; see core/auditing.py.

    `strict` judges what the document leaves in doubt as it is written; without `times` no time limit is judged.
    """

    def __init__(self, *, strict: bool = False, times: bool = True) -> None:
        self.scene = Scene(strict=strict, times=times)
        self.frames = 0
        self._names: set[str] = set()
        self._calls: dict[object, tuple[Call, ...]] = {}
        self._watchers = [watcher(self.scene) for watcher in WATCHERS]
        for watcher in self._watchers:
            for what, method in watcher.methods():
                self._calls[what] = (*self._calls.get(what, ()), method)
        self._every = self._calls.get(EVERY_FRAME, ())

    def see(self, record: Record, read: Message | None = None) -> tuple[AuditFinding, ...]:
        """One more record; gives the findings it brought to light. `read` is what its frame says, if known."""
        scene = self.scene
        told = len(scene.findings)
        if isinstance(record, EventSeen) and isinstance(record.event, LoopLate):
            scene.late(record.at, record.event.seconds, record.n)
        scene.ring(record.at, record.n)
        scene.n, scene.message = record.n, None
        if isinstance(record, FrameSeen):
            self._frame(record, read)
        else:
            self._event(record)
        return tuple(scene.findings[told:])

    def result(self) -> Audit:
        """Everything by now; what is still owed is not judged."""
        scene = self.scene
        return Audit(
            findings=tuple(scene.findings),
            counts=dict(scene.counts),
            not_judged=scene.not_judged(),
            frames=self.frames,
            strict=scene.strict,
            rules=RULES_VERSION,
        )

    def looked_at(self) -> frozenset[str]:
        """The rules that had something to look at, by their ids."""
        return frozenset(rule.id for watcher in WATCHERS if watcher.could_look(self._names) for rule in watcher.rules)

    def _frame(self, record: FrameSeen, read: Message | None) -> None:
        self.frames += 1
        up = record.sender == PILE
        if up:
            self.scene.spoke()
        message = None if record.damage else read or CATALOGUE.read(record.raw)
        if not isinstance(message, Message):
            if up:
                self._call(DAMAGE, record)
            return
        seen = Seen(record.n, record.at, up, message)
        self._names.add(message.name)
        self.scene.message = message
        if up and message.name == "heartbeat":
            self.scene.beat()
        ours = message.sender == record.sender and (not up or self._is_ours(message))
        if ours:
            learn(self.scene.pile, seen)
        for call in self._every:
            call(seen)
        if not ours:
            return  # it tells nothing of this pile's guns (R-ID-1, R-FR-5)
        for call in self._calls.get(message.name, ()):
            call(seen)

    def _is_ours(self, message: Message) -> bool:
        """Does the frame carry the code of the pile that is audited? The first code that is heard is."""
        pile = self.scene.pile
        code = getattr(message.values, "pile_code", pile.code)
        pile.code = pile.code or code
        return bool(code == pile.code)

    def _event(self, record: EventSeen) -> None:
        event = record.event
        self.scene.pile.happened(record)
        if isinstance(event, LinkChanged) and event.what in GONE:
            self.scene.disconnected()
        self._call(type(event), event)

    def _call(self, what: object, argument: object) -> None:
        for call in self._calls.get(what, ()):
            call(argument)


def audit(records: Iterable[Record], *, strict: bool = False, times: bool = True) -> Audit:
    """The audit of a pile's whole session, or of the part of it that a journal holds."""
    auditor = PileAuditor(strict=strict, times=times)
    for record in records:
        auditor.see(record)
    return auditor.result()


__all__ = ["RULES_VERSION", "PileAuditor", "audit"]
