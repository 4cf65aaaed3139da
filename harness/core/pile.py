"""What is declared about a pile before it ever connects."""

from __future__ import annotations

import msgspec


class Items(msgspec.Struct, frozen=True, kw_only=True):
    """Which items the registrant declares; a case whose item is not declared is NOT_APPLICABLE."""

    scan: bool = True
    card: str = ""  # physical card number, hex
    vin: str = ""
    reboot: bool = False
    upgrade: bool = False
    qr: bool = False

    def declared(self) -> frozenset[str]:
        """The names of the declared items."""
        return frozenset(name for name in self.__struct_fields__ if getattr(self, name))


class PileProfile(msgspec.Struct, frozen=True, kw_only=True):
    """One registered pile: its code, what it is, and what it declares; kind is "dc" or "ac"."""

    pile_code: str
    model: str
    kind: str
    power_kw: int
    guns: int
    protocol_version: str = "1.6"
    program_version: str = ""
    mainboard_maker: str = ""
    items: Items = Items()
    qr_dialect: str = "5A"  # 5A, F0 or none
    site: str = "live"  # bench or live: where it stands (safety.py)

    def gun_numbers(self) -> tuple[str, ...]:
        """The gun numbers as the wire writes them: 01, 02 ..."""
        return tuple(f"{number:02d}" for number in range(1, self.guns + 1))

    def gun_beside(self, gun_no: str) -> str:
        """The next gun, after the last one the first; "" when there is no other."""
        numbers = self.gun_numbers()
        if gun_no not in numbers or len(numbers) < 2:
            return ""
        return numbers[(numbers.index(gun_no) + 1) % len(numbers)]
