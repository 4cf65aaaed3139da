"""A stored run is judged again: from the database, from a file, after its journal was touched, after rules changed."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import msgspec
import pytest

from harness.app import judging
from harness.core.errors import PersonError
from harness.core.expecting import held_against, unexpected
from harness.core.journal import Answered, EventSeen, Record
from harness.core.journal_file import read_journal, to_journal
from harness.core.known import Known
from harness.core.outcome import CaseOutcome, RunOutcome, SessionJournal
from harness.core.verdict import Verdict
from harness.engine import again
from harness.engine.session import opened
from harness.settings import load_settings
from harness.store.database import open_store
from harness.store.recorder import Recorder
from tests.engine.playing import LANGUAGE, Playing

Lines = list[str]


@cache
def session(cases: tuple[str, ...] = ("qr_set", "card"), pile: str = "demo", fault: str = "") -> Playing:
    return Playing(cases, pile, faults=(fault,) if fault else ()).play()


def kept(playing: Playing) -> tuple[RunOutcome, dict[str, Sequence[Record]]]:
    return playing.done[0], {each.key: playing.journals[each.id] for each in playing.done[0].cases if each.key}


def judge(what: object, db: object = "") -> int:
    return judging.judge(load_settings({}), argparse.Namespace(what=str(what), db=f"sqlite:///{db}" if db else None))


def written(folder: Path, playing: Playing, change: Callable[[Lines], Lines] = lambda lines: lines) -> Path:
    """The run's file, perhaps changed by somebody."""
    path = folder / "journal.jsonl"
    lines = change(to_journal(*kept(playing)).splitlines(keepends=True))
    path.write_text("".join(lines), encoding="utf-8")
    return path


def test_a_file_holds_a_run_without_loss() -> None:
    outcome, journals = kept(session(("qr_set", "card", "upgrade", "reboot", "vin"), "ac"))
    text = to_journal(outcome, journals)
    again_outcome, again_journals = read_journal(text, "journal.jsonl")
    assert again_journals == journals
    assert to_journal(again_outcome, again_journals) == text
    assert [case.verdict for case in again_outcome.cases] == [case.verdict for case in outcome.cases]


@pytest.mark.parametrize("said", ["没电\u2028跳闸", "没电\u2029跳闸", "没电\x85跳闸"])
def test_what_a_person_wrote_is_read_back_whatever_ends_a_line_elsewhere(said: str) -> None:
    outcome, journals = kept(session())
    key = outcome.cases[0].key
    answer = EventSeen(journals[key][-1].n + 1, 900.0, Answered(id=9, act="press_estop", by="person", unable=said))
    journals[key] = [*journals[key], answer]
    assert read_journal(to_journal(outcome, journals), "journal.jsonl").journals == journals


def test_a_file_with_line_ends_of_another_system_is_read_alike() -> None:
    outcome, journals = kept(session())
    assert read_journal(to_journal(outcome, journals).replace("\n", "\r\n"), "journal.jsonl").journals == journals


def test_a_run_of_the_database_is_judged_as_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = tmp_path / "runs.sqlite"
    store(session(), database)
    assert judge("latest", database) == 0
    said = capsys.readouterr().out
    assert "2 个场景重新判定，结论都与当时一致" in said
    assert "2 cases judged again, all as they were" in said


def store(playing: Playing, database: Path) -> None:
    engine = open_store(f"sqlite:///{database}")
    recorder = Recorder(engine, "p1")
    outcome, journals = kept(playing)
    for place, case in enumerate(outcome.cases):
        for record in journals.get(case.key, ()):
            recorder(case.key, record)
        recorder.keep_case(outcome.run_id, place, case)
    recorder.end_run(outcome)
    recorder.close()
    engine.dispose()


@pytest.mark.parametrize("name", ["journal.jsonl", "outcome.json", "."])
def test_a_file_is_named_by_itself_or_by_its_folder(tmp_path: Path, name: str) -> None:
    written(tmp_path, session())
    assert judge(tmp_path / name) == 0


def with_session(playing: Playing) -> tuple[RunOutcome, dict[str, Sequence[Record]]]:
    """The run as `harness run` would leave it."""
    outcome, journals = kept(playing)
    heard = playing.table.session
    journal = SessionJournal(heard.key, opened(heard.records), heard.records[-1].n)
    audited = msgspec.structs.replace(outcome, session=LANGUAGE.audit(heard.records), session_of=journal)
    return audited, journals | {heard.key: list(heard.records)}


def session_file(folder: Path, outcome: RunOutcome, journals: dict[str, Sequence[Record]]) -> Path:
    path = folder / "journal.jsonl"
    path.write_text(to_journal(outcome, journals), encoding="utf-8")
    return path


def test_the_whole_session_is_audited_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outcome, journals = with_session(session())
    path = session_file(tmp_path, outcome, journals)
    again_outcome, again_journals = read_journal(path.read_text("utf-8"), "journal.jsonl")
    assert again_journals == journals
    assert again_outcome.session_of == outcome.session_of
    assert judge(path) == 0
    assert "the whole session audited again, as it was" in capsys.readouterr().out


