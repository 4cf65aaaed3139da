"""The page: one file, both languages, nothing from outside, everything that came from a pile escaped."""

import re
from html.parser import HTMLParser

import msgspec
import pytest

from harness.core.journal import PILE, FrameSeen
from harness.core.message import Message
from harness.core.outcome import RunOutcome
from harness.core.verdict import Place, Verdict
from harness.protocols.ykc import CATALOGUE
from harness.report.case_part import FIRST_RECORDS, LAST_RECORDS
from harness.report.html import to_html
from tests.report.conftest import Made

CJK = re.compile("[\u3000-\u9fff]")
VOID = {"meta", "input", "br", "link", "img"}


class Reader(HTMLParser):
    """Takes a page apart: tags with their attributes, and the text under each language."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, list[str]] = {"": [], "zh": [], "en": []}
        self._open: list[tuple[str, str]] = [("", "")]
        self.feed(text)
        self.close()
        assert [tag for tag, _ in self._open] == [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        self.tags.append((tag, facts))
        if tag not in VOID:
            language = facts.get("lang", self._open[-1][1]) if tag != "html" else ""
            self._open.append((tag, language))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        opened, _ = self._open.pop()
        assert opened == tag

    def handle_data(self, data: str) -> None:
        if data.strip() and self._open[-1][0] not in ("style", "title"):
            self.texts[self._open[-1][1]].append(data.strip())

    def values(self, attribute: str) -> list[str]:
        return [facts[attribute] for _, facts in self.tags if attribute in facts]


@pytest.fixture
def page(made: Made) -> Reader:
    return Reader(to_html(*made, CATALOGUE.read))


def test_it_asks_for_nothing_from_outside_and_runs_nothing(made: Made, page: Reader) -> None:
    text = to_html(*made, CATALOGUE.read)
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in page.tags}
    assert not re.search(r"url\(|@import|https?:", text)
    assert [value for value in page.values("href") if not value.startswith("#")] == []
    assert not any(name.startswith("on") for _, facts in page.tags for name in facts)


def test_what_a_pile_or_a_profile_says_is_escaped(made: Made) -> None:
    text = to_html(*made, CATALOGUE.read)
    assert "<script" not in text
    assert "<i>1.4" not in text
    assert "&lt;i&gt;1.4" in text
    assert "QH&lt;b&gt;1.4.2" in text


def test_every_link_leads_somewhere_and_every_name_is_there_once(page: Reader) -> None:
    ids = page.values("id")
    assert sorted(ids) == sorted(set(ids))
    assert {value[1:] for value in page.values("href")} <= set(ids)
    assert set(page.values("for")) <= set(ids)


def test_each_language_says_as_much_and_english_is_english(page: Reader) -> None:
    spans = [facts["lang"] for tag, facts in page.tags if tag == "span" and "lang" in facts]
    assert spans == ["zh", "en"] * (len(spans) // 2)
    assert [text for text in page.texts["en"] if CJK.search(text)] == []
    assert [text for text in page.texts[""] if CJK.search(text) and text not in ("中文",)] == []


def test_what_is_only_heard_is_in_one_language_too(page: Reader) -> None:
    """The drawings are told in words that follow the language; nothing else is named in both."""
    heard = [text for name in ("aria-label", "title", "alt") for text in page.values(name)]
    assert [text for text in heard if CJK.search(text)] == ["中文"]
    assert any("power" in text.casefold() for text in page.texts["en"])


@pytest.mark.parametrize(("language", "checked"), [("zh", "zh"), ("en", "en")])
def test_it_opens_in_the_language_asked_for(made: Made, language: str, checked: str) -> None:
    page = Reader(to_html(*made, CATALOGUE.read, language))
    assert [facts["id"] for tag, facts in page.tags if tag == "input" and "checked" in facts] == [checked]


def test_the_first_screen_says_what_failed_and_why(page: Reader) -> None:
    start = " ".join(page.texts["zh"][:60])
    assert "未通过" in start
    assert "2 项中 1 项未通过，1 项未完成" in start
    assert "上送电量与平台不匹配" in start


def test_all_verdicts_come_with_shape_and_word(made: Made) -> None:
    cases = tuple(
        msgspec.structs.replace(made.outcome.cases[0], id=verdict.value, verdict=verdict) for verdict in Verdict
    )
    text = to_html(msgspec.structs.replace(made.outcome, cases=cases), made.journals, CATALOGUE.read)
    for shape, words in (
        ("ok", "通过"),
        ("remark", "通过（有备注）"),
        ("bad", "未通过"),
        ("hold", "未完成"),
        ("na", "未申报"),
    ):
        assert re.search(rf'href="#i-{shape}"/></svg><span lang="zh">{words}</span>', text)


def test_findings_come_with_remedy_and_evidence(page: Reader) -> None:
    zh = " ".join(page.texts["zh"])
    assert "核对桩的价格段起止时间" in zh
    assert {"#cross_tariff-4", "#cross_tariff-6", "#cross_tariff-2"} <= set(page.values("href"))
    assert "原因不在桩，不算桩的错，也不算结果。" in page.texts["zh"]


def test_what_is_no_pass_has_the_code_that_a_list_of_known_failures_takes(made: Made) -> None:
    text = to_html(made.outcome, made.journals, CATALOGUE.read)
    codes = set(re.findall(r'<code class="code">(\w+)</code>', text))
    findings = [each for case in made.outcome.cases for each in case.findings]
    noted = {each.code for case in made.outcome.cases for each in case.noted()}
    assert noted - {each.code for each in findings if each.verdict is Verdict.NOT_APPLICABLE} <= codes
    assert not codes & {each.code for each in findings if each.verdict is Verdict.PASSED} - noted


def test_the_bytes_that_were_seen_are_marked(made: Made) -> None:
    text = to_html(*made, CATALOGUE.read)
    assert "<mark>2D 2E 00 00</mark>" in text  # 1.1821 kWh, low byte first
    assert "<mark>00" not in text


def test_fields_that_a_finding_names_are_marked_instead(made: Made) -> None:
    case = made.outcome.cases[0]
    findings = tuple(msgspec.structs.replace(finding, fields=("stop_reason",)) for finding in case.findings)
    cases = (msgspec.structs.replace(case, findings=findings),)
    text = to_html(msgspec.structs.replace(made.outcome, cases=cases), made.journals, CATALOGUE.read)
    assert set(re.findall("<mark>(.*?)</mark>", text)) == {"40"}


def test_the_bytes_that_a_finding_rests_on_are_marked_and_no_others(made: Made) -> None:
    case = made.outcome.cases[0]
    record = next(n for n in case.findings[1].frames if is_record(frame(made, n)))
    start, end = 108, 113
    places = (Place(frame=record, field="meter_start", start=start, end=end), Place(record, "", 0, 170))
    findings = tuple(msgspec.structs.replace(finding, places=places) for finding in case.findings)
    cases = (msgspec.structs.replace(case, findings=findings),)
    text = to_html(msgspec.structs.replace(made.outcome, cases=cases), made.journals, CATALOGUE.read)
    assert set(re.findall("<mark>(.*?)</mark>", text)) == {frame(made, record)[start:end].hex(" ").upper()}


def is_record(raw: bytes) -> bool:
    read = CATALOGUE.read(raw)
    return isinstance(read, Message) and read.name == "transaction_record"


def frame(made: Made, n: int) -> bytes:
    """The bytes of a frame."""
    records = made.journals[made.outcome.cases[0].key]
    return next(record.raw for record in records if isinstance(record, FrameSeen) and record.n == n)


def test_damage_and_events_are_shown_for_what_they_are(page: Reader) -> None:
    zh = " ".join(page.texts["zh"])
    assert "不是完整的帧：garbage" in zh
    assert "固件服务器：只发了 1024 字节" in zh


def test_a_long_case_shows_its_beginning_and_its_end_and_says_what_is_left_out(made: Made) -> None:
    key = "r1/cross_tariff"
    beat = made.journals[key][-1]
    assert isinstance(beat, FrameSeen)
    many = [FrameSeen(n, n / 10, PILE, beat.raw) for n in range(100, 2100)]
    text = to_html(made.outcome, {key: made.journals[key] + many}, CATALOGUE.read)
    shown = text.count('class="rec"') + text.count('class="rec event"')
    assert shown == FIRST_RECORDS + LAST_RECORDS
    assert f"此处省略 {len(many) + 7 - shown} 条" in text


def test_a_run_of_nothing_but_undeclared_cases_has_a_page(made: Made) -> None:
    outcome: RunOutcome = msgspec.structs.replace(made.outcome, cases=made.outcome.cases[2:])
    page = Reader(to_html(outcome, {}, CATALOGUE.read))
    assert "没有适用的场景" in page.texts["zh"]


def test_the_charge_is_drawn_and_its_sums_stand_beside_it(made: Made, page: Reader) -> None:
    text = to_html(*made, CATALOGUE.read)
    assert '<path class="power" d="M36.0,' in text
    assert "+0.1331" in text
    assert "（测试中拨动 +7 分 10 秒）" in text
    assert "14:30" in " ".join(page.texts[""])
