"""A dialect as it is declared: how a legal pile is unusual."""

from __future__ import annotations

import msgspec

from harness.sim.ykc.pile import Fault


class Dialect(msgspec.Struct, frozen=True, kw_only=True):
    """An unusual pile that keeps the rules: its function, one line of what is unusual, and the pile it is tried on.

    `also` names the checks of the auditor that say something of it (a should or a remark) all the same.
    """

    name: str
    apply: Fault
    zh: str
    en: str
    profile: str = "demo"
    also: tuple[str, ...] = ()
