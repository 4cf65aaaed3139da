"""A pile's contact with its platform: dial, log in, have the billing model checked, keep the link alive.

Away, dialling, greeting, in: nothing but 0x01 is said before the login has succeeded (R-LG-2). Lost contact, a refusal
or silence lead back to dialling, each time a little later.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.core.message import Damage, Message
from harness.protocols.ykc.session import Session
from harness.sim.ykc.line import Line

if TYPE_CHECKING:
    from harness.sim.ykc.pile import Pile

FIRST_WAIT, LONGEST_WAIT = 2.0, 60.0
LOGIN_PATIENCE = 15.0
MOST_UNANSWERED = 3  # R-HB-2
ASK_AGAIN = 10.0  # R-BM-1 and R-BM-4 give no interval
LATEST_HEARTBEAT = 10.0  # after the login, when the billing model takes its time


class Contact:
    """One pile's way to its platform; `dial` asks the outside for a connection."""

    def __init__(self, pile: Pile, dial: Callable[[], None], choice: random.Random) -> None:
        self.state = "away"
        self.session: Session | None = None
        self._pile = pile
        self._dial = dial
        self._choice = choice
        self._wait = FIRST_WAIT
        self._unanswered = 0
        self._beats = False  # has a heartbeat gone out since the login?

    @property
    def online(self) -> bool:
        """Logged in."""
        return self.state == "in"

    def dial(self, now: float) -> None:
        """Ask for a connection; silence counts as failure. A pile without power asks for nothing."""
        if not self._pile.powered:
            return
        self.state = "dialling"
        self._pile.agenda.set("contact", now + LOGIN_PATIENCE, self.drop)
        self._dial()

    def connected(self, write: Callable[[bytes], None], close: Callable[[], None], now: float) -> Session:
        """A connection is there: say who we are (R-LG-1)."""
        line = Line(self._pile, write, close)
        self.session = session = Session("pile", line.write, line.close)
        session.owner = Ear(self._pile, session)
        self.state = "greeting"
        self._pile.agenda.set("contact", now + LOGIN_PATIENCE, self.drop)
        session.send("login", _login(self._pile))
        return session

    def lost(self, now: float) -> None:
        """No connection, or no longer: dial again later."""
        was_online = self.online
        self.session = None
        self.state = "away"
        self._pile.agenda.drop("heartbeat", "model", "contact")
        self.dial_after(self._wait * self._choice.uniform(0.8, 1.2), now)
        self._wait = min(LONGEST_WAIT, self._wait * 2)
        if was_online:
            self._pile.went_offline(now)

    def dial_after(self, seconds: float, now: float) -> None:
        """Dial in a while, not before."""
        self._pile.agenda.set("dial", now + seconds, self.dial)

    def drop(self, now: float) -> None:
        """Give the connection up, whatever it is good for."""
        if self.session is not None and self._pile.habits.hangs_up:
            self.session.close()
        self.lost(now)

    def login_reply(self, values: Any, now: float) -> None:
        """0x02: in, or refused; the platform closes then."""
        if self.state != "greeting":
            return
        if values.login_result != 0:
            self.drop(now)
            return
        self.state = "in"
        self._wait = FIRST_WAIT
        self._unanswered = 0
        self._beats = False
        self._pile.agenda.drop("contact")
        self._pile.came_online(now)
        self.verify(now)
        self._pile.agenda.set("heartbeat", now + LATEST_HEARTBEAT, self.heartbeat)

    def verify(self, now: float) -> None:
        """0x05 until 0x06 comes (R-BM-1); the number is zero before any model was given (R-BM-2)."""
        model = self._pile.next_model or self._pile.model
        self._pile.say("billing_model_verify", {"billing_model_no": model.number if model else "0000"})
        self._pile.agenda.set("model", now + ASK_AGAIN, self.verify)

    def verified(self, values: Any, now: float) -> None:
        """0x06: equal, or ask for the model (R-BM-4)."""
        if values.verify_result == 0 and self._pile.model is not None:
            self.model_settled(now)
        else:
            self.request_model(now)

    def request_model(self, now: float) -> None:
        """0x09 until 0x0A comes."""
        self._pile.say("billing_model_request", {})
        self._pile.agenda.set("model", now + ASK_AGAIN, self.request_model)

    def model_settled(self, now: float) -> None:
        """The billing model is the platform's: heartbeats from now on (6.1)."""
        self._pile.agenda.drop("model")
        if not self._pile.habits.records_first:
            self._pile.records.online(now)
        if not self._beats:
            self.heartbeat(now)

    def heartbeat(self, now: float) -> None:
        """0x03 for each gun every 10 s; three rounds without any 0x04 mean a network fault (R-HB-2)."""
        if self._unanswered >= MOST_UNANSWERED:
            self.drop(now)
            return
        self._beats = True
        self._unanswered += 1
        for gun in self._pile.guns.values():
            gun.say("heartbeat", {"gun_status": int(self._pile.estop)})
        self._pile.agenda.set("heartbeat", now + self._pile.habits.heartbeat_period, self.heartbeat)

    def heartbeat_reply(self) -> None:
        """0x04: the platform is there."""
        self._unanswered = 0


class Ear:
    """Stands behind one session; when that one is no longer the pile's, it hears nothing."""

    def __init__(self, pile: Pile, session: Session) -> None:
        self._pile = pile
        self._session = session

    def heard(self, message: Message, now: float) -> None:
        if self._pile.contact.session is self._session:
            self._pile.now = now
            self._pile.heard(message, now)

    def damaged(self, damage: Damage, now: float) -> None:
        """A pile has nobody to tell."""

    def woken(self, now: float) -> None:
        """The pile keeps its own deadlines."""

    def next_deadline(self) -> float | None:
        return None

    def lost(self, now: float) -> None:
        if self._pile.contact.session is self._session:
            self._pile.now = now
            self._pile.contact.lost(now)


def _login(pile: Pile) -> dict[str, Any]:
    """The values of 0x01."""
    values = {
        "pile_code": pile.profile.pile_code,
        "pile_type": 0 if pile.profile.kind == "dc" else 1,
        "gun_count": pile.profile.guns,
        "protocol_version": pile.profile.protocol_version,
        "program_version": pile.program_version,
        "network_type": 0,
        "sim_card_no": f"8986{pile.sim_card}",
        "carrier": 0,
    }
    return pile.habits.changed("login", values) or values
