"""What a run may ask of its surroundings. Protocols and links give it, app hands it to the Run, the tabletop to
tests.

`Language` is pure: it tells what messages mean, so that a stored journal can be judged again. `Bench` is live: one
gun of one pile as a run holds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol

import msgspec

from harness.core.amounts import Bill, Reading, Tariff
from harness.core.auditing import Audit, Auditor
from harness.core.journal import Record
from harness.core.message import Damage, Message
from harness.core.mischief import Mischief
from harness.core.operator import Answer, Firmware
from harness.core.pile import PileProfile


class Heard(msgspec.Struct, frozen=True):
    """A message of the pile as a run hears it: with its number in the run's journal."""

    n: int
    message: Message


class QrPush(msgspec.Struct, frozen=True):
    """How the QR code of a gun is set in the pile's dialect: what to send and which reply answers it."""

    frame: str
    values: Mapping[str, Any]
    reply: str


Garbled = Literal["", "cut", "decimal"]  # a number of which a part is missing, or one that was converted to decimal


class FieldPlace(NamedTuple):
    """A field, and from which byte of the whole frame up to which it stands."""

    field: str
    start: int
    end: int


# What a finding may cite that is no field of its own: `Language.places` knows where it stands in a frame.
PLACE_WORDS = (
    "serial",
    "result",
    "status",
    "flow",
    "energy",
    "energies",
    "amounts",
    "stop_reason",
    "trade_flag",
    "start_time",
    "end_time",
    "card",
    "vin",
    "qr",
    "version",
    "estop",
    "plugged",
    "time",
    "prices",
)


class Differing(NamedTuple):
    """A field that two frames fill differently, and what each of them says there, zh and en."""

    field: str
    one: tuple[str, str]
    other: tuple[str, str]


class Offer(msgspec.Struct, frozen=True):
    """Where the pile may fetch its firmware, once: lengths fit the update frame."""

    host: str
    port: int
    user: str
    password: str
    path: str
    size: int


class Language(Protocol):
    """What a protocol tells about its own messages, to an engine that knows none of them.

    Roles (`role`): start, start_reply, stop, stop_reply, read_request, reading, record, record_reply, ask_start (card
    or VIN at the pile), ask_start_reply, time, time_reply, reboot, reboot_reply, update, update_reply, login,
    login_reply, heartbeat, heartbeat_reply, tariff, tariff_reply, tariff_request, qr, qr_reply; "" for all others.
    """

    def read(self, raw: bytes) -> Message | Damage:
        """Bytes of one frame as a message."""

    def has_frame(self, name: str) -> bool:
        """Is there a frame of this name?"""

    def field_names(self, frame: str) -> tuple[str, ...]:
        """The fields of a frame, in order."""

    def unfit(self, frame: str, field: str, value: Any) -> tuple[str, str]:
        """Why a value as a person wrote it cannot stand in a field, zh and en; both "" when it can."""

    def title(self, frame: str) -> tuple[str, str]:
        """The name of a frame for people, zh and en."""

    def role(self, frame: str) -> str:
        """The role of a frame, see above."""

    def frame_of(self, role: str) -> str:
        """The frame we send in a role."""

    def section(self, frame: str) -> str:
        """The section of the document that describes a frame, as §8.7; "" when it has none."""

    def places(self, message: Message, name: str) -> Sequence[FieldPlace]:
        """Where in the whole frame a field stands, or all that a word of PLACE_WORDS means; empty when it has none."""

    def differing(self, one: Message, other: Message) -> Iterable[Differing]:
        """The fields in which a frame that is sent again is not what it was; what may rightly change is left out."""

    def gun(self, message: Message) -> str:
        """The gun a message names; "" when it names none."""

    def names_gun(self, frame: str) -> bool:
        """Does a frame of this name say which gun it is about?"""

    def serial(self, message: Message) -> str:
        """The transaction serial a message carries; "" when it has none or all zeros."""

    def succeeded(self, message: Message) -> bool | None:
        """Does a reply report success? None when the frame reports neither."""

    def fail_reason(self, message: Message) -> tuple[str, str]:
        """The reason a negative reply gives, as text zh and en."""

    def reading(self, message: Message) -> Reading | None:
        """What a report of a gun says; None for other frames."""

    def bill(self, message: Message) -> Bill | None:
        """What a transaction record says; None for other frames."""

    def tariff(self, message: Message) -> Tariff | None:
        """The tariff a frame carries down; None for other frames."""

    def told_time(self, message: Message) -> datetime | None:
        """The time in a time frame or its reply, local to the pile, naive; None when impossible."""

    def shown_card(self, message: Message) -> str:
        """The physical card number in a start request at the pile, hex; "" when it is none."""

    def shown_vin(self, message: Message) -> str:
        """The VIN in a start request at the pile, turned into reading order; "" when it is none."""

    def same_card(self, one: str, other: str) -> bool:
        """Are two card numbers, hex, those of one card, in whatever way they may be written?"""

    def garbled(self, kind: Literal["card", "vin"], shown: str, registered: str) -> Garbled:
        """How the number shown is the registered one written wrongly; "" when that is not beyond doubt."""

    def qr_texts(self, pushed: Message, gun_no: str = "01") -> tuple[str, ...]:
        """The texts a gun may rightly show after this QR frame (all forms of its number included)."""

    def program_version(self, login: Message) -> str:
        """The program version in a login."""

    def stop_reason(self, code: int) -> tuple[str, str]:
        """The text of a stop reason, zh and en; an unknown one names its code in hex."""

    def is_platform_stop(self, code: int) -> bool:
        """Stopped by the platform (0x40 in YKC)?"""

    def is_emergency_stop(self, code: int, starting: bool) -> bool:
        """Stopped by the emergency stop, while charging or while starting?"""

    def is_start_failure(self, code: int) -> bool:
        """A stop reason that says the start failed (0x4A to 0x69 in YKC)?"""

    def is_guide_broken(self, code: int) -> bool:
        """A stop reason that names the connection to the car: it broke, or somebody pulled the gun?"""

    def trade_flag(self, means: str) -> int:
        """The trade flag of a record for a start by "app", "card" or "vin"."""

    def label(self, label: str) -> tuple[str, str]:
        """The name of a tariff label for people, zh and en."""

    def audit(self, records: Sequence[Record], strict: bool = False) -> Audit:
        """What the protocol's own rules say of the pile in these records, apart from any verdict."""

    def auditor(self, strict: bool = False) -> Auditor:
        """The same for records that are still to come."""


