"""`harness audit` as people and CI call it: exit codes, sentences, tables, JSON and SARIF."""

from __future__ import annotations

import io
import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from harness.cli import main
from harness.core.journal import PILE, FrameSeen
from harness.core.journal_file import to_journal
from tests.captures.pcaps import pcap, talk_of
from tests.captures.runs import run
from tests.captures.sessions import NOON, lines, other, silent
from tests.protocols.ykc.audit.edited import good

RULES_PAGE = Path(__file__).parents[2] / "docs" / "rules.md"
GOOD, BAD = good("single_tariff").journal(), silent().journal()


def saved(folder: Path, name: str, what: str | bytes) -> str:
    path = folder / name
    path.write_bytes(what.encode() if isinstance(what, str) else what)
    return str(path)


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["audit", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def in_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    code, out, _ = told(capsys, *arguments, "--json")
    return code, json.loads(out)


def test_a_clean_capture_gives_0_and_says_what_was_understood(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = told(capsys, saved(tmp_path, "good.pcap", pcap(talk_of(GOOD).packets)))
    assert (code, err) == (0, "")
    assert "100.0%" in out
    assert "没有发现问题 / nothing found" in out


def test_a_breach_gives_1_with_rule_frames_and_both_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = told(capsys, saved(tmp_path, "bad.log", lines(BAD)))
    assert code == 1
    for words in ("R-HB-1", "✘ 必须 / must", "no heartbeat for more than 30 s", "行 line", "32010600019236"):
        assert words in out


@pytest.mark.parametrize(
    ("name", "what", "sentence"),
    [
        ("empty.log", b"", "the file is empty"),
        ("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(500), "this is a JPEG picture, no capture"),
        ("noise.bin", bytes(range(256)) * 30, "this is a binary file, no capture"),
        ("letter.txt", b"Dear pile,\nplease charge.\n", "there is no YKC frame in it"),
        ("wifi.pcap", pcap(talk_of(GOOD).packets, link=105), "link type 802.11 is not read"),
        ("cut.pcap", pcap([])[:20], "the file has but half a head"),
        ("none.pcap", pcap([]), "there is no YKC frame in it"),
    ],
)
def test_an_unusable_file_gives_2_and_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, what: bytes, sentence: str
) -> None:
    code, out, err = told(capsys, saved(tmp_path, name, what))
    assert code == 2
    assert sentence in err.splitlines()[1]
    assert len(err.splitlines()) == 2
    assert not out.strip()


def test_a_file_that_is_not_there_gives_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = told(capsys, str(tmp_path / "none.pcap"))
    assert code == 2
    assert "cannot be read" in err
    assert told(capsys, str(tmp_path))[0] == 2


def test_less_than_half_understood_gives_3_whatever_was_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = lines(GOOD[:12]) + "FF EE DD CC BB AA 99 88 77 66 55 44 33 22 11 00\n" * 200
    code, out, _ = told(capsys, saved(tmp_path, "mixed.log", text))
    assert code == 3
    assert "less than half was understood" in out
    assert "3,200 bytes are hex but no frame" in out


def test_the_worst_of_several_files_decides_and_the_others_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [saved(tmp_path, "good.log", lines(GOOD)), saved(tmp_path, "bad.log", lines(BAD))]
    assert told(capsys, *files)[0] == 1
    code, data = in_json(capsys, *files, saved(tmp_path, "empty.log", b""))
    assert code == 1
    assert [(each["kind"], each["broken"]) for each in data["files"][:2]] == [("log", False), ("log", True)]
    assert data["files"][2]["error"]["en"].endswith("empty.log: the file is empty")


def test_a_breach_is_not_hidden_by_a_file_of_which_little_was_understood(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    weak = lines(GOOD[:12]) + "FF EE DD CC BB AA 99 88 77 66 55 44 33 22 11 00\n" * 200
    weak_file, bad = saved(tmp_path, "weak.log", weak), saved(tmp_path, "bad.log", lines(BAD))
    assert told(capsys, weak_file, bad)[0] == 1
    assert told(capsys, weak_file, saved(tmp_path, "empty.log", b""))[0] == 2


def test_an_unusable_file_is_no_success_in_sarif(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = told(capsys, saved(tmp_path, "empty.log", b""), "--sarif")
    (invocation,) = json.loads(out)["runs"][0]["invocations"]
    assert (code, invocation["executionSuccessful"]) == (2, False)
    assert [each["level"] for each in invocation["toolExecutionNotifications"]] == ["error"]


def test_a_capture_that_shows_next_to_nothing_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    beats = [record for record in GOOD if isinstance(record, FrameSeen) and record.raw[5] == 0x03]
    path = saved(tmp_path, "one.log", lines(beats[:1]))
    judged, without = in_json(capsys, path)[1]["files"][0]["rules"].values()
    assert len(judged) < 25 < len(without)
    assert "R-TX-1" in without
    rules, errata = (sum(each.startswith(kind) for each in (*judged, *without)) for kind in ("R-", "E-"))
    seen = sum(each.startswith("R-") for each in judged)
    assert (
        f"审计的 {rules} 条规则核对了 {seen} 条，{errata} 条勘误核对了 {len(judged) - seen} 条" in told(capsys, path)[1]
    )
    assert f"审计规则 the auditor | {rules} |" in RULES_PAGE.read_text(encoding="utf-8")


def test_a_file_without_a_frame_of_the_pile_gives_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    platform = [record for record in GOOD if isinstance(record, FrameSeen) and record.sender != PILE]
    path = saved(tmp_path, "down.log", lines(platform))
    code, out, _ = told(capsys, path)
    assert code == 3
    assert "no frame of the pile in the file" in out
    assert "nothing found" not in out
    assert f"{len(platform)} 帧 frames" in out
    (file,) = in_json(capsys, path)[1]["files"]
    assert (file["rules"]["judged"], file["piles"][0]["heard"]) == ([], 0)


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        ("{:%Y-%m-%d %H:%M}:00", "没有核对：时间只精确到分钟 / not judged: times have no seconds"),
        ("{:%Y-%m-%d %H:%M}", "没有核对：时间只精确到分钟 / not judged: times have no seconds"),
        ("2026-04-17 12:00:01", "没有核对：文件里的时间全都一样 / not judged: all times of the file are the same"),
    ],
)
def test_why_times_are_not_believed_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], moment: str, sentence: str
) -> None:
    frames = [record for record in BAD if isinstance(record, FrameSeen)]
    text = "".join(
        f"{moment.format(NOON + timedelta(seconds=each.at))} {'TX' if each.sender == PILE else 'RX'} {each.raw.hex()}\n"
        for each in frames
    )
    code, out, _ = told(capsys, saved(tmp_path, "coarse.log", text))
    assert code == 0
    assert sentence in out
    assert "没有时间" not in out


