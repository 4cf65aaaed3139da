"""What the desk needs of the house: app gives it, tests hand over plain objects.

Views run on threads. Everything here may be called from any thread; what lives in the reactor thread is reached by a
crossing inside. Sentences are pairs, Chinese and English; moments are aware, on the house's own clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import msgspec
from sqlalchemy import Engine

from harness.core.clock import Clock
from harness.core.lens import Lens
from harness.core.message import Damage, Message
from harness.core.outcome import ChargeCurve
from harness.core.pairs import Pair
from harness.core.pile import PileProfile
from harness.core.safety import LIVE_SAFE
from harness.core.standing import MAIN
from harness.store.journal_audits import JournalAudits

NOTHING: Pair = ("", "")


class CaseInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A case as people know it; `needs` is the item it belongs to (scan, card, vin, reboot, upgrade, qr).

    `suite` is main for the cases that a model must pass; others are played when asked for. `guns`: so many it takes.
    `safety` says where it may be played (core/safety.py).
    """

    id: str
    title: Pair
    about: Pair
    needs: str
    asks: Pair = NOTHING  # what a person will have to do: 要你刷卡
    suite: str = "main"
    guns: int = 1
    safety: str = LIVE_SAFE

    @property
    def asks_first(self) -> bool:
        """Are people told what it may do to the pile, and asked, before it is played?"""
        return self.suite != MAIN and self.safety != LIVE_SAFE

    @property
    def charges(self) -> bool:
        """Is it a case of an item that charges, or one about two guns?"""
        return self.needs in ("scan", "card", "vin") or self.guns > 1


