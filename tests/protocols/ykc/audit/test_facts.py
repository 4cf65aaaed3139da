"""What the auditor knows of a pile."""

from __future__ import annotations

import msgspec

from harness.core.journal import EventSeen, Opened
from harness.protocols.ykc.audit import audit
from tests.protocols.ykc.audit.edited import checks, good


def test_a_journal_that_names_its_pile_and_no_more_is_audited_all_the_same() -> None:
    session = good("single_tariff")
    first = session.records[0]
    assert isinstance(first, EventSeen)
    assert isinstance(first.event, Opened)
    bare = msgspec.structs.replace(first.event, profile={"pile_code": first.event.profile["pile_code"]})
    records = [msgspec.structs.replace(first, event=bare), *session.records[1:]]
    assert checks(audit(records)) == set()