def test_a_log_written_in_batches_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from tests.protocols.ykc.audit.test_captured_clock import FRAMES, flushed

    path = saved(tmp_path, "batches.log", lines(flushed(FRAMES, 30)))
    code, data = in_json(capsys, path)
    assert (code, data["files"][0]["grain"], data["files"][0]["times"]) == (0, "batches", False)
    assert "没有核对：时间是成批写日志的时间" in told(capsys, path)[1]


def test_lines_that_stand_twice_are_told_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = lines(GOOD).splitlines()
    code, out, _ = told(capsys, saved(tmp_path, "twice.log", "\n".join(line for line in text for _ in range(2))))
    assert code == 0
    assert f"{len(text)} 行重复" in out
    assert "没有发现问题 / nothing found" in out


def test_a_masked_log_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = lines(GOOD).replace("32 01 06 00 01 92 36", "32 01 ** ** ** 92 36")
    code, _, err = told(capsys, saved(tmp_path, "masked.log", text))
    assert code == 2
    assert "行的十六进制被打码（****）：导出时不要打码" in err
    assert f"the hex of {len(text.splitlines())} lines is masked (****): export without masking" in err
    assert "no YKC frame" not in err


def test_a_folder_without_a_journal_says_what_to_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = told(capsys, str(tmp_path))
    assert code == 2
    assert "no journal.jsonl in this folder; name a file or a report's folder" in err


