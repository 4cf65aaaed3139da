"""All dialects by name."""

from __future__ import annotations

from harness.sim.ykc.dialects import charge, contact, framing, values
from harness.sim.ykc.dialects.known import Dialect
from harness.sim.ykc.named import named

DIALECTS: dict[str, Dialect] = {
    dialect.name: dialect
    for group in (framing.DIALECTS, contact.DIALECTS, charge.DIALECTS, values.DIALECTS)
    for dialect in group
}


def dialect_named(name: str) -> Dialect:
    """The dialect of a name; an unknown one is an error that offers the nearest."""
    return named(DIALECTS, name, ("方言", "dialect"))