class Listener(Protocol):
    """Whoever holds a gun and hears what happens there: Heard, journal.EventSeen or Answer."""

    def receive(self, what: object, now: float) -> None: ...


class Bench(Protocol):
    """One gun of one pile as a run holds it. Numbers given back are numbers in the run's journal.

    While it is held every frame of the pile that concerns the gun or the whole pile is in the run's journal and goes to
    the listener as Heard; LinkChanged, ClockGiven, TariffGiven and FileFetch go there as EventSeen. Who holds the whole
    pile may act at another gun of it by naming that in `gun_no`; "" is the gun under test.
    """

    @property
    def language(self) -> Language: ...

    @property
    def profile(self) -> PileProfile: ...

    @property
    def gun_no(self) -> str: ...

    def online(self) -> bool:
        """Logged in and heard of lately?"""

    def last_reading(self, gun_no: str = "") -> Reading | None:
        """The last report of a gun on the present login; None when there was none."""

    def tariff(self) -> Tariff | None:
        """The tariff the pile has accepted in this process; None when it has not yet."""

    def tariff_refused(self) -> bool:
        """Has the pile refused our tariff, the simple one too?"""

    def send(self, frame: str, values: Mapping[str, Any], gun_no: str = "") -> int:
        """Send a frame down; what the profile knows (pile_code, gun_no, pile_model, pile_power) fills itself in.

        Values may be texts as a person wrote them ("1", "0x40", "100.00"). Raises Offline when nobody is there; a value
        that does not fit raises Misfit.
        """

    def program_version(self) -> str:
        """The program version of the last login, else the declared one."""

    def fresh_plug(self, gun_no: str = "") -> bool:
        """Was the gun unplugged since its last charge in this process, or has it not charged yet?"""

    def clock_moved(self) -> bool:
        """Does the pile's clock still stand where a steer moved it?"""

    def new_serial(self, gun_no: str = "") -> str:
        """A fresh transaction serial, in platform time."""

    def card_on_file(self) -> tuple[str, str]:
        """Logical and physical card number that a remote start presents."""

    def grant(self, kind: str) -> None:
        """From now the next start request by "card" or "vin" on this gun is answered yes; "" takes it back."""

    def pile_time(self) -> datetime:
        """What the pile's clock should read now, local and naive, as it was last told."""

    def steer_clock(self, lead: float) -> None:
        """Set the pile's clock to `lead` seconds before the nearest half-hour change that needs no change of date.

        The outcome arrives as ClockGiven: moved, or void when the pile does not follow (real time is told again).
        """

    def restore_clock(self) -> None:
        """Give the pile real time again as soon as nothing charges; ClockGiven tells."""

    def push_tariff(self, tariff: Tariff) -> None:
        """Send a tariff of the case's own to the idle pile; put back by release()."""

    def misbehave(self, deed: Mischief) -> int:
        """Do something wrong on purpose, or begin to; gives the number of the frame that was sent, 0 without one.

        Each deed stands in the journal as Misbehaved. Raises Offline when nobody is there, PersonError for what would
        touch others.
        """

    def behave(self) -> None:
        """Misbehave no more; replies that are withheld or late are sent now."""

    def current_flows(self) -> bool:
        """Does a gun that is held charge or carry current, as far as its last report says?"""

    def qr_push(self) -> QrPush | None:
        """How to set this gun's QR code; None when the profile says the pile has no dialect."""

    def publish(self, firmware: Firmware) -> Offer:
        """Lay a firmware file out for this pile under one-time credentials."""

    def release(self) -> None:
        """End of the run: permits, claims, tariff and files are put back, also if the pile comes back later."""


class Desk(Protocol):
    """Whoever turns prompts into answers for a run (see operator.py), pictures already read."""

    def ask(self, act: str, within: float, params: Mapping[str, Any]) -> int:
        """Ask; gives the prompt's id. The Answer arrives at the run's receive()."""

    def prolong(self, prompt_id: int, seconds: float) -> None:
        """There is so much more time for it."""

    def withdraw(self, prompt_id: int) -> None:
        """The prompt is closed."""


class Offline(Exception):
    """A frame was to be sent to a pile that is not connected."""


__all__ = [
    "PLACE_WORDS",
    "Answer",
    "Bench",
    "Desk",
    "Differing",
    "FieldPlace",
    "Garbled",
    "Heard",
    "Language",
    "Listener",
    "Offer",
    "Offline",
    "QrPush",
]
