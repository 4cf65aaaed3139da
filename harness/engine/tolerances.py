"""How far off a pile may be: written in the case, stored with the run."""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field


class Tolerances(BaseModel):
    """Limits of the checks; a difference counts when it is above the limit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    energy_percent: Decimal = Field(
        default=Decimal(1), ge=0, description="energy, in percent; counts only above both this and energy_kwh"
    )
    energy_kwh: Decimal = Field(default=Decimal("0.02"), ge=0, description="energy, in kWh")
    rounding_kwh: Decimal = Field(default=Decimal("0.0001"), ge=0, description="differences from here on are a remark")
    amount: Decimal = Field(default=Decimal("0.01"), ge=0, description="an amount of money, in CNY")
    clock: float = Field(default=60, ge=0, description="times in the record, in seconds")

    def energy(self, value: Decimal) -> Decimal:
        """The energy difference that may stand at a value (E-SUM: above both 1 % and 0.02 kWh)."""
        return max(self.energy_kwh, abs(value) * self.energy_percent / 100)
