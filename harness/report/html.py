"""report.html: one file that holds everything it needs, in Chinese with a switch to English."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from harness.core.outcome import RunOutcome
from harness.core.pairs import parted
from harness.report.outcome import Journals, Pair, Read
from harness.report.page import page
from harness.report.words import word

TEMPLATES = Path(__file__).parent / "templates"
LANGUAGES = ("zh", "en")


def to_html(
    outcome: RunOutcome, journals: Journals, read: Read, language: str = "zh", facts: tuple[tuple[Pair, Pair], ...] = ()
) -> str:
    """The report of a run; `language` is the one it opens in, `facts` stand before what it knows by itself."""
    footer = re.sub(r"[^\w .·-]", " ", f"{outcome.profile.model} · {outcome.pile_code}")  # it stands in a CSS string
    css = (TEMPLATES / "report.css").read_text(encoding="utf-8").replace("FOOTER", footer)
    shown = page(outcome, journals, read)
    shown = shown._replace(facts=(*facts, *shown.facts))
    return _template().render(page=shown, word=word, parted=parted, css=Markup(css), lang=LANGUAGES.index(language))


@cache
def _template() -> Template:
    """The page's template; compiling it takes as long as filling it."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2")
