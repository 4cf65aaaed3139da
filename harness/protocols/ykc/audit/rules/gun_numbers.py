"""Gun numbers (3.3)."""

from __future__ import annotations

from typing import Any

from harness.core.fields import Bcd
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.audit.rule import MUST, SHOULD, Rule
from harness.protocols.ykc.audit.scene import Scene, Seen
from harness.protocols.ykc.audit.watcher import Watcher, hears

GUN_FRAMES = tuple(
    frame.name for frame in CATALOGUE if frame.sender == "pile" and isinstance(frame.by_name.get("gun_no"), Bcd)
)

GUN_BINARY = Rule(
    id="R-ID-2",
    check="gun_not_decimal",
    level=MUST,
    section="3.3",
    doubt="E-GUN",
    zh="{frame} 的枪号为 0x{got}，不是 BCD",
    en="{frame}: the gun number 0x{got} is no BCD",
    also=("digits_not_decimal",),
)
GUN_UNKNOWN = Rule(
    id="R-ID-2",
    check="gun_unknown",
    level=SHOULD,
    section="3.3",
    tolerance="a warning (E-GUN)",
    zh="{frame} 的枪号为 {got}，登录时说有 {count} 把枪",
    en="{frame}: gun number {got}, by its login the pile has {count}",
)


class GunNumbers(Watcher):
    """Every gun number of the pile, told once for each connection."""

    rules = (GUN_BINARY, GUN_UNKNOWN)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._known: set[str] = set()

    @hears("login")
    def login(self, seen: Seen) -> None:
        self._known.clear()

    @hears(*GUN_FRAMES)
    def frame(self, seen: Seen) -> None:
        number = seen.values.gun_no
        if number not in self._known:
            self._known.add(number)
            self._judge(number, seen)

    def _judge(self, number: str, seen: Seen) -> None:
        count = self.scene.pile.gun_count
        if not number.isdecimal():
            self._tell(GUN_BINARY, number, seen, "01 – 99")
        elif count is not None and not 1 <= int(number) <= count:
            self._tell(GUN_UNKNOWN, number, seen, f"01 – {count:02d}", count=count)

    def _tell(self, rule: Rule, number: str, seen: Seen, expected: str, **facts: Any) -> None:
        frame = seen.title
        self.scene.tell(
            rule,
            [seen.n],
            gun=number,
            expected=expected,
            seen=number,
            fields=("gun_no",),
            got=number,
            frame=frame,
            **facts,
        )


__all__ = ["GunNumbers"]
