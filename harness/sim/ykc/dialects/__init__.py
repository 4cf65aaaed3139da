"""Named dialects: piles that keep every rule and are unusual all the same. None may fail a case or break a must."""

from harness.sim.ykc.dialects.known import Dialect
from harness.sim.ykc.dialects.table import DIALECTS, dialect_named

__all__ = ["DIALECTS", "Dialect", "dialect_named"]
