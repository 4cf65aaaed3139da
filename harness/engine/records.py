"""The records of a charge as they came, and what confirmed them."""

from __future__ import annotations

from harness.engine.view import Seen, View


def records_of(view: View) -> list[Seen]:
    """The records of the charge under its own serial, in order."""
    return [seen for seen in view.of_role("record") if view.from_pile(seen) and view.is_record(seen.message)]


def first_confirm(view: View, record: Seen) -> Seen | None:
    """The first confirmation of a record that left."""
    serial = view.language.serial(record.message)
    sent = view.sent("record_reply")
    return next((s for s in sent if s.n > record.n and view.language.serial(s.message) == serial), None)
