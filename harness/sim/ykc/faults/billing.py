"""What goes wrong with transaction records."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from harness.core.amounts import rounded
from harness.sim.ykc.pile import Pile
from harness.sim.ykc.states import STOPPED_BY_HAND
from harness.sim.ykc.tariff import LABELS

LATE = 45.0


def record_late(pile: Pile) -> None:
    pile.habits.record_delay = LATE


def record_missing(pile: Pile) -> None:
    pile.habits.change("transaction_record", lambda values: None)


def wrong_total(pile: Pile) -> None:
    def swollen(values: dict[str, Any]) -> dict[str, Any]:
        more = rounded(values["total_energy"] * Decimal("0.05") + Decimal("0.05"))
        return values | {
            "total_energy": values["total_energy"] + more,
            "total_loss_energy": values["total_loss_energy"] + more,
        }

    pile.habits.change("transaction_record", swollen)


def wrong_split(pile: Pile) -> None:
    def moved(values: dict[str, Any]) -> dict[str, Any]:
        most = max(LABELS, key=lambda label: values[f"{label}_energy"])
        other = LABELS[(LABELS.index(most) + 1) % len(LABELS)]
        part = rounded(values[f"{most}_energy"] * Decimal("0.3"))
        said = _shifted(_shifted(values, most, -part), other, part)
        return said | {"total_amount": sum(said[f"{label}_amount"] for label in LABELS)}

    pile.habits.change("transaction_record", moved)


def _shifted(values: dict[str, Any], label: str, energy: Decimal) -> dict[str, Any]:
    """One price's part of a record with so much more energy, and what that costs."""
    loss_energy = values[f"{label}_loss_energy"] + energy
    return values | {
        f"{label}_energy": values[f"{label}_energy"] + energy,
        f"{label}_loss_energy": loss_energy,
        f"{label}_amount": rounded(loss_energy * values[f"{label}_unit_price"]),
    }


def wrong_stop_reason(pile: Pile) -> None:
    pile.habits.change("transaction_record", lambda values: values | {"stop_reason": STOPPED_BY_HAND})


def wrong_transaction_serial(pile: Pile) -> None:
    pile.habits.record_serial = lambda serial: f"{(int(serial) + 1) % 10**32:032d}"
