"""The file of known failures is read strictly: each mistake has its line, and says what would be right."""

from pathlib import Path

import pytest

from harness.app.expecting import load_expected
from harness.core.documents import DocumentError
from harness.core.known import Known
from harness.core.wording import FINDINGS
from harness.protocols.ykc.audit.rules import RULES

CASES = ("card", "single_tariff")
GOOD = """\
known:
  - case: card
    finding: card_wrong
    reason: 读卡模块换版 / new reader
    until: 2026-12-31
  - {case: session, finding: heartbeat_gap, reason: 旧模块, until: "2027-01-31"}
"""


def load(tmp_path: Path, text: str) -> tuple[Known, ...]:
    path = tmp_path / "known.yaml"
    path.write_text(text, encoding="utf-8")
    return load_expected(path, CASES)


def test_a_finding_of_a_case_and_a_check_of_the_session(tmp_path: Path) -> None:
    first, second = load(tmp_path, GOOD)
    assert first == Known(case="card", finding="card_wrong", reason="读卡模块换版 / new reader", until="2026-12-31")
    assert (second.case, second.finding, second.until) == ("session", "heartbeat_gap", "2027-01-31")


def test_a_list_may_be_empty(tmp_path: Path) -> None:
    assert load(tmp_path, "known: []\n") == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("case: card", "case: crad", "known.yaml:2: there is no case 'crad', perhaps card"),
        ("card_wrong", "card_worng", "known.yaml:3: there is no finding 'card_worng', perhaps card_wrong"),
        ("    reason: 读卡模块换版 / new reader\n", "", "known.yaml:2: known lacks 'reason'"),
        ("读卡模块换版 / new reader", "''", "known.yaml:4: reason takes 1 or more characters"),
        ("until: 2026-12-31", "until: soon", "known.yaml:5: until: this takes a day, such as 2026-12-31, not 'soon'"),
        ("until: 2026-12-31", "until: 2026-02-30", "known.yaml:5: until: this takes a day"),
        ("until: 2026-12-31", "until: 20261231", "known.yaml:5: until: this takes a day"),
        ("    until: 2026-12-31", "    till: 2026-12-31", "has no 'till'; it takes case, finding, reason, until"),
        ("case: session, finding: heartbeat_gap", "case: card, finding: card_wrong", "known.yaml:6: card card_wrong"),
        ("known:", "expected:", "the file has no 'expected'; it takes known"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    with pytest.raises(DocumentError) as told:
        load(tmp_path, GOOD.replace(old, new, 1))
    assert said in told.value.text
    assert len(told.value.lines) == len(told.value.lines_zh)
    assert told.value.text_zh != told.value.text


def test_all_mistakes_are_told_at_once_in_their_order(tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as told:
        load(tmp_path, GOOD.replace("card_wrong", "nothing_like_it").replace("session", "sesion"))
    assert [line.split(":")[1] for line in told.value.lines] == ["3", "6"]


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"nowhere\.yaml: cannot be read"):
        load_expected(tmp_path / "nowhere.yaml", CASES)


def test_no_name_is_both_a_finding_of_a_case_and_a_check_of_the_audit() -> None:
    """An entry of the list, and the intended finder of a fault, mean one of the two by its name alone."""
    assert not set(FINDINGS) & {rule.check for rule in RULES}
