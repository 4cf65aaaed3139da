"""report.html: one file that holds everything it needs, in Chinese with a switch to English."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from harness.core.outcome import RunOutcome
from harness.core.pairs import Pair, parted
from harness.report.case_part import Mark
from harness.report.outcome import Journals, Read
from harness.report.page import Page, ResultLine, page
from harness.report.review import Note, Review
from harness.report.words import word

TEMPLATES = Path(__file__).parent / "templates"
LANGUAGES = ("zh", "en")


def to_html(
    outcome: RunOutcome,
    journals: Journals,
    read: Read,
    language: str = "zh",
    facts: tuple[tuple[Pair, Pair], ...] = (),
    review: Review | None = None,
) -> str:
    """The report of a run; `language` is the one it opens in, `facts` stand before what it knows by itself.

    With a `review` the headline is what people decided, and not what was measured.
    """
    footer = re.sub(r"[^\w .·-]", " ", f"{outcome.profile.model} · {outcome.pile_code}")  # it stands in a CSS string
    css = (TEMPLATES / "report.css").read_text(encoding="utf-8").replace("FOOTER", footer)
    shown = page(outcome, journals, read)
    shown = shown._replace(facts=(*facts, *shown.facts))
    shown = shown if review is None else _reviewed(shown, review)
    return _template().render(page=shown, word=word, parted=parted, css=Markup(css), lang=LANGUAGES.index(language))


def _reviewed(shown: Page, review: Review) -> Page:
    """The page under what people decided."""
    sent_back = sum(note.bad for note in review.cases.values())
    return shown._replace(
        mark=Mark(review.state, review.word),
        tally=word("tally_sent_back", tally=shown.tally, n=sent_back) if sent_back else shown.tally,
        review=review.note,
        results=tuple(_line_reviewed(line, review.cases.get(line.id)) for line in shown.results),
        cases=tuple(part._replace(review=review.cases.get(part.id)) for part in shown.cases),
    )


def _line_reviewed(line: ResultLine, note: Note | None) -> ResultLine:
    """A case that was sent back reads so, whatever it came to when it was played."""
    if note is None or not note.bad:
        return line._replace(review=note)
    return line._replace(mark=Mark("bad", word("sent_back")), review=note)


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