def test_sarif_tells_a_rule_by_a_sentence_that_never_changes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = told(capsys, saved(tmp_path, "bad.log", lines(BAD)), "--sarif")
    (found,) = json.loads(out)["runs"]
    texts = {rule["id"]: rule["shortDescription"]["text"] for rule in found["tool"]["driver"]["rules"]}
    assert texts["heartbeat_interval"].endswith("gun …: … s between heartbeats, 10 s are due (8 to 12 s)")


def test_findings_give_the_time_of_their_frames(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = saved(tmp_path, "bad.log", lines(BAD))
    (pile,) = in_json(capsys, path)[1]["files"][0]["piles"]
    time = next(each for each in pile["findings"] if each["check"] == "heartbeat_gap")["times"][0]
    assert time.startswith("2026-04-17T12:00:")
    assert time.endswith("+08:00")
    assert time[11:23] in told(capsys, path)[1]


def test_what_exports_do_not_hold_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    charge = [record for record in GOOD if record.at > 5]
    (pile,) = in_json(capsys, saved(tmp_path, "part.log", lines(charge)))[1]["files"][0]["piles"]
    assert ("R-BM-11", "no_model") in {(each["rule"], each["why"]) for each in pile["not_judged"]}


def test_a_log_whose_newest_line_stands_first_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = saved(tmp_path, "turned.log", "\n".join(reversed(lines(GOOD).splitlines())))
    code, _, err = told(capsys, path)
    assert code == 2
    assert "日志是倒序的" in err
    assert "newest line of this log stands first" in err


def test_json_holds_findings_with_frames_and_places(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, data = in_json(capsys, saved(tmp_path, "bad.pcap", pcap(talk_of(BAD).packets)))
    (file,) = data["files"]
    (pile,) = file["piles"]
    assert code == 1
    assert (file["kind"], file["times"], file["understood"]["share"]) == ("pcap", True, 1.0)
    assert pile["counts"]["heartbeat_gap"] == 1
    gap = next(finding for finding in pile["findings"] if finding["check"] == "heartbeat_gap")
    assert (gap["rule"], gap["level"]) == ("R-HB-1", "must")
    assert len(gap["frames"]) == len(gap["places"]) >= 1
    assert None not in gap["places"]


def test_sarif_has_a_result_for_each_finding_at_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = saved(tmp_path, "bad.log", lines(BAD))
    _, data = in_json(capsys, path)
    code, out, _ = told(capsys, path, "--sarif")
    assert code == 1
    (found,) = json.loads(out)["runs"]
    findings = data["files"][0]["piles"][0]["findings"]
    assert [each["ruleId"] for each in found["results"]] == [finding["check"] for finding in findings]
    places = [each["locations"][0]["physicalLocation"]["region"]["startLine"] for each in found["results"]]
    assert places == [finding["places"][-1] for finding in findings]
    assert {rule["id"] for rule in found["tool"]["driver"]["rules"]} == {finding["check"] for finding in findings}


def test_sarif_names_packets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = told(capsys, saved(tmp_path, "bad.pcap", pcap(talk_of(BAD).packets)), "--sarif")
    (location,) = json.loads(out)["runs"][0]["results"][0]["locations"]
    assert location["logicalLocations"][0]["name"].startswith("packet ")
    assert location["physicalLocation"]["artifactLocation"]["uri"].endswith("bad.pcap")


def test_rules_that_need_times_are_named_when_there_are_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = told(capsys, saved(tmp_path, "bare.txt", lines(BAD, times=False)))
    assert code == 0
    assert "没有核对：文件里没有时间 / not judged: the file has no times" in out
    assert out.count("R-HB-1") == 1


def test_one_pile_alone_is_judged_when_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = saved(tmp_path, "two.log", lines(BAD) + lines(other(GOOD, "32010600999999")))
    assert told(capsys, path, "--pile", "32010600999999")[0] == 0
    assert told(capsys, path, "--pile", "32010600019236")[0] == 1
    code, _, err = told(capsys, path, "--pile", "1234")
    assert code == 2
    assert "there is no pile 1234 in it; there is 32010600019236, 32010600999999" in err


def test_strict_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = saved(tmp_path, "good.log", lines(GOOD))
    assert in_json(capsys, path, "--strict")[1]["files"][0]["piles"][0]["strict"] is True
    assert in_json(capsys, path)[1]["files"][0]["piles"][0]["strict"] is False


def test_a_dash_reads_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO(lines(BAD).encode())

    monkeypatch.setattr(sys, "stdin", Stdin())
    code, data = in_json(capsys, "-")
    assert (code, data["files"][0]["file"]) == (1, "stdin")


def test_a_capture_that_breaks_off_is_judged_up_to_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    raw = pcap(talk_of(BAD).packets)
    code, out, _ = told(capsys, saved(tmp_path, "cut.pcap", raw[:-30]))
    assert code == 1
    assert "the file ends amid a packet" in out


def test_a_journal_of_ours_has_the_audit_of_its_cases(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = run()
    code, data = in_json(capsys, saved(tmp_path, "journal.jsonl", to_journal(made.outcome, made.journals)))
    assert code == 0
    assert (data["files"][0]["kind"], data["files"][0]["frames"]) == ("journal", len(made.frames))


def test_a_journal_that_was_cut_off_or_has_a_bad_line_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = run()
    text = to_journal(made.outcome, made.journals).splitlines()
    _, out, _ = told(capsys, saved(tmp_path, "cut.jsonl", "\n".join(text[: len(text) // 2])))
    assert "日志不完整" in out
    number = next(number for number, line in enumerate(text) if '"hex"' in line and number > len(text) // 2)
    text[number] = text[number][:40]
    _, data = in_json(capsys, saved(tmp_path, "mangled.jsonl", "\n".join(text)))
    assert (data["files"][0]["holes"]["count"], data["files"][0]["piles"][0]["counts"]) == (1, {})


def test_a_journal_of_several_cases_lasts_from_the_first_to_the_last(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = run()
    _, data = in_json(capsys, saved(tmp_path, "journal.jsonl", to_journal(made.outcome, made.journals)))
    (pile,) = data["files"][0]["piles"]
    lengths = [made.journals[case.key][-1].at for case in made.outcome.cases if case.key]
    assert len(lengths) > 1
    assert pile["last"] - pile["first"] > 0.9 * sum(lengths)


def test_a_report_folder_is_judged_by_the_journal_in_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = run()
    saved(tmp_path, "journal.jsonl", to_journal(made.outcome, made.journals))
    code, data = in_json(capsys, str(tmp_path))
    assert (code, data["files"][0]["kind"]) == (0, "journal")


def test_a_report_page_is_no_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = "<!doctype html>\n<html lang=zh><body><pre>" + lines(GOOD) + "</pre></body></html>"
    code, _, err = told(capsys, saved(tmp_path, "report.html", page))
    assert code == 2
    assert "这是网页" in err
    assert "journal.jsonl" in err


def test_who_waits_at_a_terminal_sees_how_far_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.app.auditing.PROGRESS", 50)
    path = saved(tmp_path, "good.log", lines(GOOD))
    assert told(capsys, path)[2] == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert "50 帧 frames" in told(capsys, path)[2]


def test_exports_keep_the_numbers_of_their_frames(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    beat = next(record for record in GOOD if isinstance(record, FrameSeen) and record.raw[5] == 0x03)
    spoilt = beat.raw[:-1] + bytes((beat.raw[-1] ^ 1,))
    text = "".join(
        f'{{"n":{n},"time":"2026-04-17T12:00:0{n - 40}.000+08:00","direction":"up","hex":"{raw.hex()}",'
        f'"name":"","fields":{{}},"case":"a","damage":{damage}}}\n'
        for n, raw, damage in ((41, beat.raw, "null"), (47, spoilt, '"crc"'))
    )
    (pile,) = in_json(capsys, saved(tmp_path, "frames.jsonl", text))[1]["files"][0]["piles"]
    assert [(each["check"], each["frames"], each["places"]) for each in pile["findings"]] == [("crc_wrong", [47], [2])]


def test_the_two_forms_for_machines_exclude_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["audit", "x", "--json", "--sarif"])
    assert caught.value.code == 2
    assert "Traceback" not in capsys.readouterr().err
