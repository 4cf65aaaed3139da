"""A fault as it is declared: what a vendor got wrong, and where it must be found out."""

from __future__ import annotations

from typing import Literal

import msgspec

from harness.sim.ykc.pile import Fault

Changes = Literal["behaviour", "arithmetic", "field"]


class KnownFault(msgspec.Struct, frozen=True, kw_only=True):
    """A fault: its function, one line of what a vendor got wrong, and who finds it.

    `case` is the scenario in which it is played, `found_by` the intended finder there: the code of a finding or a check
    of the auditor. `also` names the others that it may bring by its nature; nothing else may be found. `changes` says
    whether the pile behaves or counts otherwise, or only fills a field wrongly. `dialect` names an odd pile on which
    it is found, too.
    """

    name: str
    apply: Fault
    zh: str
    en: str
    case: str
    found_by: str
    also: tuple[str, ...] = ()
    changes: Changes = "behaviour"
    dialect: str = ""
