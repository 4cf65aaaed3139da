"""`harness faults`, and piles that are told to be odd."""

from __future__ import annotations

import json

import pytest

from harness.cli import main
from harness.data import data_root
from harness.sim.ykc.dialects import DIALECTS
from harness.sim.ykc.faults import FAULTS

PILE = str(data_root() / "fixtures" / "piles" / "demo.yaml")


def test_the_list_names_every_fault_with_its_case_and_finder_and_every_dialect(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["faults", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [each["name"] for each in told["faults"]] == list(FAULTS)
    assert [each["name"] for each in told["dialects"]] == list(DIALECTS)
    late = next(each for each in told["faults"] if each["name"] == "record_late")
    assert late == {
        "group": "record",
        "name": "record_late",
        "zh": FAULTS["record_late"].zh,
        "en": "the record is sent 45 s after the end of the charge",
        "case": "single_tariff",
        "found_by": "record_late",
        "also": ["record_overdue"],
        "changes": "behaviour",
        "dialect": FAULTS["record_late"].dialect,
    }


def test_the_list_for_people_is_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["faults"]) == 0
    told = capsys.readouterr().out
    for each in (*FAULTS.values(), *DIALECTS.values()):
        assert each.name in told
    for each in (FAULTS["record_late"], DIALECTS["serial_zero"]):
        assert each.zh in told
        assert each.en in told


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--target", "sim", "--dialect", "serial_zer"], "did you mean serial_zero?"),
        (["--target", "listen", "--dialect", "serial_zero"], "--dialect is for --target sim"),
        (["--target", "listen", "--fault", "record_late"], "--fault is for --target sim"),
    ],
)
def test_a_pile_that_cannot_be_so_is_told_in_a_sentence(
    options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "--pile", PILE, *options]) == 2
    assert said in capsys.readouterr().err
