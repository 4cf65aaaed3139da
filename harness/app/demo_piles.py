"""The simulated piles of the demo: buttons for people, and hands that do by themselves what the desk asks."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from harness.app.desk.crossing import Cross
from harness.app.desk.opening import Ground
from harness.app.virtual_pile import VirtualPile
from harness.console.simulate import STATES
from harness.core.errors import PersonError
from harness.core.pairs import Pair
from harness.core.pile import PileProfile
from harness.sim.ykc.upgrade import make_firmware
from harness.store.desk import models
from web.services import GunPanel, Panel

MOST = 8
DEFAULT_CARD = "32095DF0"
HELLO: Pair = ("桩已上电", "The pile has power")
DARK: Pair = ("桩没有电，屏幕和读卡器都不亮", "The pile has no power; screen and card reader are dark")
OUT_OF_REACH = ("swipe", "vin")  # need power


class PanelPile:
    """One simulated pile as somebody stands before it; lives in the reactor thread."""

    def __init__(self, virtual: VirtualPile) -> None:
        self.virtual = virtual
        self.helpful = False
        self.said = HELLO

    def press(self, button: str, gun: str, card: str) -> None:
        """Do what a button says; the pile's sentence is kept."""
        pile, now = self.virtual.pile, self.virtual.now()
        if not pile.powered and button in OUT_OF_REACH:
            self.said = DARK
            return
        acts: dict[str, Callable[[], Pair]] = {
            "plug": lambda: pile.plug(gun, now),
            "unplug": lambda: pile.unplug(gun, now),
            "swipe": lambda: pile.swipe(card or self.card, gun, now),
            "vin": lambda: pile.start_by_vin(gun, now),
            "estop": lambda: pile.press_estop(now),
            "release": lambda: pile.release_estop(now),
            "power": lambda: pile.cut_power(now) if pile.powered else pile.restore_power(now),
        }
        try:
            self.said = acts[button]()
        except PersonError as error:
            self.said = (error.text_zh, error.text)
        self.virtual.settle()

    @property
    def card(self) -> str:
        """The card in the hand of whoever stands there."""
        return self.virtual.profile.items.card or DEFAULT_CARD

    def panel(self) -> Panel:
        """What can be seen from outside."""
        pile = self.virtual.pile
        return Panel(
            pile_code=pile.profile.pile_code,
            model=pile.profile.model,
            online=pile.online,
            powered=pile.powered,
            estop=pile.estop,
            helpful=self.helpful,
            card=self.card,
            guns=tuple(
                GunPanel(number=gun.number, plugged=gun.plugged, state=(STATES[gun.state], gun.state))
                for gun in pile.guns.values()
            ),
            said=self.said,
        )


class DemoPiles:
    """All simulated piles of the demo; views call from their threads, `cross` brings each call to the reactor."""

    def __init__(
        self, make: Callable[[PileProfile], VirtualPile], known: Callable[[str], PileProfile], cross: Cross
    ) -> None:
        self._make = make
        self._known = known
        self._cross = cross
        self.piles: dict[str, PanelPile] = {}

    def codes(self) -> tuple[str, ...]:
        """The pile codes of those that are there."""
        return tuple(self.piles)

    def set_up(self, pile_code: str) -> None:
        """Another simulated pile that logs in with this code, built as its model was registered."""
        if len(pile_code) != 14 or not (pile_code.isascii() and pile_code.isdigit()):
            raise PersonError(
                f"A pile code has 14 digits; {pile_code!r} has not.", f"桩编码是 14 位数字，“{pile_code}”不是。"
            )
        if len(self.piles) >= MOST and pile_code not in self.piles:
            raise PersonError(f"There is room for {MOST} simulated piles here.", f"这里最多 {MOST} 个模拟桩。")
        profile = self._known(pile_code)
        self._cross(lambda: self.add(profile))

    def add(self, profile: PileProfile) -> PanelPile:
        """Switch a pile on; one that is there already is built anew. In the reactor thread."""
        before = self.piles.pop(profile.pile_code, None)
        if before is not None:
            before.virtual.power_off()
        pile = self.piles[profile.pile_code] = PanelPile(self._make(profile))
        pile.virtual.power_on()
        return pile

    def panel(self, pile_code: str) -> Panel:
        """What can be seen from outside."""
        return self._cross(lambda: self.piles[pile_code].panel())

    def press(self, pile_code: str, button: str, gun: str, card: str = "") -> None:
        """Somebody acts at a pile."""
        self._cross(lambda: self.piles[pile_code].press(button, gun, card))

    def set_helpful(self, pile_code: str, on: bool) -> None:
        """Let a pile do by itself what the desk asks of people, or not."""

        def switch() -> None:
            self.piles[pile_code].helpful = on

        self._cross(switch)

    def screen(self, pile_code: str, gun: str) -> bytes:
        """What the screen of a gun shows, as PNG."""
        return self._cross(
            lambda: self.piles[pile_code].virtual.hands.picture(gun, self.piles[pile_code].virtual.now())
        )

    def firmware(self, version: str) -> bytes:
        """A firmware file for simulated piles."""
        return make_firmware(version)

    def close(self) -> None:
        """All piles go. In the reactor thread."""
        while self.piles:
            self.piles.popitem()[1].virtual.power_off()


def piles_on(ground: Ground, otherwise: PileProfile, seed: int = 1) -> DemoPiles:
    """Simulated piles on an open desk, built as their models were registered; an unknown code gets `otherwise`."""
    station = ground.station

    def make(profile: PileProfile) -> VirtualPile:
        port = station.link.address[1]
        return VirtualPile(profile, station.clock, "127.0.0.1", port, seed, (), station.timezone)

    def known(pile_code: str) -> PileProfile:
        model = models.of_pile(station.engine, pile_code)
        return replace(otherwise, pile_code=pile_code) if model is None else model.profile()

    return DemoPiles(make, known, ground.cross)
