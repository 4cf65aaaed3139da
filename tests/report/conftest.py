"""A made-up run with a failed charge, a case without result and one not declared, and its journals."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from harness.core.journal import PILE, PLATFORM, EventSeen, FileFetch, FrameSeen, LinkChanged, Opened, Record
from harness.core.outcome import CaseOutcome, ChargeCurve, CurvePoint, RunOutcome, Settlement, StepOutcome, TariffBand
from harness.core.pile import PileProfile
from harness.core.verdict import Finding, Verdict
from harness.protocols.ykc import CATALOGUE

BEGIN = datetime(2026, 4, 17, 2, 0, tzinfo=UTC)
CODE = "32010600417702"
SERIAL = "32010600417702012604171000000001"


class Made(NamedTuple):
    """A run with its journals."""

    outcome: RunOutcome
    journals: dict[str, list[Record]]


def frame(n: int, name: str, **values: Any) -> FrameSeen:
    sender = PILE if CATALOGUE.by_name(name).sender == "pile" else PLATFORM
    return FrameSeen(n, n / 10, sender, CATALOGUE.encode(name, {"pile_code": CODE, **values}))


def opened(n: int, case: str) -> EventSeen:
    return EventSeen(n, 0.0, Opened(wall=BEGIN.isoformat(), run_id="r1", scenario=case))


def charge_records() -> list[Record]:
    common = {"transaction_serial": SERIAL, "gun_no": "01"}
    return [
        opened(1, "cross_tariff"),
        EventSeen(2, 0.0, LinkChanged(what="login", peer="198.51.100.7:4021", detail="QH<b>1.4.2")),
        frame(3, "login", program_version="<i>1.4", gun_count=2),
        frame(4, "realtime_data", **common, status=3, output_voltage="400.1", output_current="149.7", energy="1.0423"),
        FrameSeen(5, 0.5, PILE, b"\x00\x01\x02", "garbage"),
        frame(6, "transaction_record", **common, sharp_energy="1.1821", peak_energy="1.8635", stop_reason=0x40),
        frame(7, "heartbeat", gun_no="01"),
    ]


def charge() -> ChargeCurve:
    zero = Decimal(0)
    points = tuple(CurvePoint(15.0 * k, Decimal(60), Decimal(k) / 4, zero, zero, 4) for k in range(10))
    price = {"sharp": Decimal("1.4"), "peak": Decimal("1.2")}
    names = {"sharp": ("尖", "sharp"), "peak": ("峰", "peak"), "": ("合计", "Total")}

    def band(label: str, start: float, end: float) -> TariffBand:
        zh, en = names[label]
        return TariffBand(
            label=label, label_zh=zh, label_en=en, start=start, end=end, price=price[label], energy=Decimal("1.0490")
        )

    def row(label: str, pile: str, platform: str, ok: bool) -> Settlement:
        zh, en = names[label]
        return Settlement(label=label, label_zh=zh, label_en=en, pile=Decimal(pile), platform=Decimal(platform), ok=ok)

    return ChargeCurve(
        points=points,
        bands=(band("sharp", 0.0, 60.0), band("peak", 60.0, 135.0)),
        energies=(row("sharp", "1.1821", "1.0490", False), row("", "3.0456", "3.0456", True)),
        clock="2026-04-17T14:29:00",
        clock_offset=430.0,
        note_zh="电表差 3.0456",
        note_en="Meter difference 3.0456",
    )


def failed() -> CaseOutcome:
    wrong = Finding(
        code="energy_mismatch",
        verdict=Verdict.FAILED,
        check="energy",
        rule="R-BM-11",
        expected="1.0490 kWh",
        seen="1.1821 kWh",
        frames=(4, 6),
    )
    right = Finding(code="serial_same", verdict=Verdict.PASSED, check="serial", seen=SERIAL, frames=(4, 6))
    login = Finding(code="back_online", verdict=Verdict.PASSED, check="relogin", frames=(2, 3))
    step = StepOutcome(
        index=0, key="charge", title_zh="充电中", title_en="Charging", line=12, how="done", began=0.3, ended=135.0
    )
    return CaseOutcome(
        id="cross_tariff",
        title_zh="跨价格段充电",
        title_en="Charge across a price boundary",
        description_zh="远程启动",
        description_en="Remote start",
        verdict=Verdict.FAILED,
        findings=(right, wrong, login),
        steps=(step,),
        started=BEGIN.isoformat(),
        ended=(BEGIN + timedelta(minutes=3, seconds=44)).isoformat(),
        gun_no="01",
        charge=charge(),
        key="r1/cross_tariff",
        digest="9C41" * 16,
        rules="2026.1",
    )


def unfinished() -> CaseOutcome:
    late = Finding(
        code="operator_silent",
        verdict=Verdict.BROKEN,
        check="ask",
        frames=(9,),
        params={"minutes": 10, "act": ("请拍下桩上急停按钮", "Press the emergency stop on the pile")},
    )
    return CaseOutcome(
        id="estop",
        title_zh="急停停止",
        title_en="Emergency stop",
        verdict=Verdict.BROKEN,
        findings=(late,),
        started=(BEGIN + timedelta(minutes=4)).isoformat(),
        ended=(BEGIN + timedelta(minutes=15)).isoformat(),
        gun_no="01",
        key="r1/estop",
    )


@pytest.fixture
def made() -> Made:
    undeclared = CaseOutcome(id="vin", title_zh="VIN充电", title_en="Charge by VIN", verdict=Verdict.NOT_APPLICABLE)
    profile = PileProfile(pile_code=CODE, model="QH<script>-2", kind="dc", power_kw=120, guns=2, qr_dialect="F0")
    outcome = RunOutcome(
        run_id="r1",
        pile_code=CODE,
        profile=profile,
        started=BEGIN.isoformat(),
        ended=(BEGIN + timedelta(minutes=15)).isoformat(),
        cases=(failed(), unfinished(), undeclared),
    )
    fetch = EventSeen(9, 1.0, FileFetch(what="partial", path="0001/a.bin", size=1024, user="u1"))
    journals = {"r1/cross_tariff": charge_records(), "r1/estop": [opened(8, "estop"), fetch]}
    return Made(outcome, journals)