class Stranger(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who connected and is not (yet) this pile.

    `what` as in journal.LinkChanged: connected, refused (`said` is its pile code), no_login, unreadable.
    """

    at: datetime
    peer: str
    what: str
    said: str = ""


class PileNow(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a pile at this moment; None where it has not happened on the present connection."""

    pile_code: str
    online: bool = False
    peer: str = ""
    login_at: datetime | None = None
    program_version: str = ""
    heartbeat_at: datetime | None = None
    heard_at: datetime | None = None
    tariff: str = ""  # "", asked, accepted, refused
    clock_offset: float | None = None  # s that the pile's clock is ahead of ours, as far as its frames show
    charging: tuple[str, ...] = ()  # guns
    unasked: tuple[str, ...] = ()  # those of them whose charge no test started
    card: str = ""  # the last card shown at the pile, hex
    card_at: datetime | None = None
    vin: str = ""
    vin_at: datetime | None = None
    strangers: tuple[Stranger, ...] = ()  # newest first


class ReadingNow(msgspec.Struct, frozen=True, kw_only=True):
    """The last report of the gun under test, as printed numbers."""

    power: str
    voltage: str
    current: str
    energy: str
    soc: str = ""
    amount: str = ""


class PromptNow(msgspec.Struct, frozen=True, kw_only=True):
    """What a person is asked to do. `kind`: act, scan or firmware; `proves`: frames can close it by themselves.

    `line` may hold "\\n" where its large characters should break. `params`: gun, card, current (the pile's program
    version); for a scan also `texts`, those that the code may hold.
    """

    id: int
    act: str
    kind: str
    line: Pair  # the large line, short
    more: Pair  # the second sentence
    button: Pair  # the fallback: 我已拍下
    due: datetime
    gun_no: str = ""
    proves: bool = True
    note: Pair = NOTHING  # what is in the way: another card was read, the pile is offline
    params: Mapping[str, Any] = msgspec.field(default_factory=dict)


class ProofNow(msgspec.Struct, frozen=True, kw_only=True):
    """A prompt was closed a moment ago: what the frames (or somebody) proved."""

    prompt_id: int
    at: datetime
    text: Pair
    by: str  # frames, person
    frame: int = 0
    case: int = -1  # place of the case that asked


class StepNow(msgspec.Struct, frozen=True, kw_only=True):
    """A step of the present case; `state`: waiting, now, done, late, skipped, aborted."""

    title: Pair
    state: str
    at: datetime | None = None


class CaseNow(msgspec.Struct, frozen=True, kw_only=True):
    """A case of the present run; `state`: waiting, now, passed, remark, failed, open (BROKEN or NOT_EARNED)."""

    id: str
    title: Pair
    state: str
    sentence: Pair = NOTHING
    key: str = ""  # its journal


class RunNow(msgspec.Struct, frozen=True, kw_only=True):
    """A run as it is this moment. `version` grows with every change that a page should show."""

    run_id: str
    model_id: int
    gun_no: str
    state: str  # running, stopping, over
    version: int
    at: datetime  # now, on the house's clock
    speed: float  # how many seconds of that clock pass in one real second
    cases: tuple[CaseNow, ...]
    case: int = -1  # place of the present one; -1 between cases
    line: Pair = NOTHING  # what happens now, in one large line
    count_due: datetime | None = None
    count_what: Pair = NOTHING  # what comes when the count is over
    steps: tuple[StepNow, ...] = ()
    reading: ReadingNow | None = None
    charge: ChargeCurve | None = None
    prompt: PromptNow | None = None
    proof: ProofNow | None = None
    online: bool = True
    away: bool = False  # the pile is away and should be: it restarts
    stopped: bool = False  # a person stopped it
    frames: int = 0
    rules: Mapping[str, int] = msgspec.field(default_factory=dict)  # checks that found something so far, by level
    pile_code: str = ""


class House(Protocol):
    """The live side: piles and runs. PersonError says what a person did wrong."""

    def pile(self, pile_code: str) -> PileNow: ...

    def register(self, profile: PileProfile) -> None:
        """A pile may log in from now on, or its profile changed."""

    def forget(self, pile_code: str) -> None:
        """A pile may not log in any more."""

    def run(self, model_id: int) -> RunNow | None:
        """The present run of a model, or its last one in this process."""

    def running(self) -> frozenset[int]:
        """The models with a run going on."""

    def start(self, model_id: int, profile: PileProfile, gun_no: str, cases: tuple[str, ...], by: str) -> str:
        """Play cases in order; gives the run's id. PersonError when the pile is offline, busy, or a run goes on."""

    def stop(self, model_id: int) -> None:
        """Stop the present run, or without one whatever the pile charges: it is left not charging."""

    def answer(self, model_id: int, prompt_id: int, unable: str = "") -> bool:
        """A person did it, or says why not; False when the prompt is no longer open: somebody was first."""

    def scanned(self, model_id: int, prompt_id: int, texts: tuple[str, ...], picture: str) -> bool:
        """The QR texts read in a picture that is kept under a name; no text: the person says there is no code."""

    def chose(self, model_id: int, prompt_id: int, path: Path, version: str) -> bool:
        """A firmware file lies at `path` and holds `version`."""

    def more_time(self, model_id: int, prompt_id: int, seconds: float) -> bool:
        """Wait longer for the person."""


class GunPanel(msgspec.Struct, frozen=True, kw_only=True):
    """A gun of a simulated pile, as its front panel shows it."""

    number: str
    plugged: bool
    state: Pair


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """The front panel of a simulated pile; `said` is what it told the person last."""

    pile_code: str
    model: str
    online: bool
    powered: bool
    estop: bool
    helpful: bool  # does by itself what the desk asks of people
    card: str  # held to the reader unless another is named
    guns: tuple[GunPanel, ...]
    said: Pair = NOTHING


class DemoPiles(Protocol):
    """The simulated piles of the demo and their buttons. PersonError for a pile that is not there."""

    def codes(self) -> tuple[str, ...]:
        """The pile codes of those that are there."""

    def set_up(self, pile_code: str) -> None:
        """Another simulated pile that logs in with this code."""

    def panel(self, pile_code: str) -> Panel: ...

    def press(self, pile_code: str, button: str, gun: str, card: str = "") -> None:
        """plug, unplug, swipe, vin, estop, release or power."""

    def set_helpful(self, pile_code: str, on: bool) -> None: ...

    def screen(self, pile_code: str, gun: str) -> bytes:
        """What the screen of a gun shows, as PNG."""

    def firmware(self, version: str) -> bytes:
        """A firmware file for simulated piles."""


class DeskSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How this desk is set up."""

    public_url: str  # of the desk, as people reach it
    pile_address: str  # host that piles are told
    pile_port: int
    timezone: str
    secret: bytes
    pictures: Path
    firmware: Path
    secure: bool = False  # all visits come over TLS
    behind_proxy: bool = False
    session_hours: float = 12
    most_firmware: int = 64 * 2**20  # bytes
    most_picture: int = 12 * 2**20
    shown: Mapping[str, str] = msgspec.field(default_factory=dict)  # all settings as the admin page lists them
    retention_days: int = 90


class Services(msgspec.Struct, frozen=True, kw_only=True):
    """All that create_app is given."""

    engine: Engine
    clock: Clock
    house: House
    lens: Lens
    read: Callable[[bytes], Message | Damage]
    read_picture: Callable[[bytes], tuple[str, ...]]
    cases: tuple[CaseInfo, ...]
    settings: DeskSettings
    audits: JournalAudits
    watch_frames: Callable[[int, str], None] = lambda model_id, pile_code: None  # somebody looks at a pile's frames
    taken: frozenset[str] = frozenset()  # pile codes of profile files: no model may have one
    changed: Callable[[int, str], None] = lambda model_id, what: None  # tell streams, and the webhook of a new state
    settled: Callable[[], None] = lambda: None  # wait until all that happened so far is kept
    dismiss: Callable[[str], None] = lambda account: None  # end the streams of an account, or of one of its sessions
    demo: DemoPiles | None = None
    turn: Lock = msgspec.field(default_factory=Lock)  # held to start a test, or to do what none may stand beside
