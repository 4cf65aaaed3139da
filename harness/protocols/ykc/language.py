"""What YKC messages mean, for an engine that knows none of them (core/ports.py Language). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Literal

from harness.core.amounts import Bill, Reading, Tariff
from harness.core.auditing import Audit, Auditor
from harness.core.errors import Misfit
from harness.core.journal import Record
from harness.core.message import Damage, Message
from harness.core.ports import Differing, FieldPlace, Garbled
from harness.protocols.ykc import CATALOGUE, cards, roles
from harness.protocols.ykc.audit import PileAuditor, audit
from harness.protocols.ykc.bills import bill_of, reading_of, real_serial
from harness.protocols.ykc.codes import APP_STOP, FAILED_STARTS, START_CARD, START_VIN, TRADE_FLAGS, stop_reason
from harness.protocols.ykc.places import places_of
from harness.protocols.ykc.sent_again import differing
from harness.protocols.ykc.tariffs import LABEL_NAMES, tariff_of

ESTOP = {False: 0x72, True: 0x50}  # by whether the charge was still starting
QR_SECTION = "§二维码设置"
GUIDE_BROKEN = (0x4B, 0x6B)  # while starting, while charging


class YkcLanguage:
    """The Language of YKC V1.x."""

    def read(self, raw: bytes) -> Message | Damage:
        """Bytes of one frame as a message."""
        return CATALOGUE.read(raw)

    def has_frame(self, name: str) -> bool:
        """Is there a frame of this name?"""
        return name in CATALOGUE

    def field_names(self, frame: str) -> tuple[str, ...]:
        """The fields of a frame, in order."""
        return tuple(field.name for field in CATALOGUE.by_name(frame).fields)

    def unfit(self, frame: str, field: str, value: Any) -> tuple[str, str]:
        """Why a value cannot stand in a field, zh and en; both "" when it can."""
        try:
            CATALOGUE.by_name(frame).make(**{field: value})
        except Misfit as error:
            return error.text_zh, error.text
        return "", ""

    def title(self, frame: str) -> tuple[str, str]:
        """The name of a frame for people, zh and en."""
        frame_type = CATALOGUE.by_name(frame)
        return frame_type.title, frame_type.title_en

    def role(self, frame: str) -> str:
        """The role of a frame."""
        return roles.ROLES.get(frame, "")

    def frame_of(self, role: str) -> str:
        """The command we send in a role: start, stop, read_request, time, reboot, update."""
        return next(frame for frame, known in roles.ROLES.items() if known == role)

    def section(self, frame: str) -> str:
        """The section of the document that describes a frame, as §8.7; the QR frames have none but a sheet's title."""
        section = CATALOGUE.by_name(frame).section
        return f"§{section}" if section else QR_SECTION if roles.ROLES.get(frame) in ("qr", "qr_reply") else ""

    def places(self, message: Message, name: str) -> list[FieldPlace]:
        """Where in the whole frame a field stands, or all that a word of the engine's means."""
        return places_of(message, name)

    def differing(self, one: Message, other: Message) -> Iterator[Differing]:
        """The fields in which a frame that is sent again is not what it was, but for the time of the booking."""
        return differing(one, other)

    def gun(self, message: Message) -> str:
        """The gun a message names; "" when it names none."""
        return str(getattr(message.values, "gun_no", ""))

    def names_gun(self, frame: str) -> bool:
        """Does a frame of this name say which gun it is about?"""
        return "gun_no" in CATALOGUE.by_name(frame).by_name

    def serial(self, message: Message) -> str:
        """The transaction serial a message carries; "" when it has none or all zeros."""
        return real_serial(getattr(message.values, "transaction_serial", ""))

    def succeeded(self, message: Message) -> bool | None:
        """Does a reply report success? None when the frame reports neither."""
        return roles.succeeded(message)

    def fail_reason(self, message: Message) -> tuple[str, str]:
        """The reason a negative reply gives, zh and en."""
        return roles.fail_reason(message)

    def reading(self, message: Message) -> Reading | None:
        """What a report of a gun says; None for other frames."""
        return reading_of(message.values) if message.name == "realtime_data" else None

    def bill(self, message: Message) -> Bill | None:
        """What a transaction record says; None for other frames."""
        return bill_of(message.values) if message.name == "transaction_record" else None

    def tariff(self, message: Message) -> Tariff | None:
        """The tariff a frame carries down; None for other frames."""
        return tariff_of(message.values) if roles.ROLES.get(message.name) == "tariff" else None

    def told_time(self, message: Message) -> datetime | None:
        """The time in 0x56 or 0x55, local to the pile; None when impossible."""
        if message.name not in ("time_sync", "time_sync_reply"):
            return None
        time: datetime | None = message.values.current_time.time
        return time

    def shown_card(self, message: Message) -> str:
        """The physical card number in a 0x31, hex; "" when it is none."""
        if message.name != "start_request" or message.values.start_mode != START_CARD:
            return ""
        return str(message.values.account_or_physical_card_no.hex().upper())

    def shown_vin(self, message: Message) -> str:
        """The VIN in a 0x31 in reading order (it is sent reversed, R-AU-2); "" when it is none."""
        if message.name != "start_request" or message.values.start_mode != START_VIN:
            return ""
        return str(message.values.vin)

    def same_card(self, one: str, other: str) -> bool:
        """Are two numbers those of one card (E-CARD)?"""
        return cards.same_card(one, other)

    def garbled(self, kind: Literal["card", "vin"], shown: str, registered: str) -> Garbled:
        """How the number shown is the registered one written wrongly; "" when that is not beyond doubt."""
        return (cards.garbled_card if kind == "card" else cards.garbled_vin)(shown, registered)

    def qr_texts(self, pushed: Message, gun_no: str = "01") -> tuple[str, ...]:
        """The texts a gun may rightly show: with F0 the pile composes them, and all three gun forms occur."""
        values = pushed.values
        if pushed.name == "qr_set":
            return (str(values.qr_content),)
        if pushed.name != "qr_prefix_set":
            return ()
        text = f"{values.qr_prefix}{values.pile_code}"
        if values.qr_format != 1:
            return (text,)
        short = gun_no.lstrip("0")
        return f"{text}{gun_no}", f"{text}{short}", f"{text}/{short}"

    def program_version(self, login: Message) -> str:
        """The program version in a login."""
        return str(login.values.program_version) if login.name == "login" else ""

    def stop_reason(self, code: int) -> tuple[str, str]:
        """The text of a stop reason, zh and en; an unknown one names its code in hex."""
        return stop_reason(code)

    def is_platform_stop(self, code: int) -> bool:
        """Stopped by the platform?"""
        return code == APP_STOP

    def is_emergency_stop(self, code: int, starting: bool) -> bool:
        """Stopped by the emergency stop, while charging or while starting?"""
        return code == ESTOP[starting]

    def is_start_failure(self, code: int) -> bool:
        """A stop reason that says the start failed?"""
        return code in FAILED_STARTS

    def is_guide_broken(self, code: int) -> bool:
        """A stop reason that names the connection to the car: it broke, or somebody pulled the gun?"""
        return code in GUIDE_BROKEN

    def trade_flag(self, means: str) -> int:
        """The trade flag of a record for a start by "app", "card" or "vin"."""
        return TRADE_FLAGS[means]

    def label(self, label: str) -> tuple[str, str]:
        """The name of a tariff label for people, zh and en."""
        return LABEL_NAMES.get(label, (label, label))

    def audit(self, records: Sequence[Record], strict: bool = False) -> Audit:
        """What the rules of the document say of the pile in these records."""
        return audit(records, strict=strict)

    def auditor(self, strict: bool = False) -> Auditor:
        """The same for records that are still to come."""
        return PileAuditor(strict=strict)
