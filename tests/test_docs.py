"""The pages in docs/ say what the program says, and what they point to is there."""

import re
from pathlib import Path

import pytest

from harness.protocols.ykc.audit.rulebook import NOT_CHECKABLE, PLATFORM, rulebook
from harness.protocols.ykc.audit.rules import RULES
from harness.selftest.plays import CLEAN_PILES, plays
from harness.settings import Settings
from harness.sim.ykc.dialects import DIALECTS
from harness.sim.ykc.faults import FAULTS
from tests.helpers.pages import AGAIN, DOCS, MEANINGS, PAGES

CHECKOUT = DOCS.parent
READMES = [CHECKOUT / "README.md", CHECKOUT / "README.zh-CN.md", CHECKOUT / "web" / "README.md"]
WRITTEN = [*sorted(DOCS.glob("*.md")), *READMES]
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
IMAGE_LIMIT = 300_000


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_made_from_the_program_are_up_to_date(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name](), f"run {AGAIN}"


def test_every_setting_has_a_chinese_meaning() -> None:
    assert list(MEANINGS) == list(Settings.model_fields)


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: str(page.relative_to(CHECKOUT)))
def test_what_a_page_points_to_is_there(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("folder", ["pictures", "images"])
def test_pictures_stay_small(folder: str) -> None:
    pictures = list((DOCS / folder).iterdir())
    assert pictures
    assert [picture.name for picture in pictures if picture.stat().st_size > IMAGE_LIMIT] == []


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_the_readme_tells_as_many_faults_piles_and_rules_as_there_are(readme: str) -> None:
    text = (CHECKOUT / readme).read_text(encoding="utf-8")
    binding = [rule for rule in rulebook() if rule.binds != PLATFORM]
    unseen = [rule for rule in binding if rule.id in NOT_CHECKABLE]
    played = 2 * len(list(plays()))
    for number in (len(FAULTS), len(DIALECTS), len(binding), len(binding) - len(unseen), len(unseen), len(RULES)):
        assert re.search(rf"\b{number}\b", text), f"{readme} does not say {number}"
    assert f"faults {len(FAULTS)}/{len(FAULTS)} " in text
    assert f"clean piles {len(CLEAN_PILES)}，方言 dialects {len(DIALECTS)}\n" in text
    assert f"{played} 次 plays，" in text
