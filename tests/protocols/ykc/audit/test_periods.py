"""Energies by price: what the reports bound, and which records are not judged."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from harness.core.amounts import Tariff
from harness.core.journal import ClockGiven, Opened
from harness.protocols.ykc.audit.rules.periods import MOST_POINTS, Curve, labels_in
from harness.protocols.ykc.tariffs import LABELS, half_hour_tariff, tariff_values
from tests.protocols.ykc.audit.billing_sessions import moved_parts
from tests.protocols.ykc.audit.edited import ALL, Edited, checks, good

NOON = datetime(2026, 4, 17, 12, 0)
FLAT = Tariff("0100", half_hour_tariff().prices, ("flat",) * 48)


def curve(*points: tuple[float, str]) -> Curve:
    made = Curve()
    for at, energy in points:
        made.add(at, Decimal(energy))
    return made


def test_the_energy_at_a_moment_lies_between_the_reports_before_and_after_it() -> None:
    made = curve((0, "0"), (15, "1"), (30, "2"))
    assert made.least(14.9) == 0
    assert made.least(15) == 1
    assert made.most(0, Decimal(9)) == 1  # a report may be 15 s old: only the one at 15 s or later bounds it
    assert made.most(0.1, Decimal(9)) == 2
    assert made.most(15.1, Decimal(9)) == 9


def test_energy_reported_higher_than_later_was_not_of_this_charge() -> None:
    made = curve((0, "25"), (15, "0.1"), (30, "0.2"))
    assert made.energy == [Decimal("0.1"), Decimal("0.2")]


def test_a_long_charge_keeps_its_first_and_last_points() -> None:
    made = curve(*((at, str(at)) for at in range(MOST_POINTS + 10)))
    assert len(made.at) < MOST_POINTS
    assert made.at[0] == 0
    assert made.at[-1] == MOST_POINTS + 9
    assert made.least(1000.5) <= Decimal(1000)


@pytest.mark.parametrize(
    ("start", "end", "labels"),
    [
        (NOON, NOON + timedelta(minutes=29), {"sharp"}),
        (NOON - timedelta(seconds=1), NOON, {"valley", "sharp"}),
        (NOON, NOON + timedelta(minutes=60), {"sharp", "peak", "flat"}),
        (NOON, NOON + timedelta(days=400), set(LABELS)),
    ],
)
def test_the_labels_of_a_stretch_of_time(start: datetime, end: datetime, labels: set[str]) -> None:
    assert labels_in(half_hour_tariff(), [(start, end)]) == labels


def test_without_any_time_every_label_of_the_model_may_count() -> None:
    assert labels_in(FLAT, []) == {"flat"}


def test_a_record_tells_by_itself_that_a_price_had_no_slot_when_nothing_else_has_times() -> None:
    session = moved_parts("0.3", "single_tariff", "unused")
    session.records = [r for r in session.records if not isinstance(getattr(r, "event", None), Opened | ClockGiven)]
    assert "energy_without_slot" in checks(session.audit(times=False))


def test_without_times_nobody_says_where_a_boundary_was() -> None:
    assert "energy_split" not in checks(moved_parts("0.9", "cross_tariff").audit(times=False))


def test_a_record_that_comes_again_is_told_once() -> None:
    session = moved_parts("0.3", "single_tariff", "unused").again("transaction_record", 0.1)
    assert session.audit().counts["energy_without_slot"] == 1


@pytest.mark.parametrize(("label", "open_"), [("peak", True), ("flat", False)])
def test_which_model_counts_when_one_is_taken_amid_the_charge_is_open(label: str, open_: bool) -> None:
    session = moved_parts("0.3", "single_tariff", "unused")  # from sharp to peak
    _push_amid(session, Tariff("0100", half_hour_tariff().prices, (label,) * 48))
    assert ("energy_without_slot" not in checks(session.audit())) is open_


def _push_amid(session: Edited, tariff: Tariff) -> None:
    at = session.at("remote_stop") - 20
    session.down(at, "billing_model_set", serial=b"\1\1", **tariff_values(tariff))
    session.up(at + 0.1, "billing_model_set_reply", serial=b"\1\1", set_result=1)


def test_a_charge_that_begins_before_what_is_seen_has_no_record_to_judge() -> None:
    session = moved_parts("0.3", "single_tariff", "unused")
    serial = session.values("transaction_record").transaction_serial
    session.change("transaction_record", ALL, transaction_serial=serial[:-1] + "9")
    assert "energy_without_slot" not in checks(session.audit())


def test_a_clean_charge_over_a_boundary_is_within_its_bounds_at_any_seed() -> None:
    for seed in range(4):
        assert checks(good("cross_tariff", seed=seed).audit(strict=True)) == set()


@pytest.mark.parametrize(("factor", "told"), [("1", True), ("0.6", True), ("0.4", False), ("3", False)])
def test_a_record_is_split_by_reports_that_describe_it_and_by_no_others(factor: str, told: bool) -> None:
    session = moved_parts("0.9", "cross_tariff")
    session.change(
        "realtime_data",
        lambda values: values.status == 3,
        energy=lambda energy: (energy * Decimal(factor)).quantize(Decimal("0.0001")),
    )
    assert ("energy_split" in checks(session.audit())) == told
