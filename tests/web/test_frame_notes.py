"""Findings of the protocol's rules beside the frames: on rows, in the open frame, as a filter; live and afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from harness.core.auditing import Audit, AuditFinding, Level
from harness.core.journal import PILE, FrameSeen, Record
from harness.protocols.ykc.audit import audit
from harness.store import journal_audits, queries
from harness.store.desk import models
from harness.store.desk.values import Actor, Model
from harness.store.writer import Writer
from tests.web.conftest import PILE as CODE
from tests.web.conftest import Desk
from tests.web.plays import Play, play
from tests.web.test_frames import LOG, frame, keep, numbers, page, places, rows

GAP = "心跳间隔"
REVIEWER = Actor(kind="reviewer", id=1, name="reviewer-01")


def beats(first: int, last: int, at: float, every: float = 10.0) -> list[Record]:
    """Heartbeats of a gun with their answers."""
    found: list[Record] = []
    for n in range(first, last, 2):
        found += frame(n, "heartbeat", at, gun_no="01"), frame(n + 1, "heartbeat_reply", at, gun_no="01")
        at += every
    return found


@pytest.fixture
def silent(desk: Desk, model: Model) -> Model:
    """A pile that was silent for two minutes: its heartbeat 12 came late."""
    keep(desk, LOG, [*beats(2, 12, 0.0), *beats(12, 40, 160.0)])
    return model


def offline(desk: Desk, key: str = LOG) -> dict[str, list[str]]:
    """What the audit of the whole journal says, by place."""
    found: dict[str, list[str]] = {}
    for finding in audit(queries.records(desk.engine, key)).findings:
        found.setdefault(f"{key}:{finding.frames[-1]}", []).append(finding.zh)
    return found


def told(answer: Any) -> dict[str, list[str]]:
    return {place: [note["text"][0] for note in notes] for place, notes in answer["notes"].items()}


def on_rows(answer: Any) -> dict[str, list[str]]:
    noted = {row["place"]: [note["text"][0] for note in row["notes"]] for row in answer["rows"]}
    return {place: notes for place, notes in noted.items() if notes}


def test_a_finding_stands_beside_the_frame_that_it_ends_on(registrant: FlaskClient, desk: Desk, silent: Model) -> None:
    found = rows(registrant, silent)
    assert on_rows(found) == told(found) == offline(desk)
    assert f"{LOG}:12" in on_rows(found)
    note, *_ = next(row for row in found["rows"] if row["n"] == 12)["notes"]
    assert (note["level"], note["word"]) == ("must", ["必须", "Must"])
    text = page(registrant, silent)
    assert text.count('class="fr-note"') == sum(map(len, offline(desk).values())) == 2
    assert GAP in text


def test_what_comes_later_is_found_as_it_comes_and_stays_after_a_reload(
    registrant: FlaskClient, desk: Desk, silent: Model
) -> None:
    before = told(rows(registrant, silent))
    later = [(LOG, record) for record in beats(40, 60, 700.0)]
    for record in later:
        Writer(desk.engine, "ab12").write([record])
        live = told(rows(registrant, silent, after=f"{LOG}:39"))
    assert live == offline(desk)
    assert len(live) > len(before)
    assert on_rows(rows(registrant, silent)) == live


def test_a_long_journal_is_audited_a_piece_at_a_time(
    registrant: FlaskClient, desk: Desk, silent: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_audits, "AT_ONCE", 10)
    assert "data-checking" in page(registrant, silent)
    answers = [rows(registrant, silent) for _ in range(4)]
    assert [answer["checking"] for answer in answers] == [True, True, False, False]
    assert told(answers[-1]) == offline(desk)


def test_only_frames_with_findings_are_listed_when_asked_for(
    registrant: FlaskClient, desk: Desk, silent: Model
) -> None:
    found = rows(registrant, silent, found=1)
    assert {row["place"] for row in found["rows"]} == set(offline(desk))
    assert found["on"] == ""
    text = page(registrant, silent, found=1)
    assert set(places(text)) == set(offline(desk))
    file = registrant.get(f"/models/{silent.id}/frames/download", query_string={"form": "csv", "found": "1"}).text
    assert len(file.strip().splitlines()) == 1 + len(offline(desk))


def test_findings_of_earlier_days_are_listed_behind_those_of_today(
    registrant: FlaskClient, desk: Desk, silent: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = f"cd34/{CODE}"
    keep(desk, today, [*beats(2, 12, 0.0), *beats(12, 30, 300.0)])
    both = {**offline(desk), **offline(desk, today)}
    assert {row["place"] for row in rows(registrant, silent, found=1)["rows"]} == set(both)
    assert set(told(rows(registrant, silent))) == set(offline(desk, today))
    monkeypatch.setattr(journal_audits, "AT_ONCE", 10)
    desk.services.audits._followed.clear()
    seen: list[str] = []
    on, asked = "", {}
    for _ in range(12):
        answer = rows(registrant, silent, found=1, **asked)
        seen += [row["place"] for row in answer["rows"] if row["place"] not in seen]
        on = answer["on"]
        asked = {"before": on} if on else {}
    assert set(seen) == set(both)
    newer = rows(registrant, silent, found=1, after=f"{LOG}:2")
    assert numbers(newer)[-1] == 12


def test_a_case_has_the_findings_it_was_kept_with(registrant: FlaskClient, desk: Desk, model: Model) -> None:
    kept = AuditFinding(
        rule="R-X-1", check="x", level=Level.SHOULD, zh="只在这里", en="only here", frames=(3, 6), section="9",
        fields=("gun_status",), expected="0", seen="没有 / none",
    )  # fmt: skip
    play(desk, model, "r1", Play("estop", audit=Audit(findings=(kept,))), Play("card"))
    Writer(desk.engine, "p1").write([("r1/0-estop", frame(6, "heartbeat", gun_no="01"))])
    found = rows(registrant, model, case="r1/0-estop")
    assert on_rows(found) == {"r1/0-estop:6": ["只在这里"]}
    assert on_rows(rows(registrant, model, case="r1/1-card")) == {}
    opened = registrant.get(f"/models/{model.id}/frames/r1/0-estop/6").text
    assert "R-X-1" in opened
    assert "看到 没有" in opened
    assert "fr-part on lk" in opened
    assert "open=r1/0-estop:3" in opened.replace("%2F", "/").replace("%3A", ":")
    other = registrant.get(f"/models/{model.id}/frames/r1/0-estop/3").text
    assert "只在这里" in other, "a frame that the finding rests on says so too"
    assert "fr-part on" not in other


def test_a_link_may_name_a_field(registrant: FlaskClient, silent: Model) -> None:
    text = page(registrant, silent, open=f"{LOG}:30", field="gun_no")
    lit = text.split('class="fr-part on"')[1]
    assert "枪号" in lit[: lit.index("</button>")]


def test_what_a_finding_says_is_text(registrant: FlaskClient, desk: Desk, model: Model) -> None:
    evil = AuditFinding(
        rule="R", check="x", level=Level.MUST, zh="<script>1", en="<script>1", frames=(3,), seen="<script>2",
        expected="<b>",
    )  # fmt: skip
    play(desk, model, "r1", Play("estop", audit=Audit(findings=(evil,))))
    text = page(registrant, model, case="r1/0-estop", n=3)
    assert "&lt;script&gt;1" in text
    assert "<script>1" not in text
    assert "<script>2" not in text


def test_what_the_pile_did_before_it_was_the_models_is_not_told(desk: Desk, silent: Model) -> None:
    desk.clock.advance(1000)
    models.delete(desk.engine, silent.id, REVIEWER, desk.clock.wall())
    heir = desk.registrant("远山能源（示例）有限公司", "测试员乙")
    given = desk.model(heir, approved=False)
    models.approve(desk.engine, given.id, CODE, REVIEWER, desk.clock.wall())
    Writer(desk.engine, "ab12").write([(LOG, record) for record in beats(40, 60, 1000.0)])
    found = rows(desk.client(heir), given)
    assert min(numbers(found)) == 40
    assert told(found) == on_rows(found)
    assert all(int(place.rpartition(":")[2]) >= 40 for place in told(found))


def test_damage_is_noted_too(registrant: FlaskClient, desk: Desk, model: Model) -> None:
    records = [*beats(2, 12, 0.0), FrameSeen(12, 45.0, PILE, b"\x68\x0d\x00", "unfinished")]
    keep(desk, LOG, records)
    assert on_rows(rows(registrant, model)) == offline(desk)
