"""Piles as pages see them: what the platform knows of each at this moment, and who else stood at the door."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from harness.core.clock import Clock
from harness.core.journal import LinkChanged
from harness.protocols.ykc.piles import PileState
from harness.protocols.ykc.platform import Platform
from web.services import PileNow, Stranger

LOGINS = ("login", "relogin")
CHIP_BYTES = 4
AT_THE_DOOR = 20  # strangers remembered
SHOWN_FOR = timedelta(minutes=15)


def chip_number(sent: str) -> str:
    """A card number without the zeros that fill it up on one side; four bytes at least, as most chips have."""
    raw = bytes.fromhex(sent)
    if raw.startswith(b"\0"):
        return raw.lstrip(b"\0").rjust(CHIP_BYTES, b"\0").hex().upper()
    return raw.rstrip(b"\0").ljust(CHIP_BYTES, b"\0").hex().upper()


class Seen:
    """What was seen of one pile and stands nowhere else: when it logged in, the last card and VIN."""

    def __init__(self) -> None:
        self.login: tuple[datetime, float] | None = None  # wall, and on the clock's scale
        self.card = ""
        self.card_at: datetime | None = None
        self.vin = ""
        self.vin_at: datetime | None = None


class PilesNow:
    """Hears every change of a link; `changed` is told the pile code ("" for strangers)."""

    def __init__(self, platform: Platform, clock: Clock, changed: Callable[[str], None]) -> None:
        self._platform = platform
        self._clock = clock
        self._changed = changed
        self._seen: dict[str, Seen] = {}
        self._door: deque[Stranger] = deque(maxlen=AT_THE_DOOR)
        platform.watchers.append(self._hear)

    def now(self, pile_code: str) -> PileNow:
        """A pile at this moment; one that is not registered is offline."""
        pile = self._platform.piles.get(pile_code)
        seen = self._seen.get(pile_code, Seen())
        facts = {} if pile is None or pile.connection is None else self._connected(pile, seen)
        return PileNow(
            pile_code=pile_code,
            tariff="" if pile is None else pile.billing.standing,
            card=seen.card,
            card_at=seen.card_at,
            vin=seen.vin,
            vin_at=seen.vin_at,
            strangers=self._strangers(),
            **facts,  # type: ignore[arg-type]
        )

    def shows(self, pile_code: str) -> object:
        """What pages show of a pile, without the moments that move with each frame: alike means nothing to tell."""
        now = self.now(pile_code)
        strangers = () if now.online else now.strangers
        return msgspec.structs.replace(
            now, heartbeat_at=now.heartbeat_at and now.login_at, heard_at=None, strangers=strangers
        )

    def forget(self, pile_code: str) -> None:
        """Nothing is known of it any more."""
        self._seen.pop(pile_code, None)

    def _connected(self, pile: PileState, seen: Seen) -> dict[str, object]:
        login_at, logged_in = seen.login or (None, float("inf"))
        beat = max((gun.heartbeat_at for gun in pile.guns.values()), default=0.0)
        return {
            "online": True,
            "peer": pile.peer,
            "login_at": login_at,
            "program_version": pile.program_version,
            "heartbeat_at": self._wall(beat) if beat > logged_in else None,
            "heard_at": self._wall(pile.heard_at),
            "clock_offset": pile.clock.ahead,
            "charging": tuple(gun.number for gun in pile.guns.values() if gun.charging),
            "unasked": tuple(gun.number for gun in pile.guns.values() if gun.unasked),
        }

    def _wall(self, moment: float) -> datetime:
        return self._clock.wall() - timedelta(seconds=self._clock.monotonic() - moment)

    def _strangers(self) -> tuple[Stranger, ...]:
        since = self._clock.wall() - SHOWN_FOR
        return tuple(stranger for stranger in reversed(self._door) if stranger.at > since)

    def _hear(self, pile_code: str, event: LinkChanged) -> None:
        """A connection did something."""
        at = self._clock.wall()
        if not pile_code:
            said = event.detail if event.what == "refused" else ""
            self._door.append(Stranger(at=at, peer=event.peer, what=event.what, said=said))
        else:
            self._note(self._seen.setdefault(pile_code, Seen()), event, at)
        self._changed(pile_code)

    def _note(self, seen: Seen, event: LinkChanged, at: datetime) -> None:
        if event.what in LOGINS:
            seen.login = (at, self._clock.monotonic())
            known = [stranger for stranger in self._door if stranger.peer != event.peer]
            self._door.clear()
            self._door.extend(known)  # who logged in is no stranger
        elif event.what in ("card_shown", "card_refused"):
            seen.card, seen.card_at = chip_number(event.detail), at
        elif event.what in ("vin_shown", "vin_refused"):
            seen.vin, seen.vin_at = event.detail, at
