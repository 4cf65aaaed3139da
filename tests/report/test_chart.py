"""The numbers of the drawings."""

from datetime import datetime, timedelta
from decimal import Decimal

import msgspec
import pytest

from harness.core.outcome import ChargeCurve, TariffBand
from harness.report.chart import BOTTOM, LEFT, RIGHT, TOP, draw, ranks
from tests.report.conftest import charge

HEIGHTS = [0.05, 1.0, 7.0, 60.0, 119.9, 120.0, 350.0]


def numbers(path: str) -> list[tuple[float, float]]:
    pairs = [point.split(",") for point in path[1:].split(" L")]
    return [(float(x), float(y)) for x, y in pairs]


def of_power(kilowatts: float) -> ChargeCurve:
    curve = charge()
    points = tuple(msgspec.structs.replace(point, power=Decimal(str(kilowatts))) for point in curve.points)
    return msgspec.structs.replace(curve, points=points)


@pytest.mark.parametrize("kilowatts", HEIGHTS)
def test_the_curve_stays_inside_its_picture_below_its_highest_mark(kilowatts: float) -> None:
    chart = draw(of_power(kilowatts))
    assert chart is not None
    for x, y in numbers(chart.power):
        assert LEFT <= x <= RIGHT
        assert TOP <= y <= BOTTOM
    assert 3 <= len(chart.powers) <= 5
    assert float(chart.powers[-1].text) >= kilowatts


def test_boundaries_of_tariffs_are_marks_of_the_piles_clock() -> None:
    chart = draw(charge())
    assert chart is not None
    assert [tick.text for tick in chart.times if tick.edge] == ["14:30"]
    assert chart.edges == (chart.bands[1].x,)
    assert [band.rank for band in chart.bands] == ["sharp", "peak"]


def test_a_boundary_found_a_moment_early_bears_its_own_minute() -> None:
    curve = charge()
    early = datetime.fromisoformat(curve.clock) - timedelta(seconds=0.4)
    chart = draw(msgspec.structs.replace(curve, clock=early.isoformat()))
    assert chart is not None
    assert [tick.text for tick in chart.times if tick.edge] == ["14:30"]


def test_the_energy_line_ends_where_an_idle_gun_reports_none() -> None:
    curve = charge()
    last = msgspec.structs.replace(curve.points[-1], energy=Decimal(0))
    chart = draw(msgspec.structs.replace(curve, points=(*curve.points[:-1], last)))
    assert chart is not None
    heights = [y for _, y in numbers(chart.energy)]
    assert heights == sorted(heights, reverse=True)
    assert len(heights) == len(curve.points) - 1


@pytest.mark.parametrize("points", [0, 1])
def test_too_little_is_not_drawn(points: int) -> None:
    assert draw(msgspec.structs.replace(charge(), points=charge().points[:points])) is None


def test_labels_that_we_do_not_know_are_ranked_by_their_price() -> None:
    def band(label: str, price: str) -> TariffBand:
        return TariffBand(label=label, label_zh="", label_en="", start=0, end=1, price=Decimal(price))

    assert ranks([band("night", "0.3"), band("day", "1.1")]) == {"day": "sharp", "night": "peak"}
