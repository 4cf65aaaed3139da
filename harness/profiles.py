"""What people declare in files: piles and cards, read strictly, every mistake told with file and line."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from harness.core.documents import DocumentError, read_document, wrong
from harness.core.errors import PersonError
from harness.core.pile import Items, PileProfile


def _digits(text: str) -> str:
    if len(text) != 14 or not (text.isascii() and text.isdigit()):
        raise wrong(f"应为 14 位数字，不是 '{text}'", f"a pile code has 14 digits, '{text}' is none")
    return text


def _card(text: str) -> str:
    if not 1 <= len(text) <= 16 or set(text.upper()) - set("0123456789ABCDEF"):
        raise wrong(
            f"应为至多 16 位十六进制，不是 '{text}'", f"a card number has at most 16 hex digits, '{text}' is none"
        )
    return text.upper()


def _printed(text: str) -> str:
    if len(text) > 16 or not (text.isascii() and text.isdigit()):
        raise wrong(f"应为至多 16 位数字，不是 '{text}'", f"a printed number has at most 16 digits, '{text}' is none")
    return text.zfill(16)


def _vin(text: str) -> str:
    known = set("0123456789ABCDEFGHJKLMNPRSTUVWXYZ")
    if len(text) != 17 or set(text.upper()) - known:
        raise wrong(
            f"应为 17 位字母数字（不含 I、O、Q），不是 '{text}'",
            f"a VIN has 17 letters and digits without I, O and Q, '{text}' is none",
        )
    return text.upper()


def _version(text: str) -> str:
    if len(text) > 8 or not text.isascii():
        raise wrong(
            f"应为至多 8 个 ASCII 字符，不是 '{text}'", f"a version has at most 8 ASCII characters, '{text}' has not"
        )
    return text


def _always(scan: bool) -> bool:
    if not scan:
        raise wrong("扫码充电为必测项，不能关闭", "scan is always declared and cannot be false")
    return scan


PileCode = Annotated[str, AfterValidator(_digits)]
CardNumber = Annotated[str, AfterValidator(_card)]
Vin = Annotated[str, AfterValidator(_vin)]
Version = Annotated[str, AfterValidator(_version)]
Strict = ConfigDict(extra="forbid", frozen=True)


class _Items(BaseModel):
    """The items a registrant declares."""

    model_config = Strict
    scan: Annotated[bool, AfterValidator(_always)] = True
    card: CardNumber | None = None
    vin: Vin | None = None
    reboot: bool = False
    upgrade: bool = False
    qr: bool = False


class _Profile(BaseModel):
    """A pile profile as it stands in its file."""

    model_config = Strict
    pile_code: PileCode
    model: Annotated[str, Field(min_length=1, max_length=64)]
    kind: Literal["dc", "ac"]
    power_kw: Annotated[int, Field(ge=1, le=2000)]
    guns: Annotated[int, Field(ge=1, le=99)]
    protocol_version: Annotated[str, Field(pattern=r"^\d\.\d$")] = "1.6"
    program_version: Version = ""
    mainboard_maker: str | None = None
    items: _Items = _Items()
    qr_dialect: Literal["5A", "F0", "none"] = "5A"
    site: Literal["bench", "live"] = "live"

    def made(self) -> PileProfile:
        items = {name: value for name, value in self.items.model_dump().items() if value is not None}
        plain = self.model_dump(exclude={"items", "mainboard_maker"})
        return PileProfile(**plain, mainboard_maker=self.mainboard_maker or "", items=Items(**items))


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A card that may charge: what the reader reads (hex), what is printed on it, and what it holds in CNY."""

    physical: str
    logical: str
    balance: Decimal


class _Card(BaseModel):
    """One entry of the cards file."""

    model_config = Strict
    card: CardNumber
    printed: Annotated[str, AfterValidator(_printed)] = "0000000000000000"
    balance: Annotated[Decimal, Field(ge=0, le=Decimal("42949672.95"), decimal_places=2)] = Decimal("100.00")

    def made(self) -> Card:
        return Card(physical=self.card, logical=self.printed, balance=self.balance)


class _Cards(BaseModel):
    """The cards file: registered cards, and VINs of cars that may charge."""

    model_config = Strict
    cards: list[_Card] = []
    vins: list[Vin] = []


class Registered(msgspec.Struct, frozen=True):
    """Who may start a charge at a pile."""

    cards: tuple[Card, ...] = ()
    vins: tuple[str, ...] = ()


def load_profile(path: Path) -> PileProfile:
    """Read one pile profile."""
    return read_document(path, _Profile).made()


def load_profiles(folder: Path) -> tuple[PileProfile, ...]:
    """Read all profiles of a folder, in order of their file names; a pile code stands in one file only."""
    if not folder.is_dir():
        raise PersonError(
            f"{folder}: there is no such folder of pile profiles; make it, or change the setting piles",
            f"{folder}：没有这个桩档案文件夹；请建好它，或改设置 piles",
        )
    found: dict[str, tuple[Path, PileProfile]] = {}
    mistakes: list[DocumentError] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            profile = load_profile(path)
        except DocumentError as error:
            mistakes.append(error)
            continue
        first, _ = found.setdefault(profile.pile_code, (path, profile))
        if first is not path:
            mistakes.append(_doubled(path, first, profile.pile_code))
    if mistakes:
        raise DocumentError(
            [line for error in mistakes for line in error.lines],
            [line for error in mistakes for line in error.lines_zh],
        )
    return tuple(profile for _, profile in found.values())


def load_cards(path: Path) -> Registered:
    """Read the file of cards and VINs that may charge at every pile."""
    file = read_document(path, _Cards)
    return Registered(cards=tuple(card.made() for card in file.cards), vins=tuple(file.vins))


def _doubled(path: Path, first: Path, code: str) -> DocumentError:
    return DocumentError(
        [f"{path}:1: pile code {code} already stands in {first}"], [f"{path}:1: 桩编号 {code} 已在 {first} 中登记"]
    )
