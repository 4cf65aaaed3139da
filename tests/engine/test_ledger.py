"""Bounds on the energy of a charge, from reports that may be 15 s old and a clock that may be off."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.amounts import Price, Reading, Tariff
from harness.core.journal import ClockGiven, EventSeen, Opened, Record
from harness.engine.charge import Report
from harness.engine.ledger import NOTHING, Bounds, Curve, _rising, by_label, stretches
from harness.engine.view import View
from tests.engine.playing import LANGUAGE

KW = Decimal(36)  # 0.01 kWh a second
PRICE = Price(Decimal("1"), Decimal("0.5"))
TARIFF = Tariff("0100", {"a": PRICE, "b": PRICE}, ("a", "b") * 24)


def report(at: float, energy: str, status: str = "charging", current: str = "90") -> Report:
    reading = Reading(
        serial="1",
        gun_no="01",
        status=status,
        plugged=True,
        voltage=Decimal(400),
        current=Decimal(current),
        energy=Decimal(energy),
        amount=Decimal(0),
        soc=0,
        estop=False,
    )
    return Report(int(at) + 1000, at, reading)


def curve(*reports: Report, start: float = 0, end: float = 120) -> Curve:
    return Curve(reports, KW, start, end)


def opened(wall: str = "2026-04-17T02:20:00+00:00", *events: tuple[float, ClockGiven]) -> View:
    records: list[Record] = [EventSeen(1, 0.0, Opened(wall=wall, gun_no="01"))]
    records += [EventSeen(2 + number, at, event) for number, (at, event) in enumerate(events)]
    return View(records, LANGUAGE)


def test_before_the_start_nothing_has_flowed() -> None:
    assert curve(report(10, "0.05")).at(0) == NOTHING
    assert curve(report(10, "0.05")).at(-5) == NOTHING


def test_a_report_says_at_least_now_and_at_most_fifteen_seconds_ago() -> None:
    bounds = curve(report(60, "0.20")).at(60)
    assert bounds.low == Decimal("0.20")
    assert bounds.high == Decimal("0.20") + KW * 15 / 3600
    assert curve(report(60, "0.40")).at(45).high == Decimal("0.40")


def test_before_a_first_report_no_more_than_the_power_allows() -> None:
    assert curve(report(60, "0.50")).at(10) == Bounds(Decimal(0), KW * 10 / 3600, ())


def test_after_the_end_nothing_flows_any_more() -> None:
    charge = curve(report(60, "0.50"), end=70)
    assert charge.at(500) == charge.at(70) == charge.total


def test_only_frames_that_say_something_are_cited() -> None:
    reports = [report(at, f"{at / 100:.4f}") for at in range(15, 121, 15)]
    assert len(curve(*reports).at(70).frames) <= 2


def test_between_two_moments_slack_widens_both_sides() -> None:
    reports = [report(at, f"{at / 100:.4f}") for at in range(5, 121, 5)]
    narrow, wide = curve(*reports).between(40, 80, 0), curve(*reports).between(40, 80, 10)
    assert wide.low < narrow.low <= Decimal("0.4") <= narrow.high < wide.high


@given(
    power=st.integers(1, 60),
    every=st.integers(3, 15),
    stale=st.integers(0, 15),
    boundary=st.integers(1, 119),
    late=st.integers(-5, 5),
)
def test_an_honest_charge_lies_within_its_bounds(power: int, every: int, stale: int, boundary: int, late: int) -> None:
    def true(at: float) -> Decimal:
        return (Decimal(power) * Decimal(min(max(at, 0), 120)) / 3600).quantize(Decimal("0.0001"))

    reports = [report(at, str(true(at - stale))) for at in range(every, 121, every)]
    honest = Curve(reports, Decimal(power), 0, 120)
    assert honest.total.holds(true(120), Decimal("0.0001"))
    first, second = honest.between(-5, boundary, 5), honest.between(boundary, 125, 5)
    crossed = true(boundary + late)
    assert first.holds(crossed, Decimal("0.0001"))
    assert second.holds(true(120) - crossed, Decimal("0.0001"))


def test_energy_of_an_earlier_charge_and_zeros_after_the_end_are_left_out() -> None:
    reports = [report(1, "25.0"), report(2, "0"), report(16, "0.1"), report(31, "0.2"), report(40, "0", "idle")]
    assert [r.at for r in _rising(reports)] == [16, 31]


def test_reports_before_energy_flows_stay() -> None:
    reports = [report(1, "0"), report(16, "0"), report(31, "0.2")]
    assert [r.at for r in _rising(reports)] == [1, 16, 31]
    assert [r.at for r in _rising(reports[:2])] == [1, 16]


def test_a_charge_is_cut_where_the_piles_clock_passes_a_change() -> None:
    """The journal opens at 10:20 local time: changes at 600 s and 2400 s."""
    parts = stretches(opened(), TARIFF, 0, 500, 2500)
    assert [(part.label, part.start, part.end) for part in parts] == [
        ("a", 500, 600),
        ("b", 600, 2400),
        ("a", 2400, 2500),
    ]


def test_a_moved_clock_moves_the_cut() -> None:
    view = opened("2026-04-17T02:20:00+00:00", (1.0, ClockGiven(what="moved", offset=500.0)))
    assert [part.end for part in stretches(view, TARIFF, 50, 50, 200)] == [100, 200]


def test_a_move_that_turned_out_void_was_never_given() -> None:
    void = ClockGiven(what="void", detail="an hour off")
    view = opened("2026-04-17T02:20:00+00:00", (1.0, ClockGiven(what="moved", offset=500.0)), (40.0, void))
    assert view.offset(20) == 0.0
    assert len(stretches(view, TARIFF, 20, 20, 200)) == 1


@pytest.mark.parametrize(("end", "count"), [(2500, 3), (4900, 4)])
def test_a_label_twice_in_a_charge_has_both_parts(end: int, count: int) -> None:
    """Across two changes the first label comes again; its bounds add up."""
    view = opened("2026-04-17T02:20:00+00:00")
    reports = [report(at, f"{at / 1000:.4f}") for at in range(5, end, 15)]
    charge = Curve(reports, Decimal("3.6"), 0, end)
    bounds = by_label(view, TARIFF, charge)
    parts = stretches(view, TARIFF, 0, 0, charge.end)
    wanted = {label: Decimal(sum(p.end - p.start for p in parts if p.label == label)) / 1000 for label in ("a", "b")}
    assert len(parts) == count
    for label, energy in wanted.items():
        assert bounds[label].low < energy < bounds[label].high
    assert sum(b.low for b in bounds.values()) <= charge.total.low


def test_a_label_that_was_never_in_force_has_nothing() -> None:
    charge = Curve([report(60, "0.5")], KW, 0, 100)
    assert by_label(opened(), TARIFF, charge)["b"] == NOTHING


def test_near_a_boundary_the_next_label_may_have_a_little() -> None:
    """Nothing shows what the clock says: it may be off by 60 s (R-BM-11)."""
    charge = Curve([report(at, f"{(at - 500) / 100:.4f}") for at in range(510, 571, 10)], KW, 500, 570)
    bounds = by_label(opened(), TARIFF, charge)["b"]
    assert bounds.low == 0
    assert Decimal("0.2") < bounds.high < Decimal("0.7")


def test_the_wall_clock_of_a_journal_is_utc() -> None:
    assert opened().pile_time(0) == datetime(2026, 4, 17, 10, 20)
    assert datetime.fromisoformat(opened().opened.wall).tzinfo == UTC
