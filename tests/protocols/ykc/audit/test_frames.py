"""Frames of types that a version has or has not."""

from __future__ import annotations

from tests.protocols.ykc.audit.edited import checks
from tests.protocols.ykc.audit.framing_sessions import SESSIONS


def test_a_pile_whose_login_nobody_saw_speaks_v1() -> None:
    assert "unknown_type" in checks(SESSIONS["unknown_type"].breaks().drop("login").audit())
