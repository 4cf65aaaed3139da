"""Named misbehaviours: what vendors get wrong, one function each, and which case and finding tell it.

A fault changes habits, what is about to be said or the bytes that leave; nothing on the wire tells that one is on.
"""

from harness.sim.ykc.faults.known import KnownFault
from harness.sim.ykc.faults.table import FAULTS, changes, fault_named

__all__ = ["FAULTS", "KnownFault", "changes", "fault_named"]