def test_an_audit_that_the_sessions_records_do_not_bear_out_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome, journals = with_session(session(("card",), fault="heartbeat_slow"))
    assert outcome.session is not None
    assert outcome.session.broken
    nothing = msgspec.structs.replace(outcome.session, findings=(), counts={})
    outcome = msgspec.structs.replace(outcome, session=nothing)
    assert judge(session_file(tmp_path, outcome, journals)) == 1
    assert "the whole session audited again, not as it was: findings, counts" in capsys.readouterr().out


def test_a_session_whose_records_are_gone_is_said_to_be_not_audited(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome, _ = with_session(session())
    assert judge(session_file(tmp_path, outcome, kept(session())[1])) == 0
    assert "the session's journal is gone" in capsys.readouterr().out


def test_an_audit_that_was_strict_is_strict_again(tmp_path: Path) -> None:
    outcome, journals = with_session(session())
    assert outcome.session_of is not None
    records = journals[outcome.session_of.key]
    cases = [msgspec.structs.replace(case, audit=LANGUAGE.audit(journals[case.key], True)) for case in outcome.cases]
    strict = msgspec.structs.replace(outcome, session=LANGUAGE.audit(records, True), cases=tuple(cases))
    assert strict.session is not None
    assert strict.session.strict
    assert judge(session_file(tmp_path, strict, journals)) == 0


def test_a_case_that_failed_fails_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert judge(written(tmp_path, session(("single_tariff",), fault="wrong_total"))) == 1
    assert "与当时一致" in capsys.readouterr().out


def test_what_did_not_apply_is_looked_at_again_by_its_text(tmp_path: Path) -> None:
    playing = session(("card", "vin"), "ac")
    (_, vin) = playing.done[0].cases
    assert vin.verdict is Verdict.NOT_APPLICABLE
    assert judge(written(tmp_path, playing)) == 0
    profile = msgspec.structs.replace(
        playing.profile, items=msgspec.structs.replace(playing.profile.items, vin="LNA001PD800186429")
    )
    found = again.refuse_again(vin, judging.shipped("vin"), profile, judging.LANGUAGE)
    assert found.again is not None
    assert found.again.verdict is Verdict.NOT_EARNED
    assert found.differs


def test_bytes_that_somebody_changed_give_another_verdict_and_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The record's bytes are replaced by those of a heartbeat."""

    def change(lines: Lines) -> Lines:
        beat = next(data["hex"] for line in lines if (data := json.loads(line)).get("hex", "")[10:12] == "03")
        return [
            replaced(line, hex=beat) if '"hex":"68' in line and hex_of(line)[10:12] == "3B" else line for line in lines
        ]

    assert judge(written(tmp_path, session(), change)) != 0
    said = capsys.readouterr().out
    assert "2 个场景重新判定，1 个与当时不同" in said
    assert "规则相同，日志或结论被改过" in said
    assert "PASSED → NOT_EARNED" in said
    assert "−expect: record_seen" in said


def hex_of(line: str) -> str:
    return str(json.loads(line)["hex"])


def replaced(line: str, **values: object) -> str:
    return json.dumps({**json.loads(line), **values}, ensure_ascii=False) + "\n"


def test_a_verdict_that_somebody_changed_is_not_borne_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def change(lines: Lines) -> Lines:
        return [line.replace('"verdict":"FAILED"', '"verdict":"PASSED"') for line in lines]

    assert judge(written(tmp_path, session(("single_tariff",), fault="wrong_total"), change)) == 1
    assert "规则相同，日志或结论被改过" in capsys.readouterr().out


def test_a_journal_that_lacks_a_record_says_so_even_where_the_verdict_is_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def change(lines: Lines) -> Lines:
        """A heartbeat amid the second case goes, and the count with it."""
        place = max(
            number for number, line in enumerate(lines[:-4]) if '"hex":"68' in line and hex_of(line)[10:12] == "04"
        )
        end = json.loads(lines[-1])["end"]
        return [*lines[:place], *lines[place + 1 : -1], replaced(lines[-1], end={**end, "records": end["records"] - 1})]

    assert judge(written(tmp_path, session(), change)) == 3
    assert "日志缺记录" in capsys.readouterr().out


def test_other_rules_are_told_from_damage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def change(lines: Lines) -> Lines:
        rules = session().outcome.rules
        return [
            line.replace(f'"rules":"{rules}"', '"rules":"2025.1"') if line.startswith('{"case"') else line
            for line in lines
        ]

    assert judge(written(tmp_path, session(), change)) == 3
    said = capsys.readouterr().out
    assert "判定规则换过" in said
    assert f"2025.1 → {session().outcome.rules}" in said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: lines[:-1], "it was cut off or lacks records"),
        (lambda lines: lines[:30] + lines[31:], "it was cut off or lacks records"),
        (lambda lines: [*lines[:3], "rubbish\n", *lines[4:]], "journal.jsonl:4: this is no journal of a run"),
        (lambda lines: [lines[0], *lines[2:]], "journal.jsonl:2: this is no journal of a run"),
        (lambda lines: lines[1:], "this is no journal of a run"),
        (lambda lines: [], "this is no journal of a run"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_journal_any_more_is_told_in_a_sentence(
    tmp_path: Path, change: Callable[[Lines], Lines], said: str
) -> None:
    with pytest.raises(PersonError) as told:
        judge(written(tmp_path, session(), change))
    assert said in told.value.text
    assert told.value.text_zh != told.value.text


def test_a_run_whose_records_are_gone_cannot_be_judged(tmp_path: Path) -> None:
    outcome, _ = kept(session())
    path = tmp_path / "journal.jsonl"
    path.write_text(to_journal(outcome, {}), encoding="utf-8")
    with pytest.raises(PersonError, match="its journal is not there any more"):
        judge(path)


def test_a_case_that_no_release_can_read_is_told_in_a_sentence(tmp_path: Path) -> None:
    def change(lines: Lines) -> Lines:
        return [line.replace("push_qr", "push_nothing") for line in lines]

    with pytest.raises(PersonError, match="does not hold the case any more"):
        judge(written(tmp_path, session(), change))


def test_nothing_of_an_outcome_is_left_out_of_the_comparison() -> None:
    """Each field of a case, changed, is a difference; those that only a run knows are not there."""
    ((case, *_),) = (session().done[0].cases,)
    for name in CaseOutcome.__struct_fields__:
        other = msgspec.structs.replace(case, **{name: "other"})
        assert list(again.differences(case, other)) if name != "findings" else True, name
    assert list(again.differences(case, msgspec.structs.replace(case, findings=case.findings[:-1])))


def test_a_broken_rule_is_said_in_the_last_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert judge(written(tmp_path, session(("single_tariff",), fault="heartbeat_slow"))) == 1
    out = capsys.readouterr().out
    assert "1 个场景重新判定" in out
    assert "违反了必须遵守的规则" in out
    assert "必须" in out.split("违反")[0]


def test_what_was_known_is_said_again_with_why_the_exit_code_is_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome, journals = kept(session(("single_tariff",), fault="wrong_total"))
    met = known_in(outcome, *unexpected(outcome))
    assert judge(session_file(tmp_path, met, journals)) == 0
    out = capsys.readouterr().out
    assert "已知 / known: single_tariff energy_mismatch (≤ 2999-12-31): old module" in out
    assert "nothing but known failures: exit code 0" in out


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (("card", "card_wrong", "2999-12-31"), "does not occur any more, take it off the list: card card_wrong"),
        (("card", "card_wrong", "2001-01-01"), "expired, it counts again: card card_wrong"),
    ],
)
def test_a_list_that_was_not_true_any_more_is_why_a_run_that_passed_ends_with_1(
    entry: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome, journals = kept(session())
    assert judge(session_file(tmp_path, known_in(outcome, entry), journals)) == 1
    out = capsys.readouterr().out
    assert said in out
    assert "the list of known failures is not true any more: exit code 1" in out


def known_in(outcome: RunOutcome, *entries: tuple[str, ...]) -> RunOutcome:
    """The run as `harness run --expect` would leave it."""
    whole = [(*entry, "2999-12-31")[:3] for entry in entries]
    listed = [Known(case=case, finding=finding, reason="old module", until=until) for case, finding, until in whole]
    return held_against(outcome, listed, judging.day_of(outcome))


def test_exit_code_3_says_that_something_is_not_as_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules = session().outcome.rules
    written(tmp_path, session(), lambda lines: [line.replace(f'"rules":"{rules}"', '"rules":"1"') for line in lines])
    assert judge(tmp_path) == 3
    assert "something is not as it was: exit code 3" in capsys.readouterr().out


def test_a_database_that_is_not_there_is_named_and_none_is_made(tmp_path: Path) -> None:
    with pytest.raises(PersonError, match=str(tmp_path / "none.sqlite")):
        judge("latest", tmp_path / "none.sqlite")
    assert not list(tmp_path.iterdir())


def test_a_run_that_is_not_there_is_looked_for_in_a_database_that_is_named(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path / 'some.sqlite'}").dispose()
    with pytest.raises(PersonError, match=f"there is no run 'latest' in the database {tmp_path / 'some.sqlite'}"):
        judge("latest", tmp_path / "some.sqlite")


def test_a_capture_is_no_journal(tmp_path: Path) -> None:
    path = tmp_path / "run.pcap"
    path.write_bytes(bytes.fromhex("d4c3b2a1") + bytes(20))
    with pytest.raises(PersonError, match="is a capture; harness audit"):
        judge(path)


def test_a_journal_of_a_later_format_is_not_guessed_at(tmp_path: Path) -> None:
    path = written(tmp_path, session(), lambda lines: [lines[0].replace('"journal":1', '"journal":9'), *lines[1:]])
    with pytest.raises(PersonError, match="this journal is of format 9"):
        judge(path)
