"""What a person types to a simulated pile: plug, unplug, swipe CARD, vin, press, release, screen, status, quit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from harness.core.errors import PersonError
from harness.core.pairs import Pair

HELP = (
    "plug [枪] 插枪, unplug [枪] 拔枪, swipe [卡号] [枪] 刷卡, vin [枪] 用 VIN 启动, press 拍急停, release 松急停,\n"
    "screen [枪] [文件] 把屏幕存为图片, status 状态, quit 退出",
    "plug [GUN], unplug [GUN], swipe [CARD] [GUN], vin [GUN], press and release (the emergency stop),\n"
    "screen [GUN] [FILE] (keep it as a picture), status, quit",
)
KEYS = {
    "p": "plug",
    "u": "unplug",
    "s": "swipe",
    "v": "vin",
    "e": "press",
    "r": "release",
    "w": "screen",
    "i": "status",
    "q": "quit",
}
QUIT = ("再见", "bye")
FAILURES: dict[str, Pair] = {
    "unresolved": ("找不到主机 {host}", "the host {host} cannot be found"),
    "refused": ("{host} 端口 {port} 拒绝连接，平台没有在运行", "{host} port {port} refuses: no platform runs there"),
    "timeout": ("{host} 端口 {port} 没有回应", "{host} port {port} does not answer"),
    "unreachable": ("到不了 {host}，请检查网络", "{host} cannot be reached; check the network"),
}
STATES = {
    "idle": "空闲",
    "grace": "等待插枪",
    "asking": "申请启动",
    "confirming": "等待用户确认",
    "starting": "启动中",
    "charging": "充电中",
    "stopping": "停止中",
}


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

    def screen_picture(self, gun: str, now: float | None = None) -> bytes: ...


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


def _screen(pile: SimulatedPile, words: list[str], now: float, card: str) -> Pair:
    gun = _gun(pile, words)
    path = Path(words[1] if len(words) > 1 else f"screen-{gun}.png")
    picture = pile.screen_picture(gun, now)
    try:
        path.write_bytes(picture)
    except OSError as error:
        return f"{path}：无法写入（{error.strerror}）", f"{path}: cannot be written ({error.strerror})"
    return f"{gun} 号枪的屏幕已存为 {path}", f"the screen of gun {gun} is kept as {path}"


def _status(pile: SimulatedPile, words: list[str], now: float, card: str) -> Pair:
    return status(pile)


def status(pile: SimulatedPile) -> Pair:
    """How the pile and its guns stand, in a sentence."""
    guns = [(gun.number, gun.plugged, gun.state) for gun in pile.guns.values()]
    zh = [f"{n} 号枪{'已插' if plugged else '未插'}，{STATES.get(state, state)}" for n, plugged, state in guns]
    en = [f"gun {n} {'plugged' if plugged else 'unplugged'}, {state}" for n, plugged, state in guns]
    online = ("在线", "online") if pile.online else ("离线", "offline")
    return "；".join([online[0], *zh]), "; ".join([online[1], *en])


def why_offline(host: str, port: int, why: str) -> Pair:
    """Why nobody answers, and that it goes on trying; `why` is one of FAILURES or what the system says."""
    zh, en = FAILURES.get(why, ("{host} 端口 {port} 连不上：{why}", "no connection to {host} port {port}: {why}"))
    facts = {"host": host, "port": port, "why": why}
    return f"{zh.format_map(facts)}；会一直重试", f"{en.format_map(facts)}; trying again"


Command = Callable[[SimulatedPile, list[str], float, str], Pair]
_COMMANDS: dict[str, Command] = {
    "plug": lambda pile, words, now, card: pile.plug(_gun(pile, words), now),
    "unplug": lambda pile, words, now, card: pile.unplug(_gun(pile, words), now),
    "swipe": _swipe,
    "vin": lambda pile, words, now, card: pile.start_by_vin(_gun(pile, words), now),
    "press": lambda pile, words, now, card: pile.press_estop(now),
    "release": lambda pile, words, now, card: pile.release_estop(now),
    "screen": _screen,
    "status": _status,
    "help": lambda pile, words, now, card: HELP,
}
