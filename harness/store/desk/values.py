"""What the desk keeps, as plain frozen values. Moments are aware, in UTC."""

from __future__ import annotations

from datetime import datetime

import msgspec

from harness.core.approval import State
from harness.core.pairs import Pair
from harness.core.pile import Items, PileProfile
from harness.core.verdict import Verdict

ADMIN = "admin"
REVIEWER = "reviewer"

PICTURE, FIRMWARE = "picture", "firmware"  # kinds of uploads
ACCEPT, REJECT = "accept", "reject"  # votes


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who does something; `kind` is registrant, reviewer, admin or platform."""

    kind: str
    id: int
    name: str


class Registrant(msgspec.Struct, frozen=True, kw_only=True):
    """A contact at a customer's company; sessions of an older `epoch` have ended."""

    id: int
    company: str
    brand: str
    contact: str
    phone: str
    created: datetime
    epoch: int


class User(msgspec.Struct, frozen=True, kw_only=True):
    """A person of the platform; `role` is reviewer or admin."""

    id: int
    name: str
    role: str
    disabled: bool
    epoch: int
    created: datetime


class ModelData(msgspec.Struct, frozen=True, kw_only=True):
    """What is registered about a model; `kind` is dc or ac, `site` bench or live (core/safety.py).

    A declared card or VIN may still be without its number.
    """

    model: str
    kind: str
    power_kw: int
    guns: int
    protocol_version: str = "1.6"
    program_version: str = ""
    mainboard_maker: str = ""
    card: bool = False
    card_no: str = ""
    vin: bool = False
    vin_no: str = ""
    reboot: bool = False
    upgrade: bool = False
    qr: bool = False
    qr_dialect: str = "5A"
    site: str = "live"

    def profile(self, pile_code: str) -> PileProfile:
        """What the platform and the cases need to know of the pile."""
        items = Items(
            card=self.card_no if self.card else "",
            vin=self.vin_no if self.vin else "",
            reboot=self.reboot,
            upgrade=self.upgrade,
            qr=self.qr,
        )
        return PileProfile(
            pile_code=pile_code,
            model=self.model,
            kind=self.kind,
            power_kw=self.power_kw,
            guns=self.guns,
            protocol_version=self.protocol_version,
            program_version=self.program_version,
            mainboard_maker=self.mainboard_maker,
            items=items,
            qr_dialect=self.qr_dialect,
            site=self.site,
        )

    def declares(self, needs: str) -> bool:
        """Is an item declared? Scan always is; a QR code only in a dialect."""
        if needs == "qr":
            return self.qr and self.qr_dialect != "none"
        return needs == "scan" or (needs in ITEMS and bool(getattr(self, needs)))

    def waits_for(self, needs: str) -> bool:
        """Is the item's number still to be given?"""
        return (needs == "card" and self.card and not self.card_no) or (needs == "vin" and self.vin and not self.vin_no)


ITEMS = ("card", "vin", "reboot", "upgrade", "qr")


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """A model of a registrant on its way. `returned` is why its registration was sent back, "" when it was not.

    `version` grows with each change; `pile_code` is "" until it was approved; `waiting_since` is None while nobody of
    the platform has to decide.
    """

    id: int
    registrant_id: int
    company: str
    brand: str
    contact: str
    phone: str
    state: State
    returned: str
    data: ModelData
    pile_code: str
    created: datetime
    changed: datetime
    deleted: bool
    version: int
    waiting_since: datetime | None

    def profile(self) -> PileProfile:
        """The pile as it is approved."""
        return self.data.profile(self.pile_code)


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """What waits for the platform, oldest first."""

    results: list[Model]
    registrations: list[Model]


class AuditLine(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was done. `before` and `after` are states, "" where there was none.

    `detail` has lines like "power_kw: 120 → 180" where data changed.
    """

    id: int
    at: datetime
    actor: Actor
    model_id: int | None
    action: str
    before: str
    after: str
    why: str
    detail: str


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One play of a case for a model; `version` is the program version it was earned on, `by` who started it.

    `sentence` says what came of it, None when there is nothing to say beyond a pass.
    """

    run_id: str
    position: int
    model_id: int
    case: str
    gun_no: str
    verdict: Verdict
    key: str
    started: datetime
    ended: datetime
    version: str
    profile: PileProfile
    by: str
    sentence: Pair | None = None


class SubmittedCase(msgspec.Struct, frozen=True, kw_only=True):
    """A case as it was submitted: the attempt that counted, and what the reviewer said of it.

    `run_id` is "" for a case that is not declared; `vote` is "", accept or reject.
    """

    case: str
    declared: bool
    run_id: str
    position: int
    verdict: Verdict
    gun_no: str
    version: str
    vote: str = ""
    reason: str = ""


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """Results as they were submitted, and the decision; `accepted` is None until there is one."""

    id: int
    model_id: int
    at: datetime
    by: Actor
    cases: tuple[SubmittedCase, ...]
    decided_at: datetime | None = None
    decided_by: Actor | None = None
    accepted: bool | None = None
    reason: str = ""


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """A file somebody sent; `id` is random, `name` what the person called it, `kind` picture or firmware."""

    id: str
    model_id: int
    run_id: str
    kind: str
    name: str
    size: int
    sha256: str
    version: str
    at: datetime
    by: str


class SharedCase(msgspec.Struct, frozen=True, kw_only=True):
    """A case that a registrant shows to the platform; `seen_at` is None until somebody looked."""

    id: int
    model_id: int
    run_id: str
    position: int
    case: str
    at: datetime
    note: str
    by: str
    seen_at: datetime | None
    seen_by: str


class Storage(msgspec.Struct, frozen=True, kw_only=True):
    """How much is kept; `bytes` is the size of the database."""

    runs: int
    journals: int
    frames: int
    events: int
    bytes: int
    uploads: int
    upload_bytes: int


class Swept(msgspec.Struct, frozen=True, kw_only=True):
    """What was removed; the files of `uploads` (ids) are now the caller's to remove."""

    journals: int
    frames: int
    uploads: tuple[str, ...]
