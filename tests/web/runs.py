"""Runs as the house shows them, filled by hand."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from harness.core.outcome import ChargeCurve, CurvePoint, TariffBand
from harness.store.desk.values import Model
from tests.web.conftest import CASES, PILE, Desk
from web.services import CaseNow, PileNow, PromptNow, ProofNow, ReadingNow, RunNow, StepNow

SCRIPT = {"X-Requested-With": "desk"}
CODE = "https://pile.example/q/3201060041770201"


def online(desk: Desk, **facts: Any) -> PileNow:
    """The pile is there, with all that a pile tells."""
    now = desk.clock.wall()
    known: dict[str, Any] = {
        "pile_code": PILE, "online": True, "peer": "198.51.100.77", "login_at": now, "program_version": "QH1.4.2",
        "heartbeat_at": now, "tariff": "accepted", "clock_offset": 1.2,
    }  # fmt: skip
    desk.house.piles[PILE] = PileNow(**{**known, **facts})
    return desk.house.piles[PILE]


def running(desk: Desk, model: Model, **changes: Any) -> RunNow:
    """The third of the seven cases that can be played charges."""
    now = desk.clock.wall()
    states = ["passed", "remark", "now", "waiting", "waiting", "waiting", "waiting"]
    played = [case for case in CASES if case.id != "vin"]
    what: dict[str, Any] = {
        "run_id": "20260417-100000-test",
        "model_id": model.id,
        "gun_no": "01",
        "state": "running",
        "version": 1,
        "at": now,
        "speed": 1.0,
        "cases": tuple(
            CaseNow(id=case.id, title=case.title, state=state) for case, state in zip(played, states, strict=True)
        ),
        "case": 2,
        "line": ("正在充电，不用操作", "Charging. Nothing to do"),
        "count_due": now + timedelta(seconds=82),
        "count_what": ("后平台自动停止", "until the platform stops it"),
        "steps": (
            StepNow(title=("下发远程启动", "Sending the start"), state="done", at=now - timedelta(seconds=60)),
            StepNow(title=("充电中", "Charging"), state="now", at=now - timedelta(seconds=38)),
            StepNow(title=("等待交易记录", "Waiting for the record"), state="waiting"),
        ),
        "reading": ReadingNow(power="59.9", voltage="401.2", current="149.3", energy="1.6816", soc="46"),
        "charge": charge(),
    }
    run = RunNow(**{**what, **changes})
    desk.house.runs[model.id] = run
    return run


def charge() -> ChargeCurve:
    """Across a price boundary."""
    points = tuple(
        CurvePoint(t, Decimal("59.9"), Decimal(n) / 4, Decimal("401.2"), Decimal("149.3"), n)
        for n, t in enumerate((0.0, 15.0, 30.0, 45.0, 60.0))
    )
    bands = (
        TariffBand(label="sharp", label_zh="尖", label_en="sharp", start=0, end=30, price=Decimal("1.49440"),
                   energy=Decimal("1.0490"), amount=Decimal("1.5676")),
        TariffBand(label="peak", label_zh="峰", label_en="peak", start=30, end=60, price=Decimal("1.29570"),
                   energy=Decimal("0.6326"), amount=Decimal("0.8197")),
    )  # fmt: skip
    return ChargeCurve(points=points, bands=bands, clock="2026-04-17T14:28:49.000")


def prompt(desk: Desk, act: str = "press_estop", kind: str = "act", **changes: Any) -> PromptNow:
    """Somebody has to act within ten minutes."""
    what: dict[str, Any] = {
        "id": 7,
        "act": act,
        "kind": kind,
        "line": ("请拍下急停按钮", "Press the emergency stop"),
        "more": ("拍下后先不要松开。桩报上急停，这一页自己关闭。", "Leave it pressed in. This page closes by itself."),
        "button": ("我已拍下", "I pressed it"),
        "due": desk.clock.wall() + timedelta(seconds=587),
        "gun_no": "01",
    }
    return PromptNow(**{**what, **changes})


def scan(desk: Desk) -> PromptNow:
    """The code on the screen is to be scanned."""
    return prompt(desk, "scan_qr", "scan", params={"gun": "1", "texts": (CODE,)})


def firmware(desk: Desk) -> PromptNow:
    """A firmware is to be chosen."""
    return prompt(desk, "choose_firmware", "firmware", params={"gun": "1", "current": "QH1.4.2"})


def proof(desk: Desk, seconds_ago: float = 1.0) -> ProofNow:
    """The frames proved an act."""
    at = desk.clock.wall() - timedelta(seconds=seconds_ago)
    return ProofNow(prompt_id=7, at=at, text=("桩报上急停", "Emergency stop seen"), by="frames", frame=1418, case=2)


def path(model: Model, what: str = "") -> str:
    return f"/models/{model.id}/run{what}"


def called(desk: Desk, name: str) -> Any:
    return next((call for call in desk.house.calls if call[0] == name), None)
