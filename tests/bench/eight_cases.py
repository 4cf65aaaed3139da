"""The eight cases in pretend time, with log and report, in a process of their own."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from harness.core.journal import Memory, Record
from harness.core.operator import Firmware
from harness.core.outcome import CaseOutcome
from harness.data import data_root
from harness.pictures import read_qr
from harness.profiles import load_profile
from harness.protocols.ykc.language import YkcLanguage
from harness.report.html import to_html
from harness.report.outcome import to_json
from harness.sim.tabletop import Table, play_all
from harness.store.database import open_store
from harness.store.ownership import take_ownership
from harness.store.recorder import Recorder

CASES = ("qr_set", "single_tariff", "cross_tariff", "card", "vin", "estop", "reboot", "upgrade")


def main() -> int:
    """Play, log into SQLite, write report.html and outcome.json; 0 when all passed."""
    with tempfile.TemporaryDirectory() as name:
        return play(Path(name))


def play(folder: Path) -> int:
    """The same in a folder that is there."""
    root = data_root()
    engine = open_store(f"sqlite:///{folder / 'bench.sqlite'}")
    journals: dict[str, list[Record]] = {}
    owners = []

    def on_table(table: Table) -> None:
        owners.append(take_ownership(engine, table.clock.wall()))

    def on_case(case: CaseOutcome, memory: Memory) -> None:
        journals[case.key] = memory.records

    file = root / "fixtures" / "firmware" / "demo-V2.0.1.bin"
    outcome = play_all(
        [root / "scenarios" / "ykc" / f"{case}.yaml" for case in CASES],
        load_profile(root / "fixtures" / "piles" / "demo.yaml"),
        read_picture=read_qr,
        firmware=Firmware(str(file), "V2.0.1", file.stat().st_size),
        on_table=on_table,
        on_case=on_case,
    )
    recorder = Recorder(engine, owners[0].process)
    for key, records in journals.items():
        for record in records:
            recorder(key, record)
    recorder.end_run(outcome)
    recorder.close()
    (folder / "report.html").write_text(to_html(outcome, journals, YkcLanguage().read), encoding="utf-8")
    (folder / "outcome.json").write_text(to_json(outcome, journals), encoding="utf-8")
    print(outcome.verdict.value)
    return 0 if outcome.verdict.value == "PASSED" else 1


if __name__ == "__main__":
    sys.exit(main())
