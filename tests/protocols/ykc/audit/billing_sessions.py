"""The billing model, and what records and reports make of it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from harness.core.journal import TariffGiven
from harness.protocols.ykc.tariffs import half_hour_tariff, tariff_values
from tests.protocols.ykc.audit.edited import ALL, Edited, good, idle
from tests.protocols.ykc.audit.sessions import Sessions


def _asks_late(seconds: float) -> Edited:
    """Billing model verified and asked for so many seconds later than usual."""
    session = good()
    for frame in ("verify", "verify_reply", "request", "request_reply"):
        session.move(f"billing_model_{frame}", seconds)
    return session


def _pushed_instead() -> Edited:
    """The pile is told that its model differs and is given it by 0x58 before it asks."""
    session = good().drop("billing_model_request").drop("billing_model_request_reply")
    return pushed(session, session.at("billing_model_verify") + 20)


def pushed(session: Edited, at: float, answer_after: float | None = 1.0, result: int = 1) -> Edited:
    session.down(at, "billing_model_set", serial=b"\1\1", **tariff_values(half_hour_tariff()))
    if answer_after is not None:
        session.up(at + answer_after, "billing_model_set_reply", serial=b"\1\1", set_result=result)
    return session


def _verified_again(number: str, given: str) -> Edited:
    """A second 0x05, after a model of some number was given."""
    session = idle()
    session.change("billing_model_request_reply", billing_model_no=given)
    session.up(50, "billing_model_verify", billing_model_no=number)
    return session.down(50, "billing_model_verify_reply", billing_model_no=number)


def _running_already() -> Edited:
    """What we see begins amid a charge; then the model differs."""
    session = good()
    first = session.at("realtime_data", _first_charging(session))
    login = session.at("login")
    session.up(first + 21, "billing_model_verify")
    session.down(first + 21, "billing_model_verify_reply", verify_result=1)
    session.records = [r for r in session.records if r.at > first + 20 or r.at < login]
    return session


def _first_charging(session: Edited) -> int:
    return next(n for n in range(99) if session.values("realtime_data", n).status == 3)


def moved_parts(share: str, case: str, only: str = "") -> Edited:
    """A record of which a share of the energy stands under another of its prices, or under one of no slot."""
    session = good(case)
    values = session.values("transaction_record")
    labels = ("sharp", "peak", "flat", "valley")
    used = [label for label in labels if getattr(values, f"{label}_energy")]
    unused = [label for label in labels if label not in used]
    source, target = used[0], unused[0] if only == "unused" else used[1]
    part = (getattr(values, f"{source}_energy") * Decimal(share)).quantize(Decimal("0.0001"))
    changes: dict[str, Any] = {}
    for label, more in ((source, -part), (target, part)):
        energy = getattr(values, f"{label}_energy") + more
        price = getattr(values, f"{label}_unit_price")
        changes |= {f"{label}_energy": energy, f"{label}_loss_energy": energy}
        changes[f"{label}_amount"] = (energy * price).quantize(Decimal("0.0001"))
    amounts = [changes.get(f"{label}_amount", getattr(values, f"{label}_amount")) for label in labels]
    return session.change("transaction_record", ALL, **changes, total_amount=sum(amounts, Decimal(0)))


def with_ratio(ratio: int, factor: str) -> Edited:
    """A loss ratio is in force, and the losses of reports and record are so much higher."""
    session = good()
    session.records = [r for r in session.records if not isinstance(getattr(r, "event", None), TariffGiven)]
    session.change("billing_model_request_reply", loss_ratio=ratio)
    return _lossy(session, factor)


def _lossy(session: Edited, factor: str) -> Edited:
    session.change("realtime_data", lambda v: v.status == 3, loss_energy=_times(factor), amount=_times(factor))
    return _lossy_record(session, factor)


def _lossy_record(session: Edited, factor: str) -> Edited:
    labels = ("sharp", "peak", "flat", "valley", "total")
    names = [f"{label}_{kind}" for label in labels for kind in ("loss_energy", "amount")]
    return session.change("transaction_record", ALL, **dict.fromkeys(names, _times(factor)))


def _times(factor: str) -> Callable[[Decimal], Decimal]:
    return lambda value: (value * Decimal(factor)).quantize(Decimal("0.0001"))


SESSIONS = {
    "model_not_verified": Sessions(
        breaks=lambda: good().drop("billing_model_verify").drop("billing_model_verify_reply"),
        legal=lambda: _asks_late(40),
    ),
    "model_not_requested": Sessions(
        breaks=lambda: good().drop("billing_model_request").drop("billing_model_request_reply"),
        legal=_pushed_instead,
    ),
    "charge_without_model": Sessions(
        breaks=lambda: good().drop("billing_model_request_reply"),
        legal=_running_already,
    ),
    "model_push_unanswered": Sessions(
        breaks=lambda: pushed(idle(), 100, None),
        legal=lambda: pushed(idle(), 100, 9.0, result=0),
    ),
    "model_number": Sessions(
        breaks=lambda: _verified_again("0100", "0200"),
        legal=lambda: _verified_again("0000", "0200"),
    ),
    "energy_without_slot": Sessions(
        breaks=lambda: moved_parts("0.3", "single_tariff", "unused"),
        legal=lambda: good("cross_tariff").change("transaction_record", ALL, start_time=None),
    ),
    "energy_split": Sessions(
        breaks=lambda: moved_parts("0.9", "cross_tariff"),
        legal=lambda: moved_parts("0.05", "cross_tariff"),
    ),
    "loss_ratio": Sessions(
        breaks=lambda: _lossy_record(good(), "1.03"),
        legal=lambda: with_ratio(5, "1.05"),
        strict=True,
    ),
    "loss_energy": Sessions(
        breaks=lambda: good().change("realtime_data", lambda v: v.energy > 1, loss_energy=0),
        legal=lambda: good().change("realtime_data", lambda v: v.energy > 1, loss_energy=lambda v: v + Decimal("0.01")),
    ),
    "amount_by_price": Sessions(
        breaks=lambda: good().change("realtime_data", lambda v: v.energy > 1, amount=_times("0.7")),
        legal=lambda: good().change("realtime_data", lambda v: v.status == 3, amount=lambda v: v + Decimal("0.009")),
    ),
}
