"""The eight cases on the tabletop, as tests play them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from harness.core.journal import Memory
from harness.core.operator import Firmware
from harness.core.outcome import CaseOutcome, RunOutcome
from harness.data import data_root
from harness.pictures import read_qr
from harness.sim.tabletop import TEN_IN_SHANGHAI, Table, play_all
from tests.sim.pretend import firmware_file, profile

CASES = ("qr_set", "single_tariff", "cross_tariff", "card", "vin", "estop", "reboot", "upgrade")


def played(
    *,
    name: str = "demo",
    cases: Sequence[str] = CASES,
    faults: Sequence[str] = (),
    dialects: Sequence[str] = (),
    seed: int = 0,
    start: datetime = TEN_IN_SHANGHAI,
    on_table: Callable[[Table], None] = lambda table: None,
    on_case: Callable[[CaseOutcome, Memory], None] = lambda outcome, memory: None,
) -> RunOutcome:
    """Play cases of the product with a pile of the fixtures."""
    file = firmware_file()
    spare = file.with_name("demo-V2.0.2.bin")
    return play_all(
        [data_root() / "scenarios" / "ykc" / f"{case}.yaml" for case in cases],
        profile(name),
        read_picture=read_qr,
        firmware=Firmware(str(file), "V2.0.1", file.stat().st_size),
        spare=Firmware(str(spare), "V2.0.2", spare.stat().st_size),
        faults=faults,
        dialects=dialects,
        seed=seed,
        start=start,
        on_table=on_table,
        on_case=on_case,
    )
