"""How faults and dialects change a pile: small ways to do something else than a plain pile does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from harness.core.amounts import rounded
from harness.sim.ykc.pile import Pile
from harness.sim.ykc.tariff import LABELS

Values = dict[str, Any]
Do = Callable[[float], None]

PART_ENERGIES = tuple(f"{label}_{kind}" for label in LABELS for kind in ("energy", "loss_energy"))
RECORD_ENERGIES = (*PART_ENERGIES, "total_energy", "total_loss_energy")
REPORT_ENERGIES = ("energy", "loss_energy")


def after(pile: Pile, seconds: float, name: str, do: Do) -> None:
    """Do something in a while; what the name meant before is forgotten."""
    pile.agenda.set(name, pile.now + seconds, do)


def every(pile: Pile, seconds: float, name: str, do: Do) -> None:
    """Do something again and again."""

    def again(now: float) -> None:
        after(pile, seconds, name, again)
        do(now)

    after(pile, seconds, name, again)


def never(pile: Pile, *frames: str) -> None:
    """These frames are not sent."""
    for frame in frames:
        pile.habits.change(frame, lambda values: None)


def always(pile: Pile, frame: str, **values: Any) -> None:
    """A frame carries these values."""
    pile.habits.change(frame, lambda said: said | values)


def utter(pile: Pile, frame: str, values: Values, serial: bytes | None = None) -> None:
    """Send a frame past all habits, if anybody is there."""
    session = pile.contact.session
    if session is not None and not session.closed:
        session.send(frame, {"pile_code": pile.profile.pile_code, **values}, serial)


def deaf(pile: Pile, frame: str) -> None:
    """A frame of the platform is heard and not heeded."""
    pile.habits.listen(frame, lambda message, now: False)


def scaled(values: Values, names: Iterable[str], factor: Decimal) -> Values:
    """The same values, some of them multiplied."""
    return values | {name: rounded(values[name] * factor) for name in names if name in values}


def priced(values: Values) -> Values:
    """A record whose amounts follow from its loss energies and unit prices."""
    for label in LABELS:
        values[f"{label}_amount"] = rounded(values[f"{label}_loss_energy"] * values[f"{label}_unit_price"])
    return values | {"total_amount": sum(values[f"{label}_amount"] for label in LABELS)}
