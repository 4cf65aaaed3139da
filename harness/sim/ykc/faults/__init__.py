"""Named misbehaviours: what vendors get wrong, one function each, and which case finds it out.

A fault changes habits or what is about to be said, before anything is encoded; nothing on the wire tells that one is
on.
"""

from harness.sim.ykc.faults.table import FAULTS, KnownFault, fault_named

__all__ = ["FAULTS", "KnownFault", "fault_named"]
