"""Drawings of a report as numbers: the power curve of a charge over its tariffs, and the cases on a line of time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from harness.core.outcome import CaseOutcome, ChargeCurve, TariffBand
from harness.core.pairs import Pair
from harness.core.verdict import Verdict
from harness.report.words import word

# The picture is as wide as a phone; the page scales it.
LEFT, RIGHT, TOP, BOTTOM = 36.0, 404.0, 6.0, 150.0
LINE_WIDTH = 97.0  # per cent: the line of time is as wide as the page, its words keep their size
LEAST_BAR, GAP = 1.4, 0.3
SECONDS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)
RANKS = ("sharp", "peak", "flat", "valley")  # dearer is darker
HALF_A_SECOND = timedelta(seconds=0.5)  # a boundary found a little early still bears its own minute
WIDE_ENOUGH = 96.0  # for energy and amount of a band


class Tick(NamedTuple):
    """A mark on an axis."""

    at: float
    text: str
    edge: bool = False


class Band(NamedTuple):
    """A tariff behind the curve."""

    x: float
    width: float
    rank: str
    label: Pair
    energy: str
    amount: str


class Chart(NamedTuple):
    """A charge as a picture; `end` is the place where the power curve ends."""

    bands: tuple[Band, ...]
    power: str
    end: tuple[float, float]
    energy: str
    powers: tuple[Tick, ...]
    energies: tuple[Tick, ...]
    times: tuple[Tick, ...]
    edges: tuple[float, ...]
    caption: Pair
    spoken: Pair


class Bar(NamedTuple):
    """A case on the line of time; `n` is its place in the list."""

    x: float
    width: float
    state: str
    n: int


class Line(NamedTuple):
    """All cases on the line of time."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]


def ranks(bands: Sequence[TariffBand]) -> dict[str, str]:
    """How dark each label is drawn: the dearest first, whatever the protocol calls it."""
    prices = {band.label: band.price for band in bands}
    if set(prices) <= set(RANKS):
        return {label: label for label in prices}
    dearest_first = sorted(prices, key=lambda label: -prices[label])
    return {label: RANKS[min(place, len(RANKS) - 1)] for place, label in enumerate(dearest_first)}


def draw(curve: ChargeCurve) -> Chart | None:
    """The picture of a charge; None when there is too little to draw."""
    start = min([point.t for point in curve.points[:1]] + [band.start for band in curve.bands[:1]], default=0.0)
    end = max([point.t for point in curve.points[-1:]] + [band.end for band in curve.bands[-1:]], default=0.0)
    if len(curve.points) < 2 or end <= start:
        return None
    powers = _nice([float(point.power) for point in curve.points])
    energies = _nice([float(point.energy) for point in curve.points])
    edges = tuple(_x(after.start, start, end) for before, after in pairwise(curve.bands))
    return Chart(
        bands=tuple(_band(band, ranks(curve.bands), start, end) for band in curve.bands),
        power=_path([(point.t, float(point.power)) for point in curve.points], start, end, powers[-1]),
        end=(_x(curve.points[-1].t, start, end), _y(float(curve.points[-1].power), powers[-1])),
        energy=_path(_growing(curve), start, end, energies[-1]),
        powers=tuple(Tick(_y(value, powers[-1]), f"{value:g}") for value in powers),
        energies=tuple(Tick(_y(value, energies[-1]), f"{value:g}") for value in energies[1:]),
        times=tuple(_times(curve, start, end)),
        edges=edges,
        caption=_caption(curve),
        spoken=_spoken(curve, start, end),
    )


def line_of_time(cases: Sequence[CaseOutcome], zone_times: Sequence[tuple[datetime, datetime] | None]) -> Line | None:
    """The cases on a line; `zone_times` are their local begin and end, None for those not played."""
    played = [times for times in zone_times if times is not None]
    if not played:
        return None
    first, last = min(begin for begin, _ in played), max(end for _, end in played)
    span = max((last - first).total_seconds(), 1.0)
    bars = []
    for number, (case, times) in enumerate(zip(cases, zone_times, strict=True), 1):
        if times is not None:
            x, width = (seconds * LINE_WIDTH / span for seconds in _from(first, *times))
            width = max(width - GAP, LEAST_BAR)
            bars.append(Bar(round(min(x, LINE_WIDTH - width), 2), round(width, 2), state(case.verdict), number))
    return Line(tuple(bars), tuple(_clock_ticks(first, span, LINE_WIDTH, 0.0, 6)))


