"""Which cases are meant by what was typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.app.plan import all_scenarios, find_scenarios, plan
from harness.cli import parser
from harness.core.errors import PersonError
from harness.data import data_root
from harness.settings import Settings

PILE = str(data_root() / "fixtures" / "piles" / "demo.yaml")
FOLDER = data_root() / "scenarios" / "ykc"


def ids(*asked: str) -> list[str]:
    return [scenario.id for scenario in find_scenarios(asked, FOLDER)]


def test_without_a_name_the_eight_that_a_model_must_pass_are_meant_in_their_order() -> None:
    assert ids() == ["qr_set", "single_tariff", "cross_tariff", "card", "vin", "estop", "reboot", "upgrade"]
    assert ids() == ids("main")


def test_a_suite_is_named_like_a_case_and_stands_for_all_of_it() -> None:
    assert ids("guns")[:3] == ["two_guns_stop", "two_guns_estop", "two_guns_reboot"]
    assert ids("qr_set", "guns")[:2] == ["qr_set", "two_guns_stop"]
    assert {scenario.head.suite for scenario in find_scenarios(("link",), FOLDER)} == {"link"}


def test_all_there_are_begin_with_those_that_a_model_must_pass() -> None:
    every = all_scenarios(FOLDER)
    assert {scenario.id for scenario in every} == {path.stem for path in FOLDER.glob("*.yaml")}
    assert {scenario.head.suite for scenario in every[:8]} == {"main"}


def test_all_stands_for_every_case_there_is() -> None:
    assert ids("all") == [scenario.id for scenario in all_scenarios(FOLDER)]


@pytest.mark.parametrize(("target", "site"), [("sim", "bench"), ("listen", "live")])
def test_a_simulated_pile_stands_on_a_bench_and_a_real_one_where_its_profile_says(
    target: str, site: str, tmp_path: Path
) -> None:
    text = (data_root() / "fixtures" / "piles" / "demo.yaml").read_text("utf-8")
    profile = tmp_path / "pile.yaml"
    profile.write_text(text.replace("site: bench\n", ""), "utf-8")
    args = parser().parse_args(["run", "--pile", str(profile), "--target", target, "--report", str(tmp_path)])
    assert plan(Settings(), args).profile.site == site


def test_known_failures_may_be_of_any_case_there_is_and_of_those_of_a_file(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text((FOLDER / "card.yaml").read_text("utf-8").replace("id: card", "id: mine"), "utf-8")
    listed = tmp_path / "known.yaml"
    entry = "  - {{case: {}, finding: card_wrong, reason: r, until: 2026-12-31}}\n"
    listed.write_text("known:\n" + entry.format("mine") + entry.format("reboot"), "utf-8")
    asked = ["--pile", PILE, "--target", "sim", "--expect", str(listed), "--strict"]
    found = plan(Settings(), parser().parse_args(["run", str(mine), *asked]))
    assert [each.case for each in found.known] == ["mine", "reboot"]
    assert found.strict
    with pytest.raises(PersonError, match="there is no case 'mine'"):
        plan(Settings(), parser().parse_args(["run", "card", *asked]))


@pytest.mark.parametrize("option", ["--junit", "--sarif"])
def test_a_file_that_cannot_be_written_is_told_before_anything_is_opened(option: str, tmp_path: Path) -> None:
    asked = ["run", "card", "--pile", PILE, "--target", "sim", option]
    for place in (str(tmp_path), "/proc/nowhere/x.xml"):
        with pytest.raises(PersonError, match="cannot be written"):
            plan(Settings(), parser().parse_args([*asked, place]))
    kept = tmp_path / "kept.xml"
    kept.write_text("before", "utf-8")
    plan(Settings(), parser().parse_args([*asked, str(kept)]))
    assert kept.read_text("utf-8") == "before"
    plan(Settings(), parser().parse_args([*asked, str(tmp_path / "new" / "it.xml")]))
    assert not list((tmp_path / "new").iterdir())


def test_a_name_that_means_nothing_is_told_with_those_there_are() -> None:
    with pytest.raises(PersonError, match=r"there is no case 'gunz'; there are .*two_guns_stop"):
        ids("gunz")


def test_an_empty_list_of_known_failures_is_a_list_too(tmp_path: Path) -> None:
    (tmp_path / "known.yaml").write_text("known: []\n", "utf-8")
    asked = ["run", "card", "--pile", PILE, "--target", "sim"]
    listed = plan(Settings(), parser().parse_args([*asked, "--expect", str(tmp_path / "known.yaml")]))
    assert (listed.known, listed.expects) == ((), True)
    assert not plan(Settings(), parser().parse_args(asked)).expects


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(PersonError, match="does not exist"):
        find_scenarios((), tmp_path / "gone")
