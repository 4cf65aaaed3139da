"""What a person types to a simulated pile: plug, unplug, swipe CARD, vin, press, release, status, quit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from harness.core.errors import PersonError

Pair = tuple[str, str]

HELP = (
    "plug [枪], unplug [枪], swipe 卡号 [枪], vin [枪], press, release, status, quit",
    "plug [GUN], unplug [GUN], swipe CARD [GUN], vin [GUN], press, release, status, quit",
)
KEYS = {"p": "plug", "u": "unplug", "s": "swipe", "v": "vin", "e": "press", "r": "release", "i": "status", "q": "quit"}
QUIT = ("再见", "bye")


class SimulatedPile(Protocol):
    """What a simulated pile lets a person do."""

    @property
    def online(self) -> bool: ...

    @property
    def guns(self) -> Mapping[str, Any]: ...

    def plug(self, gun: str, now: float) -> Pair: ...

    def unplug(self, gun: str, now: float) -> Pair: ...

    def swipe(self, card: str, gun: str, now: float) -> Pair: ...

    def start_by_vin(self, gun: str, now: float) -> Pair: ...

    def press_estop(self, now: float) -> Pair: ...

    def release_estop(self, now: float) -> Pair: ...


def perform(pile: SimulatedPile, line: str, now: float, card: str = "") -> Pair | None:
    """Do what a line says and give the sentence to show; None for quit. `card` is swiped when none is named."""
    words = line.split()
    if not words:
        return HELP
    word = KEYS.get(words[0].lower(), words[0].lower())
    if word in ("quit", "exit"):
        return None
    command = _COMMANDS.get(word)
    if command is None:
        return f"不明白 '{line.strip()}'。{HELP[0]}", f"what is '{line.strip()}'? {HELP[1]}"
    try:
        return command(pile, words[1:], now, card)
    except PersonError as error:
        return error.text_zh, error.text


def _gun(pile: SimulatedPile, words: list[str]) -> str:
    """The gun that was named, or the first."""
    return words[0].zfill(2) if words else next(iter(pile.guns))


def _swipe(pile: SimulatedPile, words: list[str], now: float, card: str) -> Pair:
    number, rest = (words[0], words[1:]) if words else (card, [])
    if not number:
        return "刷哪张卡？swipe 卡号 [枪]", "which card? swipe CARD [GUN]"
    return pile.swipe(number, _gun(pile, rest), now)


def _status(pile: SimulatedPile, words: list[str], now: float, card: str) -> Pair:
    zh = [f"{gun.number} 号枪 {'已插' if gun.plugged else '未插'} {gun.state}" for gun in pile.guns.values()]
    en = [f"gun {gun.number} {'plugged' if gun.plugged else 'unplugged'} {gun.state}" for gun in pile.guns.values()]
    online = ("在线", "online") if pile.online else ("离线", "offline")
    return "；".join([online[0], *zh]), "; ".join([online[1], *en])


Command = Callable[[SimulatedPile, list[str], float, str], Pair]
_COMMANDS: dict[str, Command] = {
    "plug": lambda pile, words, now, card: pile.plug(_gun(pile, words), now),
    "unplug": lambda pile, words, now, card: pile.unplug(_gun(pile, words), now),
    "swipe": _swipe,
    "vin": lambda pile, words, now, card: pile.start_by_vin(_gun(pile, words), now),
    "press": lambda pile, words, now, card: pile.press_estop(now),
    "release": lambda pile, words, now, card: pile.release_estop(now),
    "status": _status,
    "help": lambda pile, words, now, card: HELP,
}