def state(verdict: Verdict) -> str:
    """The class of a verdict: its colour and shape."""
    return {
        Verdict.PASSED: "ok",
        Verdict.REMARK: "remark",
        Verdict.FAILED: "bad",
        Verdict.BROKEN: "hold",
        Verdict.NOT_EARNED: "hold",
        Verdict.NOT_APPLICABLE: "na",
    }[verdict]


def _from(first: datetime, begin: datetime, end: datetime) -> tuple[float, float]:
    return (begin - first).total_seconds(), (end - begin).total_seconds()


def _band(band: TariffBand, rank: dict[str, str], start: float, end: float) -> Band:
    x = _x(band.start, start, end)
    width = _x(band.end, start, end) - x
    wide = width >= WIDE_ENOUGH
    return Band(
        x=x,
        width=round(width, 1),
        rank=rank[band.label],
        label=(band.label_zh if width >= 24 else "", band.label_en if width >= 44 else ""),
        energy=f"{band.energy} kWh" if wide and band.energy is not None else "",
        amount=f"{band.amount}" if wide and band.amount is not None else "",
    )


def _x(t: float, start: float, end: float) -> float:
    share = (min(max(t, start), end) - start) / (end - start)
    return round(LEFT + share * (RIGHT - LEFT), 1)


def _y(value: float, top: float) -> float:
    return round(BOTTOM - value / top * (BOTTOM - TOP) * 0.72, 1)  # the upper part is for the words of the bands


def _nice(values: Sequence[float]) -> list[float]:
    """Axis marks from 0, three or so, with room for the largest value."""
    largest = max([*values, 0.001])
    step = 10.0 ** math.floor(math.log10(largest / 3))
    step = next(step * factor for factor in (1, 2, 2.5, 5, 10) if step * factor * 3 >= largest)
    marks = [0.0]
    while marks[-1] < largest:
        marks.append(round(marks[-1] + step, 6))
    return marks


def _growing(curve: ChargeCurve) -> list[tuple[float, float]]:
    """The energies up to the last that is not 0: an idle gun reports none."""
    energies = [(point.t, float(point.energy)) for point in curve.points]
    while len(energies) > 1 and not energies[-1][1]:
        energies.pop()
    return energies


def _path(points: Sequence[tuple[float, float]], start: float, end: float, top: float) -> str:
    return "M" + " L".join(f"{_x(t, start, end)},{_y(value, top)}" for t, value in points)


def _times(curve: ChargeCurve, start: float, end: float) -> list[Tick]:
    """Marks of the pile's clock; the boundaries of tariffs are marks of their own, and others keep away from them."""
    clock = datetime.fromisoformat(curve.clock) if curve.clock else datetime(2000, 1, 1)
    edges = [band.start for band in curve.bands[1:]]
    marks = [Tick(_x(t, start, end), f"{clock + timedelta(seconds=t) + HALF_A_SECOND:%H:%M}", True) for t in edges]
    usual = _clock_ticks(clock + timedelta(seconds=start), end - start, RIGHT - LEFT, LEFT, 5)
    return marks + [tick for tick in usual if all(abs(tick.at - mark.at) > 44 for mark in marks)]


def _clock_ticks(first: datetime, span: float, width: float, left: float, most: int) -> list[Tick]:
    """Marks at round times of day, not more than `most`."""
    step = next((seconds for seconds in SECONDS if span / seconds <= most), SECONDS[-1])
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    since = (first - midnight).total_seconds()
    form = "%H:%M" if step >= 60 else "%H:%M:%S"
    at = (since // step + 1) * step if since % step else since
    ticks = []
    while at <= since + span:
        x = left + (at - since) / span * width
        ticks.append(Tick(round(x, 2), f"{midnight + timedelta(seconds=at):{form}}"))
        at += step
    return ticks


def _caption(curve: ChargeCurve) -> Pair:
    zh, en = word("axis")
    if not curve.clock_offset:
        return zh, en
    minutes, seconds = divmod(round(abs(curve.clock_offset)), 60)
    sign = "+" if curve.clock_offset > 0 else "−"
    by = (f"{sign}{minutes} 分 {seconds} 秒", f"{sign}{minutes} min {seconds} s")
    moved_zh, moved_en = word("axis_moved", by=by)
    return zh + moved_zh, en + moved_en


def _spoken(curve: ChargeCurve, start: float, end: float) -> Pair:
    clock = datetime.fromisoformat(curve.clock) if curve.clock else datetime(2000, 1, 1)
    return word(
        "chart",
        start=f"{clock + timedelta(seconds=start):%H:%M:%S}",
        end=f"{clock + timedelta(seconds=end):%H:%M:%S}",
        power=f"{max(point.power for point in curve.points):.1f}",
        energy=max(point.energy for point in curve.points),
    )
