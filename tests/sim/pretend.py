"""A platform that says only what a test tells it to, and hears all that a simulated pile says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from harness.core.message import Message
from harness.core.pile import PileProfile
from harness.data import data_root
from harness.profiles import load_profile
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.framing import Framer, RawFrame
from harness.sim.ykc.pile import Fault, Pile
from harness.sim.ykc.upgrade import Fetch

TEN = datetime(2026, 4, 17, 10, 0, 0)
SERIAL = "32010600019236012604171000000001"
CARD = "32095DF0"
VIN = "LNA001PD800186429"
FEES = {
    "sharp_energy_price": "1.20000",
    "sharp_service_price": "0.40000",
    "peak_energy_price": "1.00000",
    "peak_service_price": "0.35000",
    "flat_energy_price": "0.80000",
    "flat_service_price": "0.30000",
    "valley_energy_price": "0.40000",
    "valley_service_price": "0.25000",
}


def profile(name: str) -> PileProfile:
    return load_profile(data_root() / "fixtures" / "piles" / f"{name}.yaml")


def firmware_file() -> Path:
    return data_root() / "fixtures" / "firmware" / "demo-V2.0.1.bin"


class Beside:
    """A simulated pile on a wire that ends in this object. Time is what the test says."""

    def __init__(
        self, name: str = "demo", *, seed: int = 1, fetch: Fetch | None = None, faults: Iterable[Fault] = ()
    ) -> None:
        self.now = 100.0
        self.dials: list[float] = []
        self.said: list[tuple[float, Message]] = []
        self.closed = False
        self.answers_heartbeats = True
        self.answers_records = True
        given = {} if fetch is None else {"fetch": fetch}
        self.pile = Pile(
            profile(name),
            now=self.now,
            local_time=TEN,
            seed=seed,
            dial=lambda: self.dials.append(self.now),
            faults=faults,
            **given,  # type: ignore[arg-type]
        )
        self.pile.start(self.now)

    def connect(self) -> None:
        self.closed = False
        self._framer = Framer()
        self.session = self.pile.connected(self._hear, self._close, self.now)

    def lose(self) -> None:
        """The line is down."""
        self.session.lost(self.now)

    def logged_in(self) -> Beside:
        """Connected, logged in, billing model given."""
        self.connect()
        self.tell("login_reply", login_result=0)
        self.tell("billing_model_verify_reply", verify_result=1)
        self.give_model()
        return self

    def give_model(self, frame: str = "billing_model_request_reply", number: str = "0100", **other: Any) -> None:
        slots = [{"tariff_no": index % 4} for index in range(48)]
        self.tell(frame, **{"billing_model_no": number, "tariff_slots": slots, **FEES, **other})

    def start(self, gun: str = "01", serial: str = SERIAL, card: str = CARD) -> None:
        self.tell("remote_start", gun_no=gun, transaction_serial=serial, physical_card_no=card)

    def tell(self, frame: str, serial: bytes = b"\x07\x00", **values: Any) -> None:
        if "pile_code" in CATALOGUE.by_name(frame).by_name:
            values = {"pile_code": self.pile.profile.pile_code, **values}
        self.session.receive(CATALOGUE.encode(frame, values, serial), self.now)

    def wait(self, seconds: float) -> None:
        end = self.now + seconds
        while (due := self.pile.next_deadline()) is not None and due <= end:
            self.now = max(self.now, due)
            self.pile.wake(self.now)
        self.now = end
        self.pile.wake(end)

    def heard(self, name: str) -> list[Any]:
        """The values of all frames of a name, in order."""
        return [message.values for _, message in self.said if message.name == name]

    def times(self, name: str) -> list[float]:
        return [at for at, message in self.said if message.name == name]

    def last(self, name: str) -> Any:
        return self.heard(name)[-1]

    def forget(self) -> None:
        self.said.clear()

    def _hear(self, data: bytes) -> None:
        for frame in self._framer.feed(data, self.now):
            assert isinstance(frame, RawFrame)
            message = CATALOGUE.message(frame)
            assert isinstance(message, Message)
            self.said.append((self.now, message))
            if message.name == "heartbeat" and self.answers_heartbeats:
                self.tell("heartbeat_reply", message.serial, gun_no=message.values.gun_no)
            if message.name == "transaction_record" and self.answers_records:
                self.tell(
                    "transaction_record_confirm", message.serial, transaction_serial=message.values.transaction_serial
                )

    def _close(self) -> None:
        self.closed = True
