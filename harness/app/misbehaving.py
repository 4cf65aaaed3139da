"""`harness faults`: what a simulated pile can do wrong, and how it can be unusual."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from typing import Any

import msgspec

from harness.sim.ykc.dialects import DIALECTS
from harness.sim.ykc.faults.table import GROUPS


def listed(args: argparse.Namespace) -> int:
    """All faults with their case and finder, then all dialects."""
    if args.json:
        print(json.dumps(as_json(), ensure_ascii=False, indent=2))
    else:
        _print()
    return 0


def as_json() -> dict[str, Any]:
    """Both lists as plain values."""
    faults = [{"group": group, **_plain(fault, "apply")} for group, known in GROUPS.items() for fault in known]
    return {"faults": faults, "dialects": [_plain(dialect, "apply") for dialect in DIALECTS.values()]}


def _plain(value: msgspec.Struct, *without: str) -> dict[str, Any]:
    return {name: item for name, item in msgspec.structs.asdict(value).items() if name not in without}


def _print() -> None:
    from harness.tables import console, table  # rich takes its time to load

    faults = table("故障 fault", "做错了什么 what is wrong", "场景 case", "谁发现 found by")
    for known in GROUPS.values():
        for fault in known:
            faults.add_row(fault.name, _both(fault.zh, fault.en), fault.case, fault.found_by)
    dialects = table("方言 dialect", "合法但少见 legal but unusual")
    for dialect in DIALECTS.values():
        dialects.add_row(dialect.name, _both(dialect.zh, dialect.en))
    _out(console(), (faults, dialects))


def _both(zh: str, en: str) -> str:
    return f"{zh}\n{en}"


def _out(out: Any, tables: Iterable[Any]) -> None:
    for each in tables:
        out.print(each)
        out.print()
