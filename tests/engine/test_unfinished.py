"""A case that was not played to its end says why, whole in each language."""

from pathlib import Path

import msgspec
import pytest

from harness.core.journal import EventSeen, Record, StepEnded
from harness.core.pairs import Said, parted
from harness.core.verdict import Finding
from harness.core.wording import say
from harness.engine.loader import load
from tests.engine.playing import LANGUAGE, Playing, Says, judged
from tests.engine.test_findings import CANARIES

WHY = ("文件中没有 scan_qr 的答案", "the file has no answer to scan_qr")


def unable(said: Said) -> Finding:
    """What is found where somebody says that it was not done."""
    played = Playing([load(CANARIES / "breaks_unable.yaml", LANGUAGE)], operator=lambda p: Says(unable=said))
    (finding,) = [each for each in played.play().outcomes[0].findings if each.code == "operator_unable"]
    return finding


def test_a_reason_of_several_words_is_seen_once_in_each_language() -> None:
    finding = unable(WHY)
    assert parted(finding.seen) == WHY
    assert say(finding.code, finding.params) == (f"操作没有完成：{WHY[0]}", f"The operation was not done: {WHY[1]}")


def test_firmware_that_nobody_chose_is_told_in_each_language(tmp_path: Path) -> None:
    text = (CANARIES / "breaks_unable.yaml").read_text("utf-8")
    case = tmp_path / "breaks_unable.yaml"
    case.write_text(text.replace("ask: {act: unplug, within: 120}", "publish:"), "utf-8")
    (finding,) = [each for each in Playing([load(case, LANGUAGE)]).play().outcomes[0].findings if each.rule == ""]
    assert say(finding.code, finding.params) == (
        "操作没有完成：没有选固件",
        "The operation was not done: no firmware was chosen",
    )


@pytest.mark.parametrize("said", ["没电 / 跳闸", "换了枪 / A2", "tripped / 跳闸"])
def test_what_a_person_wrote_stands_whole_in_each_language(said: str) -> None:
    finding = unable(said)
    assert say(finding.code, finding.params) == (f"操作没有完成：{said}", f"The operation was not done: {said}")


def test_a_reason_that_an_older_journal_keeps_as_one_text_is_read_in_each_language() -> None:
    played = Playing([load(CANARIES / "breaks_unable.yaml", LANGUAGE)], operator=lambda p: Says(unable=WHY)).play()
    (finding,) = [
        each for each in judged([as_of_old(record) for record in played.records]).findings if "why" in each.params
    ]
    assert finding.params["why"] == WHY


def as_of_old(record: Record) -> Record:
    """The record as it was kept when all reasons were one text."""
    if not (isinstance(record, EventSeen) and isinstance(record.event, StepEnded) and "text" in record.event.detail):
        return record
    kept = {**record.event.detail, "text": " / ".join(record.event.detail["text"])}
    return msgspec.structs.replace(record, event=msgspec.structs.replace(record.event, detail=kept))
