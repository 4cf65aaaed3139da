"""Which billing model one pile has: verified, asked for, pushed, refused.

0x05 number                     0x06 equal only if the pile took, from us and in this process, the model of that
                                number that it is to have now; the same 01 00 may carry another platform's prices
0x09                            0x0A with the model it is to have; taken when no 0x09 follows for a while
0x58 -> 0x57 = 1                taken
0x57 = 0, or a fourth 0x09      a model of two periods instead; that one too: refused, no charging case can pass
a case's own model              by 0x58 to an idle pile, put back at the end whatever happens
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from harness.core.amounts import Tariff
from harness.core.clock import Timer
from harness.core.journal import PILE, PLATFORM, Journal, TariffGiven
from harness.core.message import Message
from harness.protocols.ykc.pairing import Asked
from harness.protocols.ykc.tariffs import half_hour_tariff, plain_tariff, tariff_values, two_period_tariff

if TYPE_CHECKING:
    from harness.protocols.ykc.piles import Kept, PileState

PATIENCE = 3  # so many 0x09 after each other are answered with the same model
LONG_AGO = 600.0  # s after which a 0x09 is a new question, not one more of a row
SETTLE = 5.0  # s without another 0x09 until a model given by 0x0A counts as taken
UNASKED = 30.0  # s after which a pile that has neither verified nor asked is given its model by 0x58
UNANSWERED = 10.0  # s until a 0x58 counts as not answered
OURS = half_hour_tariff()


Proof = tuple[bytes, bytes]  # the frame that gave a model and the one that answered it; b"" where there is none


class Offer(NamedTuple):
    """A model that was sent and neither taken nor refused yet."""

    tariff: Tariff
    by: Literal["request", "push"]
    kept: Kept


class Billing:
    """The billing model of one pile, which gives connection, time and journals."""

    __slots__ = (
        "_asked_at",
        "_asks",
        "_before",
        "_offer",
        "_own",
        "_pile",
        "_plain",
        "_put_back",
        "_timer",
        "given",
        "proof",
        "refused",
        "simple",
        "taken",
    )

    def __init__(self, pile: PileState) -> None:
        self._pile = pile
        self._plain = OURS  # what the pile is to have outside cases with a model of their own
        self._own: Tariff | None = None
        self._put_back = False
        self._offer: Offer | None = None
        self._before: Tariff | None = None  # taken before the push that is under way
        self._asks = 0
        self._asked_at = 0.0
        self._timer: Timer | None = None
        self.taken: Tariff | None = None
        self.simple = False
        self.refused = False
        self.proof: Proof = (b"", b"")  # of `simple` and `refused`
        self.given: Proof = (b"", b"")  # of `taken`

    @property
    def standing(self) -> str:
        """How far the pile is with its model: "", asked, accepted or refused."""
        if self.refused:
            return "refused"
        if self.taken is not None:
            return "accepted"
        return "asked" if self._offer is not None or self._asks else ""

    @property
    def wanted(self) -> Tariff:
        """The model the pile is to have now."""
        return self._own or self._plain

    # What the pile says

    def logged_in(self, now: float) -> None:
        """A new connection."""
        if self.taken is not None:
            self._asks = 0
        if self.taken != self.wanted and self._offer is None:
            self._ring_at(now + UNASKED)

    def verify(self, message: Message) -> None:
        """0x05: equal or different. A pile that verifies a model just given has it: it does not ask again."""
        number = message.values.billing_model_no
        if self._offer is not None and self._offer.by == "request" and self._offer.tariff.number == number:
            self._take()
        equal = self.taken == self.wanted and number == self.wanted.number
        values = {"billing_model_no": self.wanted.number, "verify_result": 0 if equal else 1}
        self._pile.send("billing_model_verify_reply", values, reply_to=message)

    def requested(self, message: Message, now: float) -> None:
        """0x09: it has no model, or not the one just given."""
        asking = self._pile.kept(message)
        if now - self._asked_at > LONG_AGO:
            self._asks = 0
        gap = now - self._asked_at if self._asks else 0.0
        self._asked_at = now
        self._asks += 1
        self.taken = None
        if self._asks > PATIENCE:
            self._asks = 1
            self._give_up(asking)
        kept = self._pile.send("billing_model_request_reply", tariff_values(self.wanted), reply_to=message)
        self._sent("request", kept)
        self._ring_at(now + SETTLE + gap)

    def replied(self, message: Message, asked: Asked | None) -> None:
        """0x57: taken or refused; one that answers nothing says nothing."""
        if asked is None or self._offer is None or self._offer.by != "push":
            return
        answer = self._pile.kept(message)
        if message.values.set_result == 1:
            self._take(answer)
            return
        own = self._own is not None
        self._give_up(answer)
        self._offer = None
        if not own and not self.refused:
            self._push()

    # What a run wants

    def push(self, tariff: Tariff) -> Kept:
        """Give a case's own model by 0x58; Offline when nobody is there."""
        tariff_values(tariff)
        self._own = tariff
        return self._push()

    def put_back(self) -> None:
        """The case is over: the platform's model goes back to the pile as soon as nothing charges."""
        if self._own is not None:
            self._own = None
            self._offer = None
            self._put_back = self.taken != self.wanted
            self._pile.to_do |= self._put_back

    def idle(self) -> None:
        """Nothing charges: what waited for that can be sent (R-BM-6)."""
        if self._put_back and self._offer is None:
            self._push()

    # Steps

    def _push(self) -> Kept:
        kept = self._pile.send("billing_model_set", tariff_values(self.wanted))
        if self._offer is None:
            self._before = self.taken
        self.taken = None
        self._sent("push", kept)
        self._ring_at(self._pile.platform.now() + UNANSWERED)
        return kept

    def _sent(self, by: Literal["request", "push"], kept: Kept) -> None:
        self._offer = Offer(self.wanted, by, kept)
        self._tell("sent", self.wanted, kept)

    def _take(self, answer: Kept | None = None) -> None:
        offer = self._offer
        assert offer is not None
        self._offer = None
        self.taken = offer.tariff
        self.given = (offer.kept.raw, b"" if answer is None else answer.raw)
        self.refused = False
        self._put_back = self.taken != self.wanted
        self._tell("accepted", offer.tariff, offer.kept, answer)

    def _give_up(self, answer: Kept) -> None:
        """The pile will not have the model: a case's own is dropped, ours becomes simple, the simple one is refused."""
        offer = self._offer
        given = None if offer is None else offer.kept
        self._asks = min(self._asks, 1)
        if self._own is not None:
            self._tell("refused", self._own, given, answer)
            self._own = None
            self.taken = self._before
            return
        self.proof = (b"" if given is None else given.raw, answer.raw)
        if self.simple:
            self.refused = True
            self._tell("refused", self.wanted, given, answer)
            return
        self.simple = True
        self._plain = two_period_tariff(self._pile.platform.local_now())
        self._tell("simple", self._plain, given, answer)

    def _ring_at(self, when: float) -> None:
        self.stop()
        self._timer = self._pile.platform.clock.call_at(when, self._ring)

    def stop(self) -> None:
        """Let nothing ring any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _ring(self) -> None:
        self._timer = None
        if self._offer is None:
            self._push_unasked()
        elif self._offer.by == "request":
            self._take()
        else:
            self._offer = None  # not answered: the pile may have it or not, the next 0x05 will tell

    def _push_unasked(self) -> None:
        """Neither verified nor asked for since the login, though the document wants it (R-BM-1)."""
        pile = self._pile
        if self.taken != self.wanted and not self.refused and pile.connection is not None:
            self._put_back = True
            pile.to_do = True
            pile.do_what_waited(pile.platform.now())

    def _tell(self, what: str, tariff: Tariff, *frames: Kept | None) -> None:
        plain = plain_tariff(tariff)
        self._pile.tell(lambda journal: TariffGiven(what, tariff.number, plain, numbers_in(journal, frames)))

    def brief(self, journal: Journal) -> None:
        """Tell a run that takes hold which model the pile has, or would not have, with the frames that prove it."""
        for what, true in (("simple", self.simple), ("refused", self.refused)):
            if true:
                self._recall(journal, what, self._plain, self.proof)
        if self.taken is not None:
            self._recall(journal, "in_force", self.taken, self.given)

    def _recall(self, journal: Journal, what: str, tariff: Tariff, proof: Proof) -> None:
        given, answer = proof
        frames = [journal.frame(PLATFORM, given)] if given else []
        frames += [journal.frame(PILE, answer)] if answer else []
        journal.event(TariffGiven(what, tariff.number, plain_tariff(tariff), tuple(frames)))


def numbers_in(journal: Journal, frames: tuple[Kept | None, ...]) -> tuple[int, ...]:
    """The numbers of frames in a journal, of those that are there."""
    return tuple(kept.numbers[journal] for kept in frames if kept is not None and journal in kept.numbers)
