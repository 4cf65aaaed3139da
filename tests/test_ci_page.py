"""What docs/ci.md tells people to copy into their builds is right: YAML, commands, files, and the code in it."""

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.app.expecting import load_expected
from harness.app.plan import all_scenarios, find_scenarios
from harness.cli import parser
from harness.core.known import Known
from harness.data import data_root
from harness.report.run_sarif import run_sarif
from harness.sim.script import load_script
from tests.helpers.pages import DOCS
from tests.report.conftest import Made, made
from tests.report.test_rules import audited, known_as

__all__ = ["audited", "made"]

PAGES = ("ci.md", "ci.zh-CN.md")
SCENARIOS = data_root() / "scenarios" / "ykc"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"(?:venv/bin/)?harness run [^'`\n\\]*(?:\\\n[^'`\n\\]*)*")
FILES = ("out/junit.xml", "out/harness.sarif")


def blocks(language: str, page: str = "ci.md") -> list[str]:
    text = (DOCS / page).read_text(encoding="utf-8")
    return [code for kind, code in BLOCK.findall(text) if kind == language]


def block(begin: str) -> Any:
    return yaml.safe_load(next(code for code in blocks("yaml") if begin in code))


def texts(value: object) -> Iterator[str]:
    """Every text in parsed YAML."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)


def commands(parsed: object) -> list[list[str]]:
    found = [command for text in texts(parsed) for command in COMMAND.findall(text.replace("\n", " "))]
    return [shlex.split(command)[1:] for command in found]


def of_jenkins() -> list[list[str]]:
    (code,) = blocks("groovy")
    return [shlex.split(command.replace("\\\n", " "))[1:] for command in COMMAND.findall(code)]


BUILDS = {
    "github": lambda: commands(block(".github/workflows/pile.yml")),
    "gitlab": lambda: commands(block(".gitlab-ci.yml")),
    "jenkins": of_jenkins,
}


@pytest.mark.parametrize("page", PAGES)
def test_every_piece_of_yaml_can_be_read(page: str) -> None:
    assert blocks("yaml", page)
    assert all(yaml.safe_load(code) for code in blocks("yaml", page))


@pytest.mark.parametrize("build", BUILDS)
def test_each_build_runs_a_simulated_pile_and_one_on_the_bench_with_all_that_is_shown(build: str) -> None:
    simulated, bench = (parser().parse_args(command) for command in BUILDS[build]())
    assert (simulated.target, bench.target, bench.listen) == ("sim", "listen", "0.0.0.0:5456")
    assert simulated.speed > 1
    for each in (simulated, bench):
        assert (each.junit, each.sarif) == FILES
        assert (each.expect, each.report) == ("piles/known.yaml", "out")
        assert find_scenarios(each.cases, SCENARIOS)


@pytest.mark.parametrize("page", PAGES)
def test_commands_in_the_text_are_commands_of_ours(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    found = [each for each in re.findall(r"`(harness run [^`]*)`", text) if "--pile" in each]
    assert len(found) >= 3
    for command in found:
        assert parser().parse_args(shlex.split(command)[1:]).pile


def test_what_builds_publish_is_what_runs_write() -> None:
    actions = block(".github/workflows/pile.yml")["jobs"]
    for job in actions.values():
        given = [step["with"] for step in job["steps"] if "with" in step]
        assert {each["report_paths"] for each in given if "report_paths" in each} == {FILES[0]}
        assert {each["sarif_file"] for each in given if "sarif_file" in each} == {FILES[1]}
        assert job["permissions"]["security-events"] == "write"
    hidden = block(".gitlab-ci.yml")[".harness"]
    assert hidden["artifacts"]["reports"] == {"junit": FILES[0], "codequality": "out/codequality.json"}
    (jenkins,) = blocks("groovy")
    assert (
        jenkins.count("junit testResults: 'out/junit.xml'") == jenkins.count("sarif(pattern: 'out/harness.sarif'") == 2
    )
    assert jenkins.count("{") == jenkins.count("}")


@pytest.mark.parametrize("page", PAGES)
def test_the_list_of_known_failures_on_the_page_is_one(page: str, tmp_path: Path) -> None:
    path = tmp_path / "known.yaml"
    path.write_text(next(code for code in blocks("yaml", page) if "known:" in code), encoding="utf-8")
    known = load_expected(path, [case.id for case in all_scenarios(SCENARIOS)])
    assert isinstance(known[0], Known)
    assert (known[0].case, known[0].finding, known[0].until) == ("single_tariff", "energy_mismatch", "2026-12-31")


def test_the_file_of_answers_on_the_page_is_one(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text(next(code for code in blocks("yaml") if "prompt: plug_in" in code), encoding="utf-8")
    assert load_script(path)


def test_gitlabs_code_quality_is_made_from_our_sarif_without_what_is_known(audited: Made, tmp_path: Path) -> None:
    (script,) = block(".gitlab-ci.yml")[".harness"]["after_script"]
    code = script.partition("<<'EOF'\n")[2].partition("EOF")[0]
    outcome = known_as(audited.outcome, ("cross_tariff", "energy_mismatch"))
    sarif, made_of_it = tmp_path / "harness.sarif", tmp_path / "codequality.json"
    sarif.write_text(run_sarif(outcome, audited.journals, "piles/sim.yaml", "out"), encoding="utf-8")
    subprocess.run([sys.executable, "-", sarif, made_of_it], input=code, text=True, check=True)
    found = json.loads(made_of_it.read_text("utf-8"))
    assert "cross_tariff/energy_mismatch" not in {each["check_name"] for each in found}
    assert {each["severity"] for each in found} == {"critical", "major", "info"}
    assert len({each["fingerprint"] for each in found}) == len(found) == 4
    assert {each["location"]["path"] for each in found} == {"piles/sim.yaml"}
