"""A case that was not played to its end says why, whole in each language."""

from harness.core.pairs import parted
from harness.engine.loader import load
from tests.engine.playing import LANGUAGE, Playing, Says
from tests.engine.test_findings import CANARIES

WHY = ("文件中没有 scan_qr 的答案", "the file has no answer to scan_qr")


def test_a_reason_of_several_words_is_seen_once_in_each_language() -> None:
    played = Playing([load(CANARIES / "breaks_unable.yaml", LANGUAGE)], operator=lambda p: Says(unable=" / ".join(WHY)))
    (finding,) = [each for each in played.play().outcomes[0].findings if each.code == "operator_unable"]
    assert parted(finding.seen) == WHY
