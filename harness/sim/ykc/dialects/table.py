"""All dialects by name."""

from __future__ import annotations

from difflib import get_close_matches

from harness.core.errors import PersonError
from harness.sim.ykc.dialects import charge, contact, framing, values
from harness.sim.ykc.dialects.known import Dialect

DIALECTS: dict[str, Dialect] = {
    dialect.name: dialect
    for group in (framing.DIALECTS, contact.DIALECTS, charge.DIALECTS, values.DIALECTS)
    for dialect in group
}


def dialect_named(name: str) -> Dialect:
    """The dialect of a name; an unknown one is an error that offers the nearest."""
    found = DIALECTS.get(name)
    if found is None:
        near = get_close_matches(name, DIALECTS, 1)
        hint = f"did you mean {near[0]}?" if near else "harness faults lists them"
        hint_zh = f"是否指 {near[0]}？" if near else "harness faults 列出全部"
        raise PersonError(f"there is no dialect named {name!r}; {hint}", f"没有名为 {name!r} 的方言；{hint_zh}")
    return found
