"""`harness simulate`: one simulated pile that does what is typed."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path

from harness.app.plan import host_and_port
from harness.app.virtual_pile import VirtualPile
from harness.console.simulate import HELP, QUIT, perform, status, why_offline
from harness.core.errors import PersonError
from harness.core.pairs import Pair
from harness.links.reactor import loop, reactor
from harness.links.reactor_clock import reactor_clock
from harness.profiles import load_profile
from harness.sim.ykc.faults import changes

LOOK_EVERY = 1.0


def simulate(args: argparse.Namespace, timezone: str) -> int:
    """Run one pile until quit, SIGINT or SIGTERM."""
    host, port = host_and_port(args.connect, "--connect")
    if not host:
        raise PersonError(
            f"--connect {args.connect}: give HOST:PORT, such as 127.0.0.1:5456",
            f"--connect {args.connect}：请按 地址:端口 填写，如 127.0.0.1:5456",
        )
    profile = load_profile(Path(args.pile))
    changes(args.dialect, args.fault)
    clock = reactor_clock(loop)
    offline = Offline(host, port)
    pile = VirtualPile(profile, clock, host, port, args.seed, args.fault, timezone, args.dialect, offline.failed)
    Shell(pile, profile.items.card, offline).begin()
    reactor.run(installSignalHandlers=False)
    pile.power_off()
    clock.close()
    return 0


class Offline:
    """Says why there is no connection: each reason once as long as it lasts."""

    def __init__(self, host: str, port: int) -> None:
        self._address = host, port
        self._told = ""

    def failed(self, why: str) -> None:
        """A connection was not made."""
        if why != self._told:
            self._told = why
            print("\n".join(why_offline(*self._address, why)), flush=True)

    def over(self) -> None:
        """There is a connection again: what comes after it is news."""
        self._told = ""


class Shell:
    """Typed lines to the pile, its sentences back."""

    def __init__(self, pile: VirtualPile, card: str, offline: Offline) -> None:
        self._pile = pile
        self._offline = offline
        self._card = card
        self._told: Pair | None = None

    def begin(self) -> None:
        """Power on and listen to the keyboard; a keyboard that is not there ends nothing."""
        print("\n".join(HELP), flush=True)
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, reactor.stop)
        self._pile.power_on()
        self._look()
        threading.Thread(target=self._read, name="keyboard", daemon=True).start()

    def _read(self) -> None:
        for line in sys.stdin:
            reactor.callFromThread(self._typed, line)

    def _typed(self, line: str) -> None:
        said = perform(self._pile.pile, line, self._pile.now(), self._card)
        self._pile.settle()
        words = said if said is not None else QUIT
        print(("\n" if "\n" in words[0] else " / ").join(words), flush=True)
        if said is None:
            reactor.stop()

    def _look(self) -> None:
        """Say when the pile goes online or offline, or one of its guns changes."""
        now = status(self._pile.pile)
        if self._pile.pile.online:
            self._offline.over()
        if now != self._told:
            self._told = now
            print(" / ".join(now), flush=True)
        reactor.callLater(LOOK_EVERY, self._look)
